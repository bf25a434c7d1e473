// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tests/generator/recorder.h"
#include "tests/generator/truth.h"

namespace kansoku::generator {

// The truth as one JSON object: how the capture was made, its totals, each class, what was refused, each dark
// port, each window (with the sources of dark packets, if they were noted), and the prefixes to configure.
// Numbers are JSON numbers; lists leave out what is zero.
std::string TruthJson(std::string_view scene, const CaptureOptions& options, const Truth& truth);

}  // namespace kansoku::generator
