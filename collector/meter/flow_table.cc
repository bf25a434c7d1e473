// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/flow_table.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "absl/numeric/int128.h"

namespace kansoku::collector {
namespace {

// SplitMix64 (Steele, Lea, Flood 2014): a seed to any number of independent constants.
uint64_t NextSecret(uint64_t& state) {
  state += 0x9e3779b97f4a7c15u;
  uint64_t z = state;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

// Both halves of the full product, folded: each input bit reaches the whole result.
uint64_t Fold(uint64_t a, uint64_t b) {
  const absl::uint128 product = absl::uint128(a) * b;
  return absl::Uint128High64(product) ^ absl::Uint128Low64(product);
}

uint32_t TagOf(uint64_t hash) { return static_cast<uint32_t>(hash) | 1; }

uint32_t CoarseTime(int64_t unix_ns) { return static_cast<uint32_t>(unix_ns >> 27); }

}  // namespace

FlowTable::FlowTable(uint32_t entries, int64_t idle_timeout_ns, uint64_t hash_seed)
    : ways_(std::clamp<size_t>(entries, 1, kMaxWays)),
      idle_timeout_ns_(idle_timeout_ns),
      sets_((std::max<size_t>(entries, 1) + ways_ - 1) / ways_),
      entries_(sets_.size() * ways_),
      newest_unix_ns_(std::numeric_limits<int64_t>::min()) {
  for (uint64_t& secret : secrets_) secret = NextSecret(hash_seed);
}

FlowTable::Key FlowTable::KeyOf(const DecodedPacket& packet) {
  Key key{packet.source,        packet.destination,
          packet.source_port,   packet.destination_port,
          packet.protocol,      packet.ip_version,
          packet.encapsulation, (packet.remarks & kRemarkLaterFragment) != 0};
  if (std::tie(key.high, key.high_port) < std::tie(key.low, key.low_port)) {
    std::swap(key.low, key.high);
    std::swap(key.low_port, key.high_port);
  }
  return key;
}

uint64_t FlowTable::Hash(const Key& key) const {
  const uint64_t rest =
      static_cast<uint64_t>(key.low_port) << 48 | static_cast<uint64_t>(key.high_port) << 32 |
      static_cast<uint64_t>(key.protocol) << 24 | static_cast<uint64_t>(key.ip_version) << 16 |
      static_cast<uint64_t>(key.encapsulation) << 8 | (key.is_later_fragment ? 1 : 0);
  const uint64_t low = Fold(key.low.high ^ secrets_[0], key.low.low ^ secrets_[1]);
  const uint64_t high = Fold(key.high.high ^ secrets_[2], key.high.low ^ secrets_[3]);
  return Fold(low ^ rest ^ secrets_[4], high ^ secrets_[5]);
}

// Times may be anything a capture file holds; the difference is taken where it cannot overflow.
bool FlowTable::IsIdle(const Entry& entry, int64_t now_unix_ns) const {
  return now_unix_ns > entry.last_seen_unix_ns &&
         static_cast<uint64_t>(now_unix_ns) - static_cast<uint64_t>(entry.last_seen_unix_ns) >
             static_cast<uint64_t>(idle_timeout_ns_);
}

// An unused way, else the least recently seen. The entries are read only to settle ties.
size_t FlowTable::WayToReplace(const Set& set, const Entry* entries) const {
  size_t oldest = 0;
  for (size_t way = 0; way < ways_; ++way) {
    if (set.tags[way] == 0) return way;
    const uint32_t age = newest_seen_ - set.last_seen[way];
    const uint32_t oldest_age = newest_seen_ - set.last_seen[oldest];
    if (age > oldest_age ||
        (age == oldest_age && entries[way].last_seen_unix_ns < entries[oldest].last_seen_unix_ns)) {
      oldest = way;
    }
  }
  return oldest;
}

FlowTouch FlowTable::Touch(const DecodedPacket& packet, TrafficClass traffic_class,
                           int64_t window_start_unix_seconds) {
  const int64_t now = packet.captured_unix_ns;
  if (now > newest_unix_ns_) {
    newest_unix_ns_ = now;
    newest_seen_ = CoarseTime(now);
  }
  const Key key = KeyOf(packet);
  const uint64_t hash = Hash(key);
  const uint32_t tag = TagOf(hash);
  Set& set = sets_[SetOf(hash)];
  Entry* entries = &entries_[SetOf(hash) * ways_];

  for (size_t way = 0; way < ways_; ++way) {
    if (set.tags[way] != tag || entries[way].key != key) continue;
    Entry& entry = entries[way];
    const bool is_new_flow = IsIdle(entry, now);
    const bool is_first_in_window =
        is_new_flow || entry.window_start_unix_seconds != window_start_unix_seconds;
    if (is_new_flow) entry.traffic_class = traffic_class;
    entry.window_start_unix_seconds = window_start_unix_seconds;
    if (now > entry.last_seen_unix_ns) {
      entry.last_seen_unix_ns = now;
      set.last_seen[way] = CoarseTime(now);
    }
    return {is_new_flow, is_first_in_window, entry.traffic_class};
  }

  const size_t way = WayToReplace(set, entries);
  Entry& entry = entries[way];
  if (set.tags[way] != 0 && !IsIdle(entry, now)) ++evicted_flows_;
  set.tags[way] = tag;
  set.last_seen[way] = CoarseTime(now);
  entry = {key, now, window_start_unix_seconds, traffic_class};
  return {true, true, traffic_class};
}

}  // namespace kansoku::collector
