// SPDX-License-Identifier: Apache-2.0
//
// Counters by a small integer key: one array, linear probing, no erasing. A hit costs a multiplication and
// usually one cache line.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace kansoku::collector {

// Keys are not 0. Allocates only when more keys arrive than ever before. One thread.
template <typename Counters>
class CounterMap {
 public:
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

  size_t size() const { return size_; }

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

  // Forgets every key, keeps the memory.
  void Clear() {
    if (size_ > 0) std::fill(slots_.begin(), slots_.end(), Entry{});
    size_ = 0;
  }

 private:
  static constexpr uint64_t kEmpty = 0;
  static constexpr size_t kFirstSlots = 64;
  struct Entry {
    uint64_t key = kEmpty;
    Counters counters{};
  };

  // Fibonacci hashing: the high bits of the product depend on all bits of the key.
  size_t Home(uint64_t key) const { return static_cast<size_t>(key * 0x9e3779b97f4a7c15u >> shift_); }

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

  std::vector<Entry> slots_ = std::vector<Entry>(kFirstSlots);  // a power of two, at most half full
  int shift_ = 64 - std::countr_zero(kFirstSlots);
  size_t size_ = 0;
};

}  // namespace kansoku::collector
