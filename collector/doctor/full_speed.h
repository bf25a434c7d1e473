// SPDX-License-Identifier: Apache-2.0
//
// What a link brings at its full speed, of packets as large in the mean as those by which docs/measurement.md
// says what a packet costs.
#pragma once

#include "collector/doctor/machine_facts.h"

namespace kansoku::collector {

inline constexpr double kMeanPacketOctets = 784;

// 0 where the speed is not known.
// In one direction.
inline double FullSpeed(const InterfaceFacts& facts) {
  return static_cast<double>(facts.megabits_per_second) * 1e6 / 8 / kMeanPacketOctets;
}

}  // namespace kansoku::collector
