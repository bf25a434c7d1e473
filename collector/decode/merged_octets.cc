// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/merged_octets.h"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace kansoku::collector {
namespace {

// What is left of all packets on the wire when the octets before the header are taken off each. Not less than
// the header states: a tunnel may have been seen where there is none.
uint32_t OctetsFrom(size_t header_at, const DecodedPacket& packet, uint32_t stated_octets) {
  const uint64_t wire_octets =
      packet.wire_octets + (packet.wire_packets - uint64_t{1}) * packet.header_octets;
  const uint64_t octets = wire_octets - std::min(wire_octets, packet.wire_packets * uint64_t{header_at});
  return static_cast<uint32_t>(
      std::clamp<uint64_t>(octets, stated_octets, std::numeric_limits<uint32_t>::max()));
}

}  // namespace

void SumMergedOctets(size_t outermost_at, size_t innermost_at, Layer layer, DecodedPacket& out) {
  if (out.header_octets == 0) return;  // nothing tells what each packet had
  out.outer_ip_octets = OctetsFrom(outermost_at, out, out.outer_ip_octets);
  out.inner_ip_octets = OctetsFrom(innermost_at, out, out.inner_ip_octets);
  out.ip_octets = layer == Layer::kInner ? out.inner_ip_octets : out.outer_ip_octets;
}

}  // namespace kansoku::collector
