// SPDX-License-Identifier: Apache-2.0
//
// https://www.tcpdump.org/linktypes/LINKTYPE_PPP_HDLC.html and LINKTYPE_C_HDLC.html
#include "collector/decode/link_headers.h"

namespace kansoku::collector {
namespace {

// RFC 1547 section 4.3.1: address, control, EtherType.
constexpr size_t kCiscoOctets = 4;
constexpr uint8_t kCiscoUnicast = 0x0f, kCiscoMulticast = 0x8f;

}  // namespace

NextHeader ReadCiscoHdlc(WireCursor& in) {
  const auto header = in.Take<kCiscoOctets>();
  return header ? EtherType(Big16<2>(*header)) : Missing(in, kCiscoOctets);
}

NextHeader ReadPppHdlc(WireCursor& in) {
  const auto address = in.Peek<1>();
  if (!address) return Missing(in, 1);
  const bool is_cisco = Big8<0>(*address) == kCiscoUnicast || Big8<0>(*address) == kCiscoMulticast;
  return is_cisco ? ReadCiscoHdlc(in) : ReadPpp(in);
}

}  // namespace kansoku::collector
