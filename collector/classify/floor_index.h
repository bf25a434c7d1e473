// SPDX-License-Identifier: Apache-2.0
//
// What belongs to the last of many sorted numbers that is not above a given one, in about two memory
// accesses: a direct index on the leading bits narrows the binary search to the few starts that share them.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "collector/decode/ip_address.h"

namespace kansoku::collector {

// Key: uint32_t (IPv4) or IpAddress. Constant after construction; any thread.
template <typename Key>
class FloorIndex {
 public:
  static constexpr uint32_t kNone = ~uint32_t{0};

  struct Start {
    Key start;
    uint32_t value = 0;
  };

  FloorIndex() = default;

  // `starts` rise strictly.
  explicit FloorIndex(std::vector<Start> starts) : starts_(std::move(starts)) {
    if (starts_.empty()) return;
    base_ = Leading(starts_.front().start);
    const uint64_t span = Leading(starts_.back().start) - base_;
    // Four buckets for each start keep them nearly empty; more than 2^16 would leave the cache.
    const int index_bits = std::min(16, static_cast<int>(std::bit_width(starts_.size() * 4)));
    shift_ = std::max(0, static_cast<int>(std::bit_width(span)) - index_bits);
    first_.assign((span >> shift_) + 2, 0);
    for (const Start& start : starts_) ++first_[Bucket(start.start) + 1];
    for (size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
  }

  // The value of the last start that is <= key; kNone if all are above it.
  uint32_t Find(const Key& key) const {
    if (starts_.empty() || key < starts_.front().start) return kNone;
    const size_t bucket = Bucket(key);
    if (bucket + 1 >= first_.size()) return starts_.back().value;
    const Start* at = starts_.data() + first_[bucket];
    size_t left = first_[bucket + 1] - first_[bucket];
    while (left > 0) {
      const size_t half = left / 2;
      const bool above = !(key < at[half].start);
      at += above ? half + 1 : 0;
      left = above ? left - half - 1 : half;
    }
    return at[-1].value;
  }

 private:
  static constexpr uint64_t Leading(uint32_t key) { return key; }
  static constexpr uint64_t Leading(const IpAddress& key) { return key.high; }
  size_t Bucket(const Key& key) const { return (Leading(key) - base_) >> shift_; }

  std::vector<Start> starts_;
  std::vector<uint32_t> first_;  // position of each bucket's first start; one more than there are buckets
  uint64_t base_ = 0;
  int shift_ = 0;
};

}  // namespace kansoku::collector
