// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>

#include "absl/time/time.h"
#include "kansoku/v1/ingest.pb.h"
#include "proto/exposition/disk_use.h"
#include "proto/exposition/metric_families.h"

namespace kansoku::aggregator {

// What the aggregator takes of its machine, and how long it takes to answer.
struct OwnUse {
  v1::ProcessUse process;
  DiskUse store;
  std::map<std::string, absl::Time>
      certificate_expiries;  // by what a certificate is shown at; of those there are
  EdgeCounts acknowledgement_seconds;
};

// Called on the thread of each scrape, so it must be thread-safe.
using OwnUseReader = std::function<OwnUse()>;

}  // namespace kansoku::aggregator
