// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/ever_bucket.h"

#include "proto/contract/measurement.h"

namespace kansoku::aggregator {

void MakeEver(v1::Measurement& measurement) {
  bool is_changed = false;
  for (v1::DarknetTally& tally : *measurement.mutable_darknet()) {
    if (tally.source_key() == 0 && tally.rules() == 0) continue;
    tally.clear_source_key();
    tally.clear_rules();
    tally.clear_sketches();
    is_changed = true;
  }
  if (is_changed) Canonicalize(measurement);
}

}  // namespace kansoku::aggregator
