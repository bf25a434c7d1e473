// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/ever_bucket.h"

#include <algorithm>

#include "proto/contract/measurement.h"

namespace kansoku::aggregator {

void MakeEver(v1::Measurement& measurement) {
  auto& tallies = *measurement.mutable_darknet();
  for (v1::DarknetTally& tally : tallies) {
    tally.clear_source_key();
    tally.clear_rules();
    tally.clear_sketches();
    tally.clear_prefixes();
  }
  const auto meeting = std::adjacent_find(
      tallies.begin(), tallies.end(), [](const auto& a, const auto& b) { return a.sensor() == b.sensor(); });
  if (meeting != tallies.end()) Canonicalize(measurement);
}

}  // namespace kansoku::aggregator
