// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/darknet_ways.h"

namespace kansoku {

bool TellsOfTelescopes(const v1::Measurement& measurement) {
  return measurement.darknet_size() > 0 || measurement.has_darknet_subscribers();
}

void AddSourceWays(const v1::Measurement& measurement, std::set<SourceWay>& ways) {
  for (const v1::DarknetTally& tally : measurement.darknet()) {
    if (tally.cells().empty()) continue;
    ways.emplace(tally.source_key(), tally.source_key() == 0 ? 0 : tally.rules());
  }
}

void AddClassRules(const v1::DarknetTally& tally, std::set<uint32_t>& rules) {
  if (!tally.cells().empty()) rules.insert(tally.rules());
}

void AddClassRules(const v1::Measurement& measurement, std::set<uint32_t>& rules) {
  for (const v1::DarknetTally& tally : measurement.darknet()) AddClassRules(tally, rules);
}

}  // namespace kansoku
