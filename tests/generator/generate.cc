// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/generate.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "tests/generator/isp.h"
#include "tests/generator/lesson.h"
#include "tests/generator/telescope.h"
#include "tests/generator/truth_json.h"
#include "tests/generator/tunnels.h"

namespace kansoku::generator {
namespace {

std::string CannotWrite(const std::string& path) {
  return "cannot write " + path + ": " + std::strerror(errno) +
         "; does its folder exist, and has the disk room?";
}

std::string_view NameOf(Scene scene) {
  switch (scene) {
    case Scene::kIsp:
      return "isp";
    case Scene::kTunnels:
      return "tunnels";
    case Scene::kTelescope:
      return "telescope";
    case Scene::kLesson:
      return "lesson";
  }
  return "";
}

}  // namespace

std::string Generate(Scene scene, const CaptureOptions& options, const std::string& capture_path,
                     const std::string& truth_path) {
  CaptureWriter writer(capture_path, options.snap_octets);
  if (!writer.ok()) return CannotWrite(capture_path);
  Truth truth;
  Recorder recorder(options, writer, truth);
  switch (scene) {
    case Scene::kIsp:
      WriteIsp(options, recorder);
      break;
    case Scene::kTunnels:
      WriteTunnels(options, recorder);
      break;
    case Scene::kTelescope:
      WriteTelescope(options, recorder);
      break;
    case Scene::kLesson:
      WriteLesson(recorder);
      break;
  }
  if (!writer.Close()) return CannotWrite(capture_path);
  if (truth_path.empty()) return "";
  std::ofstream file(truth_path, std::ios::binary);
  file << TruthJson(NameOf(scene), options, truth);
  file.close();
  return file ? "" : CannotWrite(truth_path);
}

}  // namespace kansoku::generator
