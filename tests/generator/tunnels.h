// SPDX-License-Identifier: Apache-2.0
//
// A link in the core of an ISP, where subscribers come through tunnels.
#pragma once

#include "tests/generator/recorder.h"

namespace kansoku::generator {

// Writes until the recorder is full: subscribers behind L2TP, GTP-U, IP in IP of each family in each, GRE and
// VXLAN, and some without a tunnel, over a plain link, VLANs, PPPoE and MPLS; a few frames that do not count.
void WriteTunnels(const CaptureOptions& options, Recorder& recorder);

}  // namespace kansoku::generator
