// SPDX-License-Identifier: Apache-2.0
#include "collector/five_tuples.h"

#include <algorithm>
#include <map>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_format.h"
#include "collector/classify/prefix.h"
#include "proto/contract/window.h"

namespace kansoku::collector {
namespace {

std::string Seconds(int64_t unix_ns) {
  const int64_t whole = FloorTo(unix_ns, kNanosecondsPerSecond);
  return absl::StrFormat("%d.%09d", whole / kNanosecondsPerSecond, unix_ns - whole);
}

}  // namespace

void FiveTuples::Add(const DecodedPacket& packet) {
  Key key{.source = packet.source, .destination = packet.destination, .protocol = packet.protocol};
  if (!(packet.remarks & kRemarkLaterFragment)) {
    key.source_port = packet.source_port;
    key.destination_port = packet.destination_port;
  }
  Counts& counts = tuples_[key];
  const int64_t at = packet.captured_unix_ns;
  counts.first_unix_ns = counts.frames == 0 ? at : std::min(counts.first_unix_ns, at);
  counts.last_unix_ns = counts.frames == 0 ? at : std::max(counts.last_unix_ns, at);
  ++counts.frames;
  counts.ip_octets += packet.ip_octets;
  if (!packet.has_tcp_flags) return;
  counts.tcp_flags |= packet.tcp_flags;
  counts.syn_no_ack += (packet.tcp_flags & (kTcpSyn | kTcpAck)) == kTcpSyn;
}

size_t FiveTuples::bidirectional() const {
  absl::flat_hash_set<Key> ordered;
  for (const auto& [key, counts] : tuples_) {
    const bool swap = std::tie(key.destination, key.destination_port) < std::tie(key.source, key.source_port);
    ordered.insert(
        swap ? Key{key.destination, key.source, key.destination_port, key.source_port, key.protocol} : key);
  }
  return ordered.size();
}

void FiveTuples::WriteHeader(std::ostream& out) {
  out << "file,level,src,dst,proto,sport,dport,frames,ip_bytes,ts_min,ts_max,tcp_flags_or,syn_no_ack\n";
}

void FiveTuples::WriteRows(const std::string& file, const std::string& level, std::ostream& out) const {
  const std::map<Key, Counts> sorted(tuples_.begin(), tuples_.end());
  for (const auto& [key, counts] : sorted) {
    out << absl::StrFormat("%s,%s,%s,%s,%d,%d,%d,%d,%d,%s,%s,%d,%d\n", file, level, ToString(key.source),
                           ToString(key.destination), key.protocol, key.source_port, key.destination_port,
                           counts.frames, counts.ip_octets, Seconds(counts.first_unix_ns),
                           Seconds(counts.last_unix_ns), counts.tcp_flags, counts.syn_no_ack);
  }
}

}  // namespace kansoku::collector
