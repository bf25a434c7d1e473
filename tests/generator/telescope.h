// SPDX-License-Identifier: Apache-2.0
//
// A link in front of unused address ranges.
#pragma once

#include "tests/generator/recorder.h"

namespace kansoku::generator {

// Writes until the recorder is full: scanners, worms, backscatter, probes and reflections to dark addresses,
// and on the same wire some traffic of others. With `scanners`, half of what is dark comes from Scanners.
void WriteTelescope(const CaptureOptions& options, Recorder& recorder);

}  // namespace kansoku::generator
