// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/link_headers.h"

namespace kansoku::collector {
namespace {

// RFC 1662 section 3.1.
constexpr size_t kFramingOctets = 2;
constexpr uint8_t kAllStations = 0xff;
constexpr uint16_t kFraming = 0xff03;

// https://www.iana.org/assignments/ppp-numbers
constexpr uint16_t kPppIpv4 = 0x0021, kPppIpv6 = 0x0057, kPppMpls = 0x0281, kPppMplsUpstream = 0x0283;

// RFC 2516 section 4: version and type 1, code 0 in a session.
constexpr size_t kPppoeOctets = 6;
constexpr uint16_t kPppoeSession = 0x1100;

NextHeader NextOf(uint16_t protocol) {
  switch (protocol) {
    case kPppIpv4:
      return EtherType(kTypeIpv4);
    case kPppIpv6:
      return EtherType(kTypeIpv6);
    case kPppMpls:
      return EtherType(kTypeMpls);
    case kPppMplsUpstream:
      return EtherType(kTypeMplsUpstream);
    default:
      return NotIp();
  }
}

}  // namespace

// RFC 1661 section 2: the low bit of the first octet ends the protocol field; section 6.5 compresses it to
// one octet.
NextHeader ReadPpp(WireCursor& in) {
  auto first = in.Peek<1>();
  if (first && Big8<0>(*first) == kAllStations) {
    const auto framing = in.Take<kFramingOctets>();
    if (!framing) return Missing(in, kFramingOctets);
    if (Big16<0>(*framing) != kFraming) return NotIp();
    first = in.Peek<1>();
  }
  if (!first) return Missing(in, 1);
  if (Big8<0>(*first) & 1) {
    in.Skip(1);
    return NextOf(Big8<0>(*first));
  }
  const auto protocol = in.Take<2>();
  return protocol ? NextOf(Big16<0>(*protocol)) : Missing(in, 2);
}

NextHeader ReadPppoe(WireCursor& in) {
  const auto header = in.Take<kPppoeOctets>();
  if (!header) return Missing(in, kPppoeOctets);
  if (Big16<0>(*header) != kPppoeSession) return Refuse(Refusal::kLinkMalformed);
  in.EndAfter(Big16<4>(*header));
  return ReadPpp(in);
}

}  // namespace kansoku::collector
