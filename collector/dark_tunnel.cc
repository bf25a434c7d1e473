// SPDX-License-Identifier: Apache-2.0
#include "collector/dark_tunnel.h"

namespace kansoku::collector {

int SensorOfTunnel(const PacketView& view, const DecodeOptions& options, const Classifier& classifier,
                   DecodedPacket& packet) {
  if (options.layer == Layer::kOuter) return Classifier::kNoSensor;  // that header was asked for
  DecodeOptions outermost = options;
  outermost.layer = Layer::kOuter;
  DecodedPacket outside;
  if (Decode(view, outside, outermost) != Refusal::kNone) return Classifier::kNoSensor;
  const int sensor = classifier.SensorOf(outside);
  if (sensor < 0) return Classifier::kNoSensor;
  packet = outside;
  return sensor;
}

}  // namespace kansoku::collector
