// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace kansoku {

// What a report may hold at most. The aggregator refuses more for good, so a collector must not make it,
// whatever strangers send.

// Over all sensors: each port of TCP and UDP, and some of it in several classes.
inline constexpr int kMaxDarknetCells = 300'000;
inline constexpr int kMaxSensors = 100;

}  // namespace kansoku
