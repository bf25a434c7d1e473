// SPDX-License-Identifier: Apache-2.0
//
// What a link brings at its full speed, in both directions, of packets as large in the mean as those by which
// docs/measurement.md says what a packet costs.
#pragma once

#include "collector/doctor/machine_facts.h"

namespace kansoku::collector {

inline constexpr double kMeanPacketOctets = 784;

// 0 where the speed is not known.
inline double ReceivedPacketsPerSecond(const InterfaceFacts& facts) {
  return static_cast<double>(facts.megabits_per_second) * 1e6 / 8 / kMeanPacketOctets;
}
inline double PacketsPerSecond(const InterfaceFacts& facts) { return 2 * ReceivedPacketsPerSecond(facts); }

}  // namespace kansoku::collector
