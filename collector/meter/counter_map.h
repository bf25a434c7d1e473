// SPDX-License-Identifier: Apache-2.0
//
// Counters by a 64-bit key: one array, linear probing, no erasing. A hit costs a multiplication and usually
// one cache line. The hash is keyed, so that nobody who chooses keys can make them collide.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "collector/meter/fold.h"
#include "collector/meter/split_mix.h"

namespace kansoku::collector {

// Keys are not 0. Allocates when there are more keys than memory was kept for. One thread.
template <typename Counters>
class CounterMap {
 public:
  explicit CounterMap(uint64_t hash_seed) {
    SplitMix64 secrets(hash_seed);
    for (uint64_t& secret : secrets_) secret = secrets.Next();
  }

  // The key's counters, all zero when it is new. Valid until the next call with a new key.
  Counters& operator[](uint64_t key) {
    size_t at = Slot(key);
    if (slots_[at].key == key) return slots_[at].counters;
    if (2 * (size_ + 1) > slots_.size()) {
      Grow();
      at = Slot(key);
    }
    ++size_;
    slots_[at].key = key;
    return slots_[at].counters;
  }

  // Fetches the key's counters ahead of their use.
  void Prefetch(uint64_t key) const { __builtin_prefetch(&slots_[Home(key)], 1); }

  bool Contains(uint64_t key) const { return slots_[Slot(key)].key == key; }

  size_t size() const { return size_; }
  size_t slots() const { return slots_.size(); }

  // Calls visit(key, counters) by rising key.
  template <typename Visit>
  void VisitSorted(Visit visit) const {
    std::vector<const Entry*> entries;
    entries.reserve(size_);
    for (const Entry& entry : slots_) {
      if (entry.key != kEmpty) entries.push_back(&entry);
    }
    std::sort(entries.begin(), entries.end(), [](const Entry* a, const Entry* b) { return a->key < b->key; });
    for (const Entry* entry : entries) visit(entry->key, entry->counters);
  }

  // Forgets every key. Keeps the memory where a good part of it was used; else the next keys like these get
  // as much as they need.
  void Clear() {
    const size_t enough = std::max(kFirstSlots, std::bit_ceil(4 * size_));
    if (enough < slots_.size() / 2) {
      slots_ = std::vector<Entry>(enough);
      shift_ = 64 - std::countr_zero(enough);
    } else if (size_ > 0) {
      std::fill(slots_.begin(), slots_.end(), Entry{});
    }
    size_ = 0;
  }

 private:
  static constexpr uint64_t kEmpty = 0;
  static constexpr size_t kFirstSlots = 64;
  struct Entry {
    uint64_t key = kEmpty;
    Counters counters{};
  };

  size_t Home(uint64_t key) const {
    return static_cast<size_t>(Fold(key ^ secrets_[0], secrets_[1]) >> shift_);
  }

  // Where the key is, or where it would go.
  size_t Slot(uint64_t key) const {
    size_t at = Home(key);
    while (slots_[at].key != key && slots_[at].key != kEmpty) at = (at + 1) & (slots_.size() - 1);
    return at;
  }

  void Grow() {
    std::vector<Entry> old(2 * slots_.size());
    old.swap(slots_);
    --shift_;
    for (const Entry& entry : old) {
      if (entry.key != kEmpty) slots_[Slot(entry.key)] = entry;
    }
  }

  std::array<uint64_t, 2> secrets_;
  std::vector<Entry> slots_ = std::vector<Entry>(kFirstSlots);  // a power of two, at most half full
  int shift_ = 64 - std::countr_zero(kFirstSlots);
  size_t size_ = 0;
};

}  // namespace kansoku::collector
