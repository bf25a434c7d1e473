// SPDX-License-Identifier: Apache-2.0
//
// Which flows are alive, and what is known of them. Traffic totals never depend on it: a table that is too
// small forgets flows early, which blurs flow counts and costs time.
//
// The table is set-associative. Two parts of a keyed hash pick two sets of eight entries. A new flow goes to
// the first while that has room to spare, then to the emptier one, and then takes the place of the flow that
// was seen least recently: a table with room is searched in one set, and is nearly full before it forgets
// anybody.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "collector/decode/decoded_packet.h"
#include "collector/meter/flow.h"
#include "collector/meter/fold.h"
#include "collector/meter/page_array.h"

namespace kansoku::collector {

// Why a flow is no longer followed.
enum class FlowEnd : uint8_t {
  kIdle,     // for longer than the timeout
  kEvicted,  // another one needed its place
  kStopped,  // the table was emptied
};

// What one packet meant to its flow.
struct FlowTouch {
  Flow* flow = nullptr;  // valid until the table is next changed
  bool is_reverse = false;
  bool is_new_flow = false;
  bool is_first_in_window = false;
};

// One thread. All memory, 104 octets for each flow, is taken and touched by the constructor.
class FlowTable {
 public:
  // Sees each flow for the last time.
  using Ended = absl::FunctionRef<void(const Flow&, FlowEnd)>;

  // `entries` > 0 is rounded up to whole sets (of 8, or of `entries` where that is less). A flow that was
  // idle for longer than the timeout has ended; its next packet begins a new one. The seed keeps strangers
  // from choosing addresses that share a set; equal seeds and packets give equal results.
  FlowTable(uint32_t entries, int64_t idle_timeout_ns, uint64_t hash_seed);

  // A packet's flow is found in steps, so that the memory of many packets is fetched at once: Hash and
  // Prefetch each, then Find each, then FindElsewhere those that were not found, then Touch each. Both
  // directions of a flow have the same hash.
  uint64_t Hash(const DecodedPacket& packet) const;
  void Prefetch(uint64_t hash) const { PrefetchLine(&sets_[FirstSet(hash)]); }

  // Where the flow seems to be, for Touch; kNowhere if it is not known.
  static constexpr uint32_t kNowhere = ~uint32_t{0};
  uint32_t Find(uint64_t hash) const;
  uint32_t FindElsewhere(uint64_t hash) const;

  // Time is the packet's own; one from the past neither ages nor renews its flow. Windows are told apart by
  // their ordinals. Packets whose ports could not be read are a flow of their own. The flow's counters are
  // the caller's. What Find said may be out of date: other packets came between.
  [[gnu::always_inline]] FlowTouch Touch(const DecodedPacket& packet, uint64_t hash, uint32_t found,
                                         uint16_t window, Ended ended) {
    if (found != kNowhere) [[likely]] {
      const Match match = Compare(flows_[found].key, FlowKey::Of(packet));
      if (match.is_same) [[likely]]
        return TouchAt(found, match, packet, hash, window, ended);
    }
    return Search(packet, hash, window, ended);
  }

  // Forgets the flows that are idle at this instant, or all.
  void EndIdle(int64_t now_unix_ns, Ended ended);
  void EndAll(Ended ended);

  // Shows every flow that is followed.
  void ForEach(absl::FunctionRef<void(const Flow&)> visit) const;

  // Each flow's classes are asked for again when its next packet comes.
  void ForgetClasses();

  // Flows that are followed now.
  size_t size() const { return size_; }

  // Living flows that were forgotten for want of room, since construction.
  uint64_t evicted_flows() const { return evicted_flows_; }

  // Flows have positions, below capacity(), for what others keep beside them.
  size_t capacity() const { return flows_.size(); }
  size_t PositionOf(const Flow& flow) const { return static_cast<size_t>(&flow - flows_.begin()); }

 private:
  static constexpr size_t kWays = 8;

  // All of a set's are compared at once.
  using Tags [[gnu::vector_size(kWays * sizeof(uint16_t))]] = uint16_t;
  using Times [[gnu::vector_size(kWays * sizeof(uint32_t))]] = uint32_t;
  static_assert(std::endian::native == std::endian::little, "ways would be told from the other end");

  // One cache line: what a search needs to know of a set's flows before it reads one.
  struct alignas(64) Set {
    Tags tags{};  // some bits of the hash for each way; 0: unused
    // Time of the last packet in units of 2^27 ns (about 0.13 s), modulo 2^32 (18 years).
    Times last_seen{};
  };
  static_assert(sizeof(Set) == 64);

  struct Match {
    bool is_same;
    bool is_reverse;
  };
  static Match Compare(const FlowKey& known, const FlowKey& key) {
    const bool is_forward = known == key;
    return {static_cast<bool>(is_forward | (known == key.Reversed())), !is_forward};
  }
  static uint32_t CoarseTime(int64_t unix_ns) { return static_cast<uint32_t>(unix_ns >> 27); }

