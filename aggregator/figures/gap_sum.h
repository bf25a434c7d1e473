// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <map>
#include <utility>

#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// Missing windows by reason. A value.
class GapSum {
 public:
  void Add(const v1::GapCount& gap) {
    v1::GapCount& sum = sums_[{gap.evicted_because(), gap.quarantined_because()}];
    sum.set_evicted_because(gap.evicted_because());
    sum.set_quarantined_because(gap.quarantined_because());
    sum.set_windows(sum.windows() + gap.windows());
    sum.set_packets(sum.packets() + gap.packets());
  }
  void Add(const google::protobuf::RepeatedPtrField<v1::GapCount>& gaps) {
    for (const v1::GapCount& gap : gaps) Add(gap);
  }

  // By reason.
  google::protobuf::RepeatedPtrField<v1::GapCount> counts() const {
    google::protobuf::RepeatedPtrField<v1::GapCount> counts;
    for (const auto& [reason, sum] : sums_) *counts.Add() = sum;
    return counts;
  }

 private:
  std::map<std::pair<v1::Tombstone::Reason, v1::QuarantineReason>, v1::GapCount> sums_;
};

}  // namespace kansoku::aggregator
