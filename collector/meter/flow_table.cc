// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/flow_table.h"

#include <algorithm>
#include <limits>

#include "collector/meter/split_mix.h"

namespace kansoku::collector {
namespace {

// A first set with so many unused ways is taken whatever the second one has. More would spread flows better
// in a full table; fewer would have more of them looked for in both sets.
constexpr uint64_t kRoomyWays = 3;

// The bits of a set of ways lie an octet apart, so that one product adds them up in its highest octet.
constexpr uint64_t CountWays(uint64_t ways) {
  constexpr uint64_t kOnes = 0x0101'0101'0101'0101;
  return (ways & kOnes) * kOnes >> 56;
}

}  // namespace

FlowTable::FlowTable(uint32_t entries, int64_t idle_timeout_ns, uint64_t hash_seed)
    : ways_(std::clamp<size_t>(entries, 1, kWays)),
      usable_ways_(0),
      idle_timeout_ns_(idle_timeout_ns),
      sets_((std::max<size_t>(entries, 1) + kWays - 1) / kWays),
      flows_(sets_.size() * kWays),
      newest_unix_ns_(std::numeric_limits<int64_t>::min()) {
  for (size_t way = 0; way < ways_; ++way) usable_ways_ |= WayBit(way);
  SplitMix64 secrets(hash_seed);
  for (uint64_t& secret : secrets_) secret = secrets.Next();
}

uint32_t FlowTable::FindElsewhere(uint64_t hash) const {
  const size_t second = SecondSet(hash);
  if (const uint64_t ways = WaysWithTag(second, TagOf(hash)); ways != 0) return Fetched(second, ways);
  PrefetchFlow(PositionToTake(hash));
  return kNowhere;
}

size_t FlowTable::PositionToTake(uint64_t hash) const {
  const size_t first = FirstSet(hash), second = SecondSet(hash);
  const uint64_t free_in_first = WaysWithTag(first, 0), free_in_second = WaysWithTag(second, 0);
  if ((free_in_first | free_in_second) == 0) return OldestOf(first, second);
  const uint64_t room_in_first = CountWays(free_in_first), room_in_second = CountWays(free_in_second);
  const bool take_first = room_in_first > 0 && room_in_first >= std::min(room_in_second, kRoomyWays);
  return take_first ? first * kWays + FirstWay(free_in_first) : second * kWays + FirstWay(free_in_second);
}

// Seen least recently, to about a tenth of a second. Age and position are compared as one number, because a
// branch on ages could not be foreseen.
size_t FlowTable::OldestOf(size_t first, size_t second) const {
  const uint32_t newest = CoarseTime(newest_unix_ns_);
  uint64_t oldest = 0;
  for (const size_t set : {first, second}) {
    for (size_t way = 0; way < ways_; ++way) {
      const uint32_t age = newest - sets_[set].last_seen[way];
      oldest = std::max(oldest, uint64_t{age} << 32 | (set * kWays + way));
    }
  }
  return oldest & ~uint32_t{0};
}

FlowTouch FlowTable::Search(const DecodedPacket& packet, uint64_t hash, uint16_t window, Ended ended) {
  for (const size_t set : {FirstSet(hash), SecondSet(hash)}) {
    for (uint64_t ways = WaysWithTag(set, TagOf(hash)); ways != 0; ways &= ways - 1) {
      const size_t position = set * kWays + FirstWay(ways);
      const Match match = Compare(flows_[position].key, FlowKey::Of(packet));
      if (match.is_same) return TouchAt(position, match, packet, hash, window, ended);
    }
  }
  return Begin(packet, hash, window, ended);
}

FlowTouch FlowTable::Begin(const DecodedPacket& packet, uint64_t hash, uint16_t window, Ended ended) {
  const int64_t now_unix_ns = packet.captured_unix_ns;
  const size_t position = PositionToTake(hash);
  Flow& flow = flows_[position];
  if ((WaysWithTag(position / kWays, 0) & WayBit(position % kWays)) == 0) {
    const bool is_evicted = !IsIdle(flow, now_unix_ns);
    evicted_flows_ += is_evicted ? 1 : 0;
    End(position, is_evicted ? FlowEnd::kEvicted : FlowEnd::kIdle, ended);
  }
  ++size_;
  sets_[position / kWays].tags[position % kWays] = TagOf(hash);
  Renew(position, now_unix_ns);
  flow = {.key = FlowKey::Of(packet),
          .first_seen_unix_ns = now_unix_ns,
          .last_seen_unix_ns = now_unix_ns,
          .window = window};
  return {&flow, false, true, true};
}

void FlowTable::End(size_t position, FlowEnd end, Ended ended) {
  ended(flows_[position], end);
  flows_[position].key = {};
  sets_[position / kWays].tags[position % kWays] = 0;
  --size_;
}

void FlowTable::EndIdle(int64_t now_unix_ns, Ended ended) {
  if (size_ == 0) return;
  const uint32_t now = CoarseTime(now_unix_ns), timeout = CoarseTime(idle_timeout_ns_);
  for (size_t set = 0; set < sets_.size(); ++set) {
    // The coarse times spare reading the flows that were seen lately.
    const uint64_t old = WaysOf(now - sets_[set].last_seen >= Times{} + timeout);
    for (uint64_t ways = old & ~WaysWithTag(set, 0); ways != 0; ways &= ways - 1) {
      const size_t position = set * kWays + FirstWay(ways);
      if (IsIdle(flows_[position], now_unix_ns)) End(position, FlowEnd::kIdle, ended);
    }
  }
}

void FlowTable::EndAll(Ended ended) {
  for (size_t set = 0; set < sets_.size(); ++set) {
    for (uint64_t ways = usable_ways_ & ~WaysWithTag(set, 0); ways != 0; ways &= ways - 1) {
      End(set * kWays + FirstWay(ways), FlowEnd::kStopped, ended);
    }
  }
}

void FlowTable::ForgetClasses() {
  for (Flow& flow : flows_) flow.ForgetClasses();
}

void FlowTable::ForEach(absl::FunctionRef<void(const Flow&)> visit) const {
  for (size_t set = 0; set < sets_.size(); ++set) {
    for (uint64_t ways = usable_ways_ & ~WaysWithTag(set, 0); ways != 0; ways &= ways - 1) {
      visit(flows_[set * kWays + FirstWay(ways)]);
    }
  }
}

}  // namespace kansoku::collector
