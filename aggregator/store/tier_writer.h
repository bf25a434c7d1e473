// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/arena.h>

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "aggregator/store/bucket_reader.h"
#include "aggregator/store/retention.h"
#include "aggregator/store/sqlite.h"
#include "aggregator/store/store.h"

namespace kansoku::aggregator {

// Adds windows to the rows of the tiers inside an open write transaction: each row is read and written once,
// however many windows it gets. What is older than a tier keeps does not reach it. Used by one thread, once.
class TierWriter {
 public:
  TierWriter(Database& database, const Horizons& horizons);

  // To the finest tier. `measurement` must live until Write has returned.
  void AddWindow(int64_t point, int64_t start, const v1::Measurement& measurement);
  // To all tiers above it.
  void AddAbove(int64_t point, int64_t start, const v1::Measurement& measurement);

  absl::Status Write();

 private:
  // Start and point, in the order of the table, so that neighbours share pages.
  using Key = std::pair<int64_t, int64_t>;
  using Parts = std::vector<const v1::Measurement*>;

  bool Keeps(Tier tier, int64_t start) const { return start >= horizons_[static_cast<size_t>(tier)]; }
  absl::Status AddToRow(Tier tier, const Key& key, std::span<const v1::Measurement* const> parts);

  const Horizons horizons_;
  BucketReader reader_;
  Statement write_;
  google::protobuf::Arena arena_;  // of the sums
  std::map<Key, Parts> windows_;
  std::map<Key, v1::Measurement*> five_minutes_;  // sums; all tiers above are made of these
  v1::Measurement row_;
  std::string bytes_;
};

}  // namespace kansoku::aggregator
