// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/tunnel_headers.h"

namespace kansoku::collector {

namespace {

constexpr size_t kOctets = 8;
constexpr uint8_t kIdentifierValid = 0x08;

// draft-ietf-nvo3-vxlan-gpe-13 section 3: version 0, what follows is named, maintenance.
constexpr uint8_t kVersion = 0x30, kNextProtocolPresent = 0x04, kMaintenance = 0x01;
constexpr uint8_t kNextIpv4 = 1, kNextIpv6 = 2, kNextEthernet = 3;

}  // namespace

// RFC 7348 section 5: of the first octet only the flag of a valid network identifier must be set; the others
// are ignored.
NextHeader ReadVxlan(WireCursor& in) {
  const auto header = in.Take<kOctets>();
  if (!header) return MissingFirst(in, kOctets);
  return Big8<0>(*header) & kIdentifierValid ? EtherType(kTypeEthernet) : NotIp();
}

NextHeader ReadVxlanGpe(WireCursor& in) {
  const auto header = in.Take<kOctets>();
  if (!header) return MissingFirst(in, kOctets);
  const uint8_t flags = Big8<0>(*header);
  if ((flags & (kVersion | kMaintenance | kIdentifierValid)) != kIdentifierValid) return NotIp();
  switch (flags & kNextProtocolPresent ? Big8<3>(*header) : kNextEthernet) {
    case kNextIpv4:
      return EtherType(kTypeIpv4);
    case kNextIpv6:
      return EtherType(kTypeIpv6);
    case kNextEthernet:
      return EtherType(kTypeEthernet);
    default:
      return NotIp();
  }
}

}  // namespace kansoku::collector
