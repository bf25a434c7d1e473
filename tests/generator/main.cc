// SPDX-License-Identifier: Apache-2.0
//
// kansoku-generate: captures with known contents, and the comparison of answers with them.
#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>

#include "tests/generator/comparison.h"
#include "tests/generator/generate.h"
#include "tests/generator/lesson.h"
#include "tests/generator/plan.h"

namespace kansoku::generator {
namespace {

constexpr int kBadUse = 2;

struct GenerateArguments {
  CaptureOptions options;
  std::string out;
  std::string truth;
};

struct CompareArguments {
  std::vector<std::string> truths;
  std::string traffic;
  std::string darknet;
};

CLI::App* AddFiles(CLI::App& app, const char* name, const char* what, GenerateArguments& arguments) {
  CLI::App* scene = app.add_subcommand(name, what);
  scene->add_option("--out", arguments.out, "Capture file to write (pcap)")->required();
  scene->add_option("--truth", arguments.truth, "File for what the capture holds (JSON)");
  return scene;
}

CLI::App* AddScene(CLI::App& app, const char* name, const char* what, GenerateArguments& arguments) {
  CLI::App* scene = AddFiles(app, name, what, arguments);
  CaptureOptions& options = arguments.options;
  scene->add_option("--seed", options.seed, "The same seed gives the same bytes")->capture_default_str();
  scene->add_option("--packets", options.packets, "Frames to write")
      ->check(CLI::Range(1u, kMostPackets))
      ->capture_default_str();
  scene->add_option("--seconds", options.seconds, "How long the capture lasts")
      ->check(CLI::Range(1u, kMostSeconds))
      ->capture_default_str();
  scene->add_option("--start", options.start_unix_seconds, "When it starts, in Unix seconds")
      ->check(CLI::Range(int64_t{0}, int64_t{UINT32_MAX - kMostSeconds}))
      ->capture_default_str();
  scene->add_option("--snap", options.snap_octets, "Octets kept of each frame")
      ->check(CLI::Range(kLeastSnapOctets, kMostSnapOctets))
      ->capture_default_str();
  return scene;
}

void AddSubscribers(CLI::App& scene, GenerateArguments& arguments) {
  scene.add_option("--subscribers", arguments.options.subscribers, "How many subscribers there are")
      ->check(CLI::Range(1u, kMostSubscribers))
      ->capture_default_str();
}

int RunGenerate(Scene scene, const GenerateArguments& arguments) {
  const auto started = std::chrono::steady_clock::now();
  const std::string trouble = Generate(scene, arguments.options, arguments.out, arguments.truth);
  if (!trouble.empty()) {
    std::cerr << "kansoku-generate: " << trouble << "\n";
    return 1;
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - started;
  std::cout << arguments.out << ": " << arguments.options.packets << " frames in " << taken.count() << " s, "
            << arguments.options.packets / taken.count() / 1e6 << " million/s\n";
  return 0;
}

bool Read(const std::string& path, std::string& text) {
  std::ifstream file(path, std::ios::binary);
  text.assign(std::istreambuf_iterator<char>(file), {});
  if (!file) std::cerr << "kansoku-generate: cannot read " << path << "\n";
  return static_cast<bool>(file);
}

int RunCompare(const CompareArguments& arguments) {
  std::vector<std::string> truths(arguments.truths.size());
  std::string traffic, darknet;
  for (size_t i = 0; i < truths.size(); ++i) {
    if (!Read(arguments.truths[i], truths[i])) return kBadUse;
  }
  if (!Read(arguments.traffic, traffic) || !Read(arguments.darknet, darknet)) return kBadUse;
  const Comparison comparison = Compare(truths, traffic, darknet);
  for (const std::string& difference : comparison.differences) std::cout << difference << "\n";
  if (!comparison.differences.empty()) return 1;
  std::cout << comparison.summary << "\n";
  return 0;
}

int Run(int argc, char** argv) {
  CLI::App app("Writes captures of made-up traffic together with exact counts of what is in them.",
               "kansoku-generate");
  app.require_subcommand(1);
  GenerateArguments isp_arguments, tunnels_arguments, telescope_arguments;
  CLI::App* isp = AddScene(app, "isp", "An access link: fixed and mobile subscribers", isp_arguments);
  CLI::App* tunnels =
      AddScene(app, "tunnels", "A link in the core: the same subscribers, behind tunnels", tunnels_arguments);
  AddSubscribers(*isp, isp_arguments);
  AddSubscribers(*tunnels, tunnels_arguments);
  CLI::App* telescope =
      AddScene(app, "telescope", "A link in front of unused addresses: scans, worms, backscatter",
               telescope_arguments);
  telescope->add_flag("--scanners", telescope_arguments.options.scanners,
                      "Scanning tools, a survey and a storm besides, and who sent what in the truth");
  GenerateArguments lesson_arguments{LessonOptions(), "", ""};
  CLI::App* lesson =
      AddFiles(app, "lesson", "Ten frames to count by hand (docs/measurement.md)", lesson_arguments);
  std::string scene;
  CLI::App* prefixes = app.add_subcommand(
      "prefixes", "Print the address ranges of a scene as YAML for a collector's configuration");
  prefixes->add_option("scene", scene, "isp, tunnels: subscribers; telescope: unused ranges")
      ->required()
      ->check(CLI::IsMember({"isp", "tunnels", "telescope"}));
  CompareArguments compare_arguments;
  CLI::App* compare =
      app.add_subcommand("compare", "Compare an aggregator's answers with the truth; 1 if they differ");
  compare->add_option("--truth", compare_arguments.truths, "Truth of a capture; give it once for each")
      ->required()
      ->allow_extra_args(false);
  compare
      ->add_option(
          "--traffic", compare_arguments.traffic,
          "Output of: kansokuctl traffic --by access,technology,direction,family,carrier,transport --json")
      ->required();
  compare
      ->add_option("--darknet", compare_arguments.darknet,
                   "Output of: kansokuctl darknet --by sensor,class,family,protocol,port --json")
      ->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kBadUse;
  }
  if (*isp) return RunGenerate(Scene::kIsp, isp_arguments);
  if (*tunnels) return RunGenerate(Scene::kTunnels, tunnels_arguments);
  if (*telescope) return RunGenerate(Scene::kTelescope, telescope_arguments);
  if (*lesson) return RunGenerate(Scene::kLesson, lesson_arguments);
  if (*prefixes) return std::cout << (scene == "telescope" ? TelescopesYaml() : SubscribersYaml()) ? 0 : 1;
  return RunCompare(compare_arguments);
}

}  // namespace
}  // namespace kansoku::generator

int main(int argc, char** argv) { return kansoku::generator::Run(argc, argv); }
