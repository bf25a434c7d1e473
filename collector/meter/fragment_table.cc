// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/fragment_table.h"

#include <algorithm>

#include "collector/meter/fold.h"

namespace kansoku::collector {
namespace {

// Captured times may be anything, also earlier than those before: the distance is taken where it cannot
// overflow.
bool IsAlive(int64_t seen_unix_ns, int64_t now_unix_ns) {
  const uint64_t seen = static_cast<uint64_t>(seen_unix_ns), now = static_cast<uint64_t>(now_unix_ns);
  const uint64_t distance = now_unix_ns >= seen_unix_ns ? now - seen : seen - now;
  return distance <= static_cast<uint64_t>(FragmentTable::kLifetimeNs);
}

}  // namespace

FragmentTable::FragmentTable(uint32_t entries, uint64_t hash_seed)
    : sets_((std::max<size_t>(entries, 1) + kWays - 1) / kWays) {
  SplitMix64 secrets(hash_seed);
  for (uint64_t& secret : secrets_) secret = secrets.Next();
}

bool FragmentTable::Join(DecodedPacket& packet) {
  const Key key = KeyOf(packet);
  if ((packet.remarks & kRemarkLaterFragment) == 0) {
    // Without ports there is nothing to give.
    if ((packet.source_port | packet.destination_port) != 0) Remember(key, packet);
    return false;
  }
  for (const Entry& entry : SetOf(key)) {
    if (entry.key != key) continue;
    if (!IsAlive(entry.seen_unix_ns, packet.captured_unix_ns)) return false;
    packet.source_port = entry.source_port;
    packet.destination_port = entry.destination_port;
    return true;
  }
  return false;
}

FragmentTable::Key FragmentTable::KeyOf(const DecodedPacket& packet) {
  return {packet.source,   packet.destination, packet.identification,
          packet.protocol, packet.ip_version,  packet.encapsulation};
}

FragmentTable::Set& FragmentTable::SetOf(const Key& key) {
  const uint64_t rest = static_cast<uint64_t>(key.fragment_id) << 24 |
                        static_cast<uint64_t>(key.protocol) << 16 |
                        static_cast<uint64_t>(key.ip_version) << 8 | static_cast<uint64_t>(key.encapsulation);
  const uint64_t source = Fold(key.source.high ^ secrets_[0], key.source.low ^ secrets_[1]);
  const uint64_t destination = Fold(key.destination.high ^ secrets_[2], key.destination.low ^ secrets_[3]);
  const uint64_t hash = Fold(source ^ rest ^ secrets_[4], destination);
  return sets_[static_cast<size_t>((hash >> 32) * sets_.size() >> 32)];
}

// In the place of a fragment with the same key (its identification came round), else of the oldest: an unused
// entry is older than any.
void FragmentTable::Remember(const Key& key, const DecodedPacket& first) {
  Set& set = SetOf(key);
  Entry* place = set.data();
  for (Entry& entry : set) {
    if (entry.key == key) {
      place = &entry;
      break;
    }
    const bool is_older = entry.seen_unix_ns < place->seen_unix_ns;
    if (place->key.ip_version != 0 && (entry.key.ip_version == 0 || is_older)) place = &entry;
  }
  *place = {key, first.source_port, first.destination_port, first.captured_unix_ns};
}

}  // namespace kansoku::collector
