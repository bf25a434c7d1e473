// SPDX-License-Identifier: Apache-2.0
//
// What single sources sent to the sensors of a link in the open window. The addresses in it never leave it.
//
// The table is set-associative: part of a keyed hash of source and sensor picks a set of eight entries. A
// source that finds its set full has what Misra and Gries ("Finding repeated elements", 1982) give it: every
// entry has a credit, of its packets, and a packet without room takes as much of all eight credits as it can.
// An entry without credit gives way. So whoever sends one packet from each of many addresses displaces others
// like it, and not those who sent more; no source ever loses more packets than one credit of its set lost;
// and that is at most a ninth of what the set's sources sent.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "collector/classify/scan_marks.h"
#include "collector/decode/ip_address.h"
#include "collector/meter/fold.h"
#include "collector/meter/page_array.h"
#include "collector/meter/wide_ports.h"
#include "proto/contract/report_limits.h"

namespace kansoku::collector {

// What probes sent to one port.
struct PortCount {
  uint32_t port = 0;  // as SourceTable::PortOf says
  uint32_t packets = 0;
};

// What one source sent to one sensor: two cache lines. All but address, sensor, packets and ports are the
// caller's.
struct alignas(64) DarkSource {
  static constexpr uint32_t kNoBlock = ~uint32_t{0};

  IpAddress address;
  uint64_t id = 0;         // SourceHash::OfSource
  uint64_t addresses = 0;  // SourceHash::PartOfDark of each destination
  uint32_t kinds = 0;      // as which it is in a sketch: SourceSketches::BitOf
  uint32_t packets = 0;
  uint32_t probe_packets = 0;
  uint32_t backscatter_packets = 0;
  uint32_t tcp_syns = 0;
  std::array<uint32_t, 5> marks{};  // by bit of ScanMark
  uint32_t pairs = 0;               // of SYNs that were compared
  SynTrace last_syn;                // with tcp_syns > 0
  uint32_t block = kNoBlock;        // of further ports
  uint8_t sensor = 0;
  uint8_t ports = 0;     // in first_ports and blocks
  uint16_t as_wide = 0;  // its number among WidePorts; 0: it has none there
  std::array<PortCount, 4> first_ports{};
};
static_assert(sizeof(DarkSource) == 128);

// One thread. All memory, 192 octets for each entry, is taken and touched by the constructor.
class SourceTable {
 public:
  // So many ports are kept with a source. Those of sources with more share as many places as there are
  // entries, and at most 65,535 sources may have ports there in a window.
  static constexpr size_t kMaxOwnPorts = 64;

  // `entries` > 0 is rounded up to whole sets. The seed keeps strangers from choosing addresses that share a
  // set; equal seeds and packets give equal results.
  SourceTable(uint32_t entries, uint64_t hash_seed);

  // A packet's source is found in steps, so that the memory of many is fetched at once: Hash and Prefetch
  // each, then Find each, then Touch each.
  uint64_t Hash(size_t sensor, const IpAddress& source) const {
    const uint64_t address = Fold(source.high ^ secrets_[0], source.low ^ secrets_[1]);
    return Fold(address ^ sensor, secrets_[2]);
  }
  void Prefetch(uint64_t hash) const { __builtin_prefetch(&sets_[SetOf(hash)], 1); }

  // Where the source is, or where it might go.
  uint32_t Find(uint64_t hash) const;

  // The source with these packets counted, with nothing but them if it is new; null if there is no room for
  // it. What Find said may be out of date: other packets came between.
  struct Touched {
    DarkSource* source = nullptr;  // valid until the next call
    bool is_new = false;
  };
  Touched Touch(size_t sensor, const IpAddress& address, uint64_t hash, uint32_t found, uint32_t packets);

  // Sorts by protocol, TCP before UDP, then port.
  static constexpr uint32_t PortOf(bool is_udp, uint16_t port) { return uint32_t{is_udp} << 16 | port; }

  // False if the source has no room for the port.
  bool CountPort(DarkSource& source, uint32_t port, uint32_t packets) {
    if (source.ports > 0) return CountAnotherPort(source, port, packets);
    source.first_ports[0] = {port, packets};
    source.ports = 1;
    return true;
  }