  // A flow's position is kWays times its set, plus its way.
  size_t FirstSet(uint64_t hash) const { return Scale(hash >> 32); }
  size_t SecondSet(uint64_t hash) const { return Scale(hash & ~uint32_t{0}); }
  size_t Scale(uint64_t bits) const { return static_cast<size_t>(bits * sets_.size() >> 32); }
  // A set of ways is a number: way w is bit 8 * w.
  static constexpr uint64_t WayBit(size_t way) { return uint64_t{1} << 8 * way; }
  static constexpr size_t FirstWay(uint64_t ways) { return static_cast<size_t>(std::countr_zero(ways)) / 8; }
  // `holds` is 0 or -1 for each way.
  template <typename Lanes>
  uint64_t WaysOf(Lanes holds) const {
    using Octets [[gnu::vector_size(kWays)]] = int8_t;
    return std::bit_cast<uint64_t>(__builtin_convertvector(holds, Octets)) & usable_ways_;
  }
  static constexpr uint16_t TagOf(uint64_t hash) { return static_cast<uint16_t>(hash | 1); }
  uint64_t WaysWithTag(size_t set, uint16_t tag) const;
  size_t PositionToTake(uint64_t hash) const;
  size_t OldestOf(size_t first, size_t second) const;
  uint32_t Fetched(size_t set, uint64_t ways) const;
  // A flow fills one and a half cache lines, and so lies in two.
  void PrefetchFlow(size_t position) const {
    PrefetchLine(&flows_[position]);
    PrefetchLine(&flows_[position].class_ways);
  }
  static void PrefetchLine(const void* at) { __builtin_prefetch(at, 1); }

  // Times may be anything a capture file holds; the difference is taken where it cannot overflow.
  bool IsIdle(const Flow& flow, int64_t now_unix_ns) const {
    return now_unix_ns > flow.last_seen_unix_ns &&
           static_cast<uint64_t>(now_unix_ns) - static_cast<uint64_t>(flow.last_seen_unix_ns) >
               static_cast<uint64_t>(idle_timeout_ns_);
  }

  [[gnu::always_inline]] FlowTouch TouchAt(size_t position, Match match, const DecodedPacket& packet,
                                           uint64_t hash, uint16_t window, Ended ended) {
    Flow& flow = flows_[position];
    const int64_t now = packet.captured_unix_ns;
    if (IsIdle(flow, now)) [[unlikely]] {
      End(position, FlowEnd::kIdle, ended);
      return Begin(packet, hash, window, ended);
    }
    const bool is_first_in_window = flow.window != window;
    flow.window = window;
    if (now > flow.last_seen_unix_ns) {
      if (CoarseTime(now) != CoarseTime(flow.last_seen_unix_ns)) Renew(position, now);
      flow.last_seen_unix_ns = now;
    }
    return {&flow, match.is_reverse, false, is_first_in_window};
  }

  void Renew(size_t position, int64_t now_unix_ns) {
    sets_[position / kWays].last_seen[position % kWays] = CoarseTime(now_unix_ns);
    newest_unix_ns_ = std::max(newest_unix_ns_, now_unix_ns);
  }
  FlowTouch Search(const DecodedPacket& packet, uint64_t hash, uint16_t window, Ended ended);
  FlowTouch Begin(const DecodedPacket& packet, uint64_t hash, uint16_t window, Ended ended);
  void End(size_t position, FlowEnd end, Ended ended);

  size_t ways_;           // kWays, but where there is no room for a whole set
  uint64_t usable_ways_;  // those, as WaysWithTag tells them
  int64_t idle_timeout_ns_;
  std::array<uint64_t, 4> secrets_;
  PageArray<Set> sets_;
  PageArray<Flow> flows_;  // an unused one has a key that no packet has
  int64_t newest_unix_ns_;
  size_t size_ = 0;
  uint64_t evicted_flows_ = 0;
};

// The ends are hashed alike and added, so that their order does not matter. A port is mixed in behind the
// first multiplication: before it, a sender could balance it against the address.
inline uint64_t FlowTable::Hash(const DecodedPacket& packet) const {
  const auto end = [&](const IpAddress& address, uint16_t port) {
    return Fold(Fold(address.high ^ secrets_[0], address.low ^ secrets_[1]) ^ port, secrets_[2]);
  };
  const uint64_t ends =
      end(packet.source, packet.source_port) + end(packet.destination, packet.destination_port);
  return Fold(ends ^ FlowKey::Of(packet).kind(), secrets_[3]);
}

inline uint64_t FlowTable::WaysWithTag(size_t set, uint16_t tag) const {
  return WaysOf(sets_[set].tags == Tags{} + tag);
}

inline uint32_t FlowTable::Fetched(size_t set, uint64_t ways) const {
  const size_t position = set * kWays + FirstWay(ways);
  PrefetchFlow(position);
  return static_cast<uint32_t>(position);
}

inline uint32_t FlowTable::Find(uint64_t hash) const {
  const size_t first = FirstSet(hash);
  if (const uint64_t ways = WaysWithTag(first, TagOf(hash)); ways != 0) [[likely]]
    return Fetched(first, ways);
  PrefetchLine(&sets_[SecondSet(hash)]);
  return kNowhere;
}

}  // namespace kansoku::collector
