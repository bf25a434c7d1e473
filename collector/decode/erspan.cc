// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/tunnel_headers.h"

namespace kansoku::collector {
namespace {

constexpr size_t kV2Octets = 8, kV3Octets = 12, kV3SubheaderOctets = 8;
constexpr uint8_t kVersion2 = 1, kVersion3 = 2;

// The last 16 bits of type III's header: what the mirrored frame is, and whether a subheader follows.
constexpr uint16_t kFrameType = 0x7c00, kFrameEthernet = 0x0000, kFrameIp = 0x0800, kSubheader = 0x0001;

}  // namespace

NextHeader ReadErspan(WireCursor& in, bool has_sequence) {
  if (!has_sequence) return EtherType(kTypeEthernet);
  const auto header = in.Take<kV2Octets>();
  if (!header) return Missing(in, kV2Octets);
  return Big8<0>(*header) >> 4 == kVersion2 ? EtherType(kTypeEthernet) : Refuse(Refusal::kLinkMalformed);
}

NextHeader ReadErspanV3(WireCursor& in) {
  const auto header = in.Take<kV3Octets>();
  if (!header) return Missing(in, kV3Octets);
  if (Big8<0>(*header) >> 4 != kVersion3) return Refuse(Refusal::kLinkMalformed);
  const uint16_t last = Big16<10>(*header);
  if ((last & kSubheader) != 0 && !in.Skip(kV3SubheaderOctets)) return Missing(in, kV3SubheaderOctets);
  switch (last & kFrameType) {
    case kFrameEthernet:
      return EtherType(kTypeEthernet);
    case kFrameIp:
      return IpOfAnyVersion(in);
    default:
      return NotIp();
  }
}

}  // namespace kansoku::collector
