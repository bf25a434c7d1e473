// SPDX-License-Identifier: Apache-2.0
//
// What the store holds of each point over all time, as of one moment for each point.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "aggregator/store/store.h"
#include "proto/contract/identity.h"

namespace kansoku::aggregator {

struct PointTotals {
  PointRecord point;
  v1::Measurement ever;       // the kEver bucket; empty while nothing arrived
  uint64_t hour_packets = 0;  // cells + darknet of the hour tier; 0 unless asked for
};

// Every point, by name. A point's record and its buckets are separate reads, and reports are committed
// between them; points that changed are read again until both sides are of one moment, else identities would
// seem violated that are not. UNAVAILABLE if one changes faster than it can be read. With `with_hours` the
// whole hour tier is read, whose size grows with the years. Any thread.
absl::StatusOr<std::vector<PointTotals>> ReadPointTotals(const Store& store, bool with_hours);

// Identities 1, 2 and 4 of the point; with `with_hours` also "stored_hours", identity 4 for the hour tier.
std::vector<Identity> PointIdentities(const PointTotals& totals, bool with_hours);

}  // namespace kansoku::aggregator
