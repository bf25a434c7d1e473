// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace kansoku {

// What a report may hold at most. The aggregator refuses more for good, so a collector must not make it,
// whatever strangers send.

// Over all sensors: each port of TCP and UDP, and some of it in several classes.
inline constexpr int kMaxDarknetCells = 300'000;
inline constexpr int kMaxSensors = 100;
// Over all sensors. The classes that are of one protocol are 13, each of two families.
inline constexpr int kMaxSourceSketches = 100;
inline constexpr int kMaxDarknetSources = 65'536;
// Over all sources: of 4096 sources 64 each, of all of them four.
inline constexpr int kMaxSourcePorts = 262'144;
// Bits of DarknetSource.lists.
inline constexpr int kMaxSurveyLists = 32;

}  // namespace kansoku
