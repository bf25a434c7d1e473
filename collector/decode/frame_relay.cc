// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/link_headers.h"

namespace kansoku::collector {
namespace {

// Q.922 section 3.3: the low bit of an octet ends the address.
constexpr int kMaxAddressOctets = 4;
constexpr uint8_t kLastOfAddress = 1;

// RFC 2427 section 3: control, perhaps a pad, and the NLPID (section 4; RFC 1973 for PPP).
constexpr uint8_t kUnnumberedInformation = 0x03, kPad = 0x00;
constexpr uint8_t kNlpidSnap = 0x80, kNlpidIpv6 = 0x8e, kNlpidIpv4 = 0xcc, kNlpidPpp = 0xcf;

NextHeader ReadAddress(WireCursor& in) {
  for (int octets = 1; octets <= kMaxAddressOctets; ++octets) {
    const auto octet = in.Take<1>();
    if (!octet) return Missing(in, 1);
    if ((Big8<0>(*octet) & kLastOfAddress) == 0) continue;
    return octets == 1 ? Refuse(Refusal::kLinkMalformed) : NextHeader();
  }
  return Refuse(Refusal::kLinkMalformed);
}

}  // namespace

NextHeader ReadFrameRelay(WireCursor& in) {
  if (const NextHeader address = ReadAddress(in); address.refusal != Refusal::kNone) return address;
  const auto control = in.Peek<1>();
  if (!control) return Missing(in, 1);
  if (Big8<0>(*control) != kUnnumberedInformation) {
    // Cisco's encapsulation has an EtherType in this place.
    const auto type = in.Take<2>();
    return type ? EtherType(Big16<0>(*type)) : Missing(in, 2);
  }
  in.Skip(1);
  auto nlpid = in.Take<1>();
  if (nlpid && Big8<0>(*nlpid) == kPad) nlpid = in.Take<1>();
  if (!nlpid) return Missing(in, 1);
  switch (Big8<0>(*nlpid)) {
    case kNlpidIpv4:
      return EtherType(kTypeIpv4);
    case kNlpidIpv6:
      return EtherType(kTypeIpv6);
    case kNlpidSnap:
      return ReadSnap(in);
    case kNlpidPpp:
      return ReadPpp(in);
    default:
      return NotIp();
  }
}

}  // namespace kansoku::collector
