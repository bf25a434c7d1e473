// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tests/generator/recorder.h"

namespace kansoku::generator {

enum class Scene { kIsp, kTunnels, kTelescope, kLesson };

// The option ranges in which every promise of the truth holds.
inline constexpr uint32_t kMostPackets = 1'000'000'000, kMostSeconds = 86'400, kMostSubscribers = 400'000;
inline constexpr uint32_t kLeastSnapOctets = 160;  // every header that decides a class lies below it
inline constexpr uint32_t kMostSnapOctets = 65'535;

// Writes the capture and its truth. The same scene and options give the same bytes. Returns an empty text, or
// what went wrong with which file.
std::string Generate(Scene scene, const CaptureOptions& options, const std::string& capture_path,
                     const std::string& truth_path);

}  // namespace kansoku::generator
