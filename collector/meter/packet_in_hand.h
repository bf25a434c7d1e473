// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "collector/decode/decoded_packet.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::collector {

// A decoded packet on its way to its counters. Not initialised: it is written in full.
struct PacketInHand {
  static constexpr int kNoSensor = -1;

  DecodedPacket packet;
  int sensor;                      // that it reached, by position, or kNoSensor: traffic
  v1::DarknetClass darknet_class;  // of a packet that reached one
  uint8_t soft_flags;              // the same: SoftFlag bits

  // For LinkMeter to fill.
  uint64_t key;     // of its counters at the sensor, or the hash of its flow
  uint32_t flow;    // where that was found; or the source, where sources at sensors are told apart
  uint64_t source;  // the hash of that
};

}  // namespace kansoku::collector
