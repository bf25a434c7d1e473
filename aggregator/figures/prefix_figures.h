// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "kansoku/v1/figure.pb.h"
#include "kansoku/v1/telescope_day.pb.h"

namespace kansoku::aggregator {

// Beyond so many those of a period that were dark for the fewest seconds are told together.
inline constexpr size_t kMostPrefixes = 1'024;

// How long one sensor was monitored over a period.
struct WatchedSensor {
  v1::Figure frame;       // with the label `sensor`
  v1::SensorDay seconds;  // address_seconds and prefixes; nothing else of it is read
};

// Appends darknet_prefix_address_seconds of each sensor's prefixes (METRICS 5.3), and under the prefix
// `other` of those beyond kMostPrefixes: a sensor's add up to its address-seconds. A single one without a
// prefix is withheld where nobody says which prefixes some of its seconds are of. Pure; any thread.
//
// Which addresses are dark is the secret of whoever watches them: serve tells these figures to nobody else.
void AppendPrefixFigures(std::span<const WatchedSensor> sensors, std::vector<v1::Figure>& figures);

}  // namespace kansoku::aggregator
