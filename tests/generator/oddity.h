// SPDX-License-Identifier: Apache-2.0
//
// Frames that hold no countable IP packet, each with the one reason that fits it.
#pragma once

#include "tests/generator/random.h"
#include "tests/generator/recorder.h"

namespace kansoku::generator {

// ARP, LLDP, spanning tree, PPPoE discovery and PPP control, frames cut short by the capture, and broken
// ones.
void WriteOddity(Random& random, Recorder& recorder);

void WriteArp(Recorder& recorder);

}  // namespace kansoku::generator
