// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/generate.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "tests/generator/isp.h"
#include "tests/generator/telescope.h"
#include "tests/generator/truth_json.h"

namespace kansoku::generator {
namespace {

std::string CannotWrite(const std::string& path) {
  return "cannot write " + path + ": " + std::strerror(errno) +
         "; does its folder exist, and has the disk room?";
}

}  // namespace

std::string Generate(Scene scene, const CaptureOptions& options, const std::string& capture_path,
                     const std::string& truth_path) {
  CaptureWriter writer(capture_path, options.snap_octets);
  if (!writer.ok()) return CannotWrite(capture_path);
  Truth truth;
  Recorder recorder(options, writer, truth);
  if (scene == Scene::kIsp)
    WriteIsp(options, recorder);
  else
    WriteTelescope(options, recorder);
  if (!writer.Close()) return CannotWrite(capture_path);
  if (truth_path.empty()) return "";
  std::ofstream file(truth_path, std::ios::binary);
  file << TruthJson(scene == Scene::kIsp ? "isp" : "telescope", options, truth);
  file.close();
  return file ? "" : CannotWrite(truth_path);
}

}  // namespace kansoku::generator
