// SPDX-License-Identifier: Apache-2.0
#include "collector/port_table.h"

#include <functional>
#include <map>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_format.h"

namespace kansoku::collector {
namespace {

// Both halves of each address: all that there is to hash and to compare.
using AddressSet = absl::flat_hash_set<std::pair<uint64_t, uint64_t>>;

struct PortCounts {
  uint64_t frames = 0;
  uint64_t syn_no_ack = 0;
  AddressSet sources;
  AddressSet destinations;
};

}  // namespace

void WritePortHeader(std::ostream& out) {
  out << "file,proto,dst_port,frames,src_addrs,dst_addrs,syn_no_ack\n";
}

void WritePortRows(const std::string& file, const FiveTuples& tuples, std::ostream& out) {
  using Port = std::pair<uint8_t, uint16_t>;
  std::map<Port, PortCounts> ports;
  for (const auto& [key, counts] : tuples.tuples()) {
    PortCounts& port = ports[{key.protocol, key.destination_port}];
    port.frames += counts.frames;
    port.syn_no_ack += counts.syn_no_ack;
    port.sources.insert({key.source.high, key.source.low});
    port.destinations.insert({key.destination.high, key.destination.low});
  }
  std::multimap<uint64_t, const std::pair<const Port, PortCounts>*, std::greater<>> by_frames;
  for (const auto& port : ports) by_frames.emplace(port.second.frames, &port);
  for (const auto& [frames, port] : by_frames) {
    const auto& [protocol, number] = port->first;
    out << absl::StrFormat("%s,%d,%d,%d,%d,%d,%d\n", file, protocol, number, frames,
                           port->second.sources.size(), port->second.destinations.size(),
                           port->second.syn_no_ack);
  }
}

}  // namespace kansoku::collector
