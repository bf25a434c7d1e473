// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "collector/capture/packet_view.h"
#include "collector/classify/classifier.h"
#include "collector/decode/decoder.h"
#include "collector/meter/link_meter.h"

namespace kansoku::collector {

// The way of a packet through the collector: decode, classify, meter. `stats` returns the source's
// CaptureStats and is asked only where a window ends. `observe` is shown each packet with its refusal and,
// where there is none, what was decoded.
template <typename Stats, typename Observe>
void MeterBurst(std::span<const PacketView> burst, const Classifier& classifier, LinkMeter& meter,
                Stats stats, Observe observe) {
  for (size_t i = 0; i < burst.size(); ++i) {
    const PacketView& packet = burst[i];
    if (meter.EndsBefore(packet.captured_unix_ns)) {
      meter.Advance(packet.captured_unix_ns, stats(), burst.size() - i);
    }
    DecodedPacket decoded;
    const Refusal refusal = Decode(packet, decoded);
    if (refusal == Refusal::kNone) {
      meter.Count(decoded, classifier.Classify(decoded));
    } else {
      meter.Refuse(refusal, packet.wire_octets);
    }
    observe(packet, refusal, decoded);
  }
}

}  // namespace kansoku::collector
