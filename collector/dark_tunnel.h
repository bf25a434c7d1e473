// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "collector/capture/packet_view.h"
#include "collector/classify/classifier.h"
#include "collector/decode/decoder.h"

namespace kansoku::collector {

// The sensor that a tunnelled packet reached with its outermost header, or Classifier::kNoSensor; `packet`
// then becomes that header. Scans for open tunnels send them to dark addresses with anything inside. To ask
// where the counted header, which is in `packet`, reached none. Decodes once more, which few packets need.
// Allocates nothing; any thread.
int SensorOfTunnel(const PacketView& view, const DecodeOptions& options, const Classifier& classifier,
                   DecodedPacket& packet);

}  // namespace kansoku::collector
