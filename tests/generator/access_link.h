// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "tests/generator/flow.h"
#include "tests/generator/random.h"
#include "tests/generator/recorder.h"

namespace kansoku::generator {

// Writes packets of the flows that `begin` makes, and a few frames that do not count, until the recorder is
// full.
void WriteAccessLink(const CaptureOptions& options,
                     const std::function<Flow(uint32_t subscribers, Random& random)>& begin,
                     Recorder& recorder);

}  // namespace kansoku::generator
