// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace kansoku {

// What a report may hold at most. The aggregator refuses more for good, so a collector must not make it,
// whatever strangers send.

// Over all sensors: each port of TCP and UDP, and some of it in several classes.
inline constexpr int kMaxDarknetCells = 300'000;
inline constexpr int kMaxSensors = 100;
// Over all sensors. A collector that watches more says how long all of them were dark together.
inline constexpr int kMaxDarkPrefixes = 4'096;
// Where sources are told apart. A sensor has 44 sketches at most: of each family, 13 classes are of one
// protocol, and fragments, other protocols and what is malformed have nine together (SourceSketch.protocol).
inline constexpr int kMaxSensorsWithSources = 10;
inline constexpr int kMaxSourceSketches = kMaxSensorsWithSources * 44;
inline constexpr int kMaxDarknetSources = 65'536;
// Over all sources: of 4096 sources 64 each, of all of them four, of two every port of TCP and UDP. Some 4 MB
// of a message.
inline constexpr int kMaxSourcePorts = 262'144;
// Bits of DarknetSource.lists.
inline constexpr int kMaxSurveyLists = 32;

}  // namespace kansoku
