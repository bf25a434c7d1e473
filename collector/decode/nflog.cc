// SPDX-License-Identifier: Apache-2.0
//
// https://www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html
#include "collector/decode/link_headers.h"

namespace kansoku::collector {
namespace {

constexpr size_t kOctets = 4, kAttributeOctets = 4, kAlignment = 4;
constexpr uint8_t kFamilyIpv4 = 2, kFamilyIpv6 = 10;
constexpr uint16_t kPayload = 9;  // NFULA_PAYLOAD
constexpr int kMaxAttributes = 64;

struct Attribute {
  uint16_t octets;  // its header included
  uint16_t type;
};

uint16_t SwapOctets(uint16_t v) { return static_cast<uint16_t>(v << 8 | v >> 8); }

// In the byte order of the host that captured. All types are below 256, so the first octet of the type is 0
// in one order and not in the other.
Attribute ReadAttribute(Header<kAttributeOctets> header) {
  const Attribute big{Big16<0>(header), Big16<2>(header)};
  return Big8<2>(header) == 0 ? big : Attribute{SwapOctets(big.octets), SwapOctets(big.type)};
}

NextHeader NextOf(uint8_t family) {
  if (family == kFamilyIpv4) return EtherType(kTypeIpv4);
  return family == kFamilyIpv6 ? EtherType(kTypeIpv6) : NotIp();
}

}  // namespace

NextHeader ReadNflog(WireCursor& in) {
  const auto header = in.Take<kOctets>();
  if (!header) return Missing(in, kOctets);
  for (int attributes = 0; attributes < kMaxAttributes; ++attributes) {
    const auto octets = in.Take<kAttributeOctets>();
    if (!octets) return Missing(in, kAttributeOctets);
    const Attribute attribute = ReadAttribute(*octets);
    if (attribute.octets < kAttributeOctets) return Refuse(Refusal::kLinkMalformed);
    const size_t value_octets = attribute.octets - kAttributeOctets;
    if (attribute.type == kPayload) {
      in.EndAfter(value_octets);
      return NextOf(Big8<0>(*header));
    }
    const size_t padded_octets = (value_octets + kAlignment - 1) / kAlignment * kAlignment;
    if (!in.Skip(padded_octets)) return Missing(in, padded_octets);
  }
  return Refuse(Refusal::kLinkTooDeep);
}

}  // namespace kansoku::collector
