// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/link_headers.h"

namespace kansoku::collector {
namespace {

constexpr size_t kLabelOctets = 4, kControlWordOctets = 4;
constexpr uint32_t kBottomOfStack = 0x100;
constexpr int kMaxLabels = 16;

// An Ethernet header without tags, and the octet that would hold the version of IP.
constexpr size_t kEthernetOctets = 14, kThroughVersionOctets = kEthernetOctets + 1;

// Whether a frame would begin here that leads on to IP. The first nibble of IP tells chance from a header.
bool LooksLikeFrame(Header<kThroughVersionOctets> frame) {
  const uint8_t version = Big8<kEthernetOctets>(frame) >> 4;
  switch (Big16<kEthernetOctets - 2>(frame)) {
    case kTypeIpv4:
      return version == 4;
    case kTypeIpv6:
      return version == 6;
    case kTypeVlan:
    case kTypeServiceVlan:
    case kTypeOldServiceVlan:
    case kTypeMpls:
    case kTypePppoeSession:
      return true;
    default:
      return false;
  }
}

// A pseudowire's frame has a control word before it or not, and nothing announces which (RFC 4448
// section 4.6, RFC 4385 section 3). A first nibble of 0 may begin an address too, so what would follow
// decides; where that does not, the twelve bits behind the nibble, which are 0 in Ethernet's control word.
NextHeader ReadPseudowire(uint16_t first_16_bits, WireCursor& in) {
  constexpr size_t kBothOctets = kControlWordOctets + kThroughVersionOctets;
  const auto begin = in.Peek<kBothOctets>();
  if (!begin && in.on_wire() >= kBothOctets) return Missing(in, kBothOctets);
  const bool may_have_control_word = first_16_bits >> 12 == 0;
  const bool is_with = begin && may_have_control_word && LooksLikeFrame(begin->last<kThroughVersionOctets>());
  const bool is_without = begin && LooksLikeFrame(begin->first<kThroughVersionOctets>());
  if (!may_have_control_word && !is_without) return NotIp();
  const bool has_control_word = is_with != is_without ? is_with : first_16_bits == 0;
  if (has_control_word && !in.Skip(kControlWordOctets)) return Missing(in, kControlWordOctets);
  return EtherType(kTypeEthernet);
}

// What follows the stack is not announced. RFC 4928 section 3 has the first nibble tell IP from a pseudowire.
NextHeader ReadBehindStack(WireCursor& in) {
  const NextHeader ip = IpOfAnyVersion(in);
  if (ip.refusal != Refusal::kNotIp) return ip;
  const auto begin = in.Peek<2>();
  return begin ? ReadPseudowire(Big16<0>(*begin), in) : Missing(in, 2);
}

}  // namespace

NextHeader ReadMpls(WireCursor& in) {
  for (int labels = 0; labels < kMaxLabels; ++labels) {
    const auto label = in.Take<kLabelOctets>();
    if (!label) return Missing(in, kLabelOctets);
    if (Big32<0>(*label) & kBottomOfStack) return ReadBehindStack(in);
  }
  return Refuse(Refusal::kLinkTooDeep);
}

}  // namespace kansoku::collector
