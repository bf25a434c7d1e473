// SPDX-License-Identifier: Apache-2.0
//
// Longest-prefix match, built once. Nested prefixes are flattened to disjoint ranges, so a look-up is one
// search, whatever the nesting.
#pragma once

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include "collector/classify/floor_index.h"
#include "collector/classify/prefix.h"

namespace kansoku::collector {

// Constant after construction; any thread. Look-ups do not allocate.
template <typename Value>
class PrefixMap {
 public:
  struct Entry {
    Prefix prefix;
    Value value;
  };

  PrefixMap() = default;

  // No prefix may come twice.
  explicit PrefixMap(std::vector<Entry> entries) {
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
      return std::tie(a.prefix.address, a.prefix.length) < std::tie(b.prefix.address, b.prefix.length);
    });
    ipv4_ = Ranges<uint32_t>(entries, true);
    ipv6_ = Ranges<IpAddress>(entries, false);
    values_.reserve(entries.size());
    for (Entry& entry : entries) values_.push_back(std::move(entry.value));
  }

  // The value of the longest prefix that holds the address; null if none does.
  const Value* Find(const IpAddress& address) const {
    const uint32_t index = address.is_ipv4() ? ipv4_.Find(address.ipv4()) : ipv6_.Find(address);
    return index == kNoValue ? nullptr : &values_[index];
  }

 private:
  static constexpr uint32_t kNoValue = ~uint32_t{0};

  // One family. Each range goes from its start to the next one's.
  template <typename Key>
  class Ranges {
   public:
    Ranges() = default;

    // `entries` are sorted: a prefix comes after those that hold it.
    Ranges(const std::vector<Entry>& entries, bool ipv4) {
      std::vector<Key> starts;
      const auto begin = [&](const Key& start, uint32_t value) {
        if (!starts.empty() && starts.back() == start) {
          value_of_range_.back() = value;
        } else {
          starts.push_back(start);
          value_of_range_.push_back(value);
        }
      };
      std::vector<uint32_t> open;  // prefixes around the current position, the longest last
      const auto close_last = [&] {
        const Key last = KeyOf(entries[open.back()].prefix.last(), Key{});
        open.pop_back();
        const Key next = Next(last);
        const bool at_the_end = next < last;
        if (!at_the_end) begin(next, open.empty() ? kNoValue : open.back());
      };
      for (uint32_t i = 0; i < entries.size(); ++i) {
        const Prefix& prefix = entries[i].prefix;
        if (prefix.is_ipv4() != ipv4) continue;
        while (!open.empty() && !entries[open.back()].prefix.Contains(prefix)) close_last();
        begin(KeyOf(prefix.first(), Key{}), i);
        open.push_back(i);
      }
      while (!open.empty()) close_last();
      index_ = FloorIndex<Key>(std::move(starts));
    }

    uint32_t Find(const Key& key) const {
      const size_t range = index_.Find(key);
      return range == FloorIndex<Key>::kNone ? kNoValue : value_of_range_[range];
    }

   private:
    static uint32_t KeyOf(const IpAddress& address, uint32_t) { return address.ipv4(); }
    static IpAddress KeyOf(const IpAddress& address, const IpAddress&) { return address; }
    static uint32_t Next(uint32_t key) { return key + 1; }
    static IpAddress Next(const IpAddress& key) {
      return {key.low == ~uint64_t{0} ? key.high + 1 : key.high, key.low + 1};
    }

    FloorIndex<Key> index_;
    std::vector<uint32_t> value_of_range_;
  };

  Ranges<uint32_t> ipv4_;
  Ranges<IpAddress> ipv6_;
  std::vector<Value> values_;
};

}  // namespace kansoku::collector
