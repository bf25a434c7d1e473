// SPDX-License-Identifier: Apache-2.0
//
// kansoku-reference SCHEMA FOLDER          writes configuration.md and metrics.md
// kansoku-reference --check SCHEMA FOLDER  exits 1 if they are not what it would write
#include <google/protobuf/descriptor.pb.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/contract/config_reference.h"
#include "proto/contract/metric_reference.h"

namespace kansoku {
namespace {

constexpr int kOk = 0, kOutdated = 1, kBadUse = 2;

struct Section {
  std::string_view message;
  std::string_view title;
  std::string_view introduction;
};

constexpr Section kSections[] = {
    {"kansoku.v1.CollectorConfig", "kansoku-collector",
     "Who the collector is, which links it watches, whose addresses are subscribers' and which are dark, and "
     "where "
     "its reports go.\n\n"
     "On SIGHUP (`systemctl reload kansoku-collector`) the file and those that it lists are read again. Keys "
     "that say so, and those below them, are taken at once; what tells packets apart holds from a window's "
     "beginning on, so that each window is counted in one way and none is cut. The log names what changed, "
     "and what waits for a restart. A file that is not valid is not taken: the one before stays in force, "
     "and "
     "the log says why."},
    {"kansoku.v1.AggregatorConfig", "kansoku-aggregator",
     "Where the aggregator listens, where its store lies and how long each tier of it is kept."},
    {"kansoku.v1.CtlConfig", "kansokuctl",
     "Which aggregator to ask. Options on the command line come before the file, and the file is not "
     "needed."},
};

constexpr std::string_view kIntroduction =
    "# Configuration\n\n"
    "Printed from the comments of `proto/kansoku/v1/config.proto` by the target `kansoku_docs`; do not "
    "edit.\n\n"
    "Each program reads one YAML file, `--config FILE`, and `--check-config` says whether it is right "
    "without "
    "starting anything. Keys are named by their path: `links[].point` is the key `point` of each entry of "
    "the list "
    "`links`. A key that is not listed here, one given twice, and a value outside of what is accepted are "
    "refused "
    "with file and line. A key is required where the section around it is given; a section that is not "
    "required may be left out, "
    "and its defaults hold.\n";

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Nothing if the schema is not one of ours.
std::optional<std::string> ConfigurationPage(const std::string& schema) {
  google::protobuf::FileDescriptorSet files;
  if (!files.ParseFromString(schema)) return std::nullopt;
  google::protobuf::DescriptorPool pool;
  for (const auto& file : files.file()) {
    if (pool.BuildFile(file) == nullptr) return std::nullopt;
  }
  std::string page(kIntroduction);
  for (const Section& section : kSections) {
    const auto* config = pool.FindMessageTypeByName(std::string(section.message));
    if (config == nullptr) return std::nullopt;
    page.append("\n## ").append(section.title).append("\n\n").append(section.introduction).append("\n\n");
    page.append(ConfigReferenceMarkdown(*config));
  }
  return page;
}

int Check(const std::string& path, const std::string& page) {
  if (ReadFile(path) == page) return kOk;
  std::cerr << path
            << " is not what the sources say; refresh it with: cmake --build --preset release --target "
            << "kansoku_docs\n";
  return kOutdated;
}

int Write(const std::string& path, const std::string& page) {
  std::ofstream file(path, std::ios::binary);
  if (file << page && file.flush()) return kOk;
  std::cerr << "cannot write " << path << "\n";
  return kBadUse;
}

int Main(std::vector<std::string> arguments) {
  const bool check = !arguments.empty() && arguments[0] == "--check";
  if (check) arguments.erase(arguments.begin());
  if (arguments.size() != 2) {
    std::cerr << "usage: kansoku-reference [--check] SCHEMA FOLDER\n";
    return kBadUse;
  }
  const std::optional<std::string> schema = ReadFile(arguments[0]);
  const std::optional<std::string> configuration = schema ? ConfigurationPage(*schema) : std::nullopt;
  if (!configuration) {
    std::cerr << arguments[0]
              << ": expected the descriptor set of config.proto, with its imports and comments\n";
    return kBadUse;
  }
  const auto put = check ? Check : Write;
  const int first = put(arguments[1] + "/configuration.md", *configuration);
  const int second = put(arguments[1] + "/metrics.md", MetricReferenceMarkdown());
  return first != kOk ? first : second;
}

}  // namespace
}  // namespace kansoku

int main(int argc, char** argv) { return kansoku::Main({argv + 1, argv + argc}); }
