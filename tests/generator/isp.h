// SPDX-License-Identifier: Apache-2.0
//
// An access link at the edge of an ISP.
#pragma once

#include "tests/generator/recorder.h"

namespace kansoku::generator {

// Writes until the recorder is full: subscribers, mostly downloading, some among themselves; some transit; a
// few frames that do not count.
void WriteIsp(const CaptureOptions& options, Recorder& recorder);

}  // namespace kansoku::generator