  // Calls visit(source) for each, in no order that means anything.
  template <typename Visit>
  void ForEach(Visit visit) const {
    if (size_ == 0) return;
    for (size_t set = 0; set < sets_.size(); ++set) {
      for (size_t way = 0; way < kWays; ++way) {
        if (sets_[set].tags[way] != 0) visit(sources_[set * kWays + way]);
      }
    }
  }

  // Calls visit(PortCount) for each port that is kept with a source, in no order that means anything.
  template <typename Visit>
  void ForEachOwnPort(const DarkSource& source, Visit visit) const {
    size_t left = source.ports;
    std::span<const PortCount> here = source.first_ports;
    for (uint32_t next = source.block;; here = blocks_[next].ports, next = blocks_[next].next) {
      for (const PortCount& count : here.first(std::min(left, here.size()))) visit(count);
      if (left <= here.size()) return;
      left -= here.size();
    }
  }

  // The ports of sources beyond those, by DarkSource::as_wide; also of sources that had to give way.
  std::vector<WidePorts::Entry> SortedWidePorts() const { return wide_ports_.Sorted(); }

  // Packets of the sensor that no source has: theirs found no room, or had to give way.
  uint64_t lost_packets(size_t sensor) const { return lost_packets_[sensor]; }
  // No source lost more packets than this.
  uint64_t most_lost() const { return most_lost_; }

  // Sources that are in it.
  size_t size() const { return size_; }
  size_t octets() const {
    return sets_.size() * sizeof(Set) + sources_.size() * sizeof(DarkSource) +
           blocks_.size() * sizeof(PortBlock) + wide_ports_.octets();
  }

  // Forgets everything.
  void Clear();

 private:
  static constexpr size_t kWays = 8;
  static constexpr size_t kEntriesOfBlock = 4;  // so many share one

  // All of a set's are compared at once.
  using Tags [[gnu::vector_size(kWays * sizeof(uint16_t))]] = uint16_t;
  static_assert(std::endian::native == std::endian::little, "ways would be told from the other end");

  // One cache line: what a search needs to know of a set's sources before it reads one.
  struct alignas(64) Set {
    Tags tags{};  // some bits of the hash for each way; 0: unused
    std::array<uint32_t, kWays> credits{};
    uint64_t lost = 0;  // by each credit
  };
  static_assert(sizeof(Set) == 64);

  struct alignas(64) PortBlock {
    std::array<PortCount, 15> ports{};
    uint32_t next = DarkSource::kNoBlock;
  };
  static_assert(sizeof(PortBlock) == 128);
  static_assert(4 + 4 * 15 == kMaxOwnPorts);

  size_t SetOf(uint64_t hash) const { return static_cast<size_t>((hash >> 32) * sets_.size() >> 32); }
  // Whether any way has the tag; the first one is then `way`.
  static bool FindTag(const Set& set, uint16_t tag, size_t& way);
  static uint16_t TagOf(uint64_t hash) { return static_cast<uint16_t>(hash | 1); }
  bool Holds(size_t position, uint64_t hash, size_t sensor, const IpAddress& address) const {
    return sets_[position / kWays].tags[position % kWays] == TagOf(hash) &&
           sources_[position].address == address && sources_[position].sensor == sensor;
  }
  static size_t WayToTake(const Set& set);
  bool CountAnotherPort(DarkSource& source, uint32_t port, uint32_t packets);
  bool CountWidePort(DarkSource& source, uint32_t port, uint32_t packets);
  Touched Begin(size_t sensor, const IpAddress& address, uint64_t hash, uint32_t packets);
  void Lose(size_t sensor, uint64_t packets) { lost_packets_[sensor] += packets; }
  void TakeCredit(Set& set, uint32_t credit);
  void End(size_t position);
  uint32_t TakeBlock();

  std::array<uint64_t, 3> secrets_;
  PageArray<Set> sets_;
  PageArray<DarkSource> sources_;
  PageArray<PortBlock> blocks_;
  WidePorts wide_ports_;
  uint32_t used_blocks_ = 0;
  uint32_t free_block_ = DarkSource::kNoBlock;  // of those that were used before
  uint16_t wide_sources_ = 0;                   // numbers given in this window; none is given twice
  size_t size_ = 0;
  std::array<uint64_t, kMaxSensors> lost_packets_{};
  uint64_t most_lost_ = 0;
};

}  // namespace kansoku::collector
