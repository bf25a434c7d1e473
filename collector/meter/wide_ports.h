// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "collector/meter/page_array.h"

namespace kansoku::collector {

// Packets by port of those sources that send to more ports in a window than SourceTable keeps with each: few,
// but whoever looks at all ports for a survey is among them. A hash table with linear probing and no erasing.
// All memory, 24 octets for each entry, is taken and touched by the constructor. One thread.
class WidePorts {
 public:
  // Such a source has a number, not 0, that no other one has in the window.
  struct Entry {
    uint32_t source = 0;
    uint32_t port = 0;  // as SourceTable::PortOf says
    uint32_t packets = 0;
    friend auto operator<=>(const Entry&, const Entry&) = default;
  };

  // `entries` > 0. The seed keeps strangers from choosing ports that meet; equal seeds and packets give equal
  // results.
  WidePorts(size_t entries, uint64_t hash_seed);

  // False if the port is new and there is no room for it.
  bool Count(uint32_t source, uint32_t port, uint32_t packets);

  // By source, then port.
  std::vector<Entry> Sorted() const;

  size_t octets() const { return slots_.size() * sizeof(Entry); }

  // Forgets everything.
  void Clear();

 private:
  static constexpr size_t kSlotsOfEntry = 2;  // half of them are never used, so that searches stay short
  static_assert(kSlotsOfEntry * sizeof(Entry) == 24);

  std::array<uint64_t, 2> secrets_;
  PageArray<Entry> slots_;  // source 0: unused
  size_t size_ = 0;
};

}  // namespace kansoku::collector
