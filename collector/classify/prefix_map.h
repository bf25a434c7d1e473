// SPDX-License-Identifier: Apache-2.0
//
// Longest-prefix match, built once. Nested prefixes are flattened to disjoint ranges, so a look-up is one
// search, whatever the nesting. Equal values are kept once: many prefixes mean few different things, and
// these stay in the cache.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
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

  // No prefix may come twice. Values are ordered by <.
  explicit PrefixMap(std::vector<Entry> entries) {
    const auto is_before = [](const Entry& a, const Entry& b) {
      return std::tie(a.prefix.address, a.prefix.length) < std::tie(b.prefix.address, b.prefix.length);
    };
    if (!std::is_sorted(entries.begin(), entries.end(), is_before)) {
      std::sort(entries.begin(), entries.end(), is_before);
    }
    std::map<Value, uint32_t> known;
    std::vector<uint32_t> value_of_entry;
    for (const Entry& entry : entries) {
      const auto [at, is_new] = known.try_emplace(entry.value, static_cast<uint32_t>(values_.size()));
      if (is_new) values_.push_back(entry.value);
      value_of_entry.push_back(at->second);
    }
    ipv4_ = Flatten<uint32_t>(entries, value_of_entry, true);
    ipv6_ = Flatten<IpAddress>(entries, value_of_entry, false);
  }

  // The value of the longest prefix that holds the address; null if none does.
  const Value* Find(const IpAddress& address) const {
    const uint32_t index = address.is_ipv4() ? ipv4_.Find(address.ipv4()) : ipv6_.Find(address);
    return index == kNoValue ? nullptr : &values_[index];
  }

 private:
  static constexpr uint32_t kNoValue = ~uint32_t{0};

  // The ranges of one family, each from its start to the next one's. `entries` are sorted: a prefix comes
  // after those that hold it.
  template <typename Key>
  static FloorIndex<Key> Flatten(const std::vector<Entry>& entries,
                                 const std::vector<uint32_t>& value_of_entry, bool ipv4) {
    std::vector<typename FloorIndex<Key>::Start> starts;
    const auto begin = [&](const Key& start, uint32_t value) {
      if (!starts.empty() && starts.back().start == start) starts.pop_back();
      const bool goes_on = !starts.empty() && starts.back().value == value;
      if (!goes_on) starts.push_back({start, value});
    };
    std::vector<uint32_t> open;  // prefixes around the current position, the longest last
    const auto close_last = [&] {
      const Key last = KeyOf(entries[open.back()].prefix.last(), Key{});
      open.pop_back();
      const Key next = Next(last);
      const bool at_the_end = next < last;
      if (!at_the_end) begin(next, open.empty() ? kNoValue : value_of_entry[open.back()]);
    };
    for (uint32_t i = 0; i < entries.size(); ++i) {
      const Prefix& prefix = entries[i].prefix;
      if (prefix.is_ipv4() != ipv4) continue;
      while (!open.empty() && !entries[open.back()].prefix.Contains(prefix)) close_last();
      begin(KeyOf(prefix.first(), Key{}), value_of_entry[i]);
      open.push_back(i);
    }
    while (!open.empty()) close_last();
    return FloorIndex<Key>(std::move(starts));
  }

  static uint32_t KeyOf(const IpAddress& address, uint32_t) { return address.ipv4(); }
  static IpAddress KeyOf(const IpAddress& address, const IpAddress&) { return address; }
  static uint32_t Next(uint32_t key) { return key + 1; }
  static IpAddress Next(const IpAddress& key) {
    return {key.low == ~uint64_t{0} ? key.high + 1 : key.high, key.low + 1};
  }

  FloorIndex<uint32_t> ipv4_;
  FloorIndex<IpAddress> ipv6_;
  std::vector<Value> values_;  // each once
};

}  // namespace kansoku::collector
