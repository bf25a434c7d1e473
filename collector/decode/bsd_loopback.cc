// SPDX-License-Identifier: Apache-2.0
//
// https://www.tcpdump.org/linktypes/LINKTYPE_NULL.html and LINKTYPE_LOOP
#include "collector/decode/link_headers.h"

namespace kansoku::collector {
namespace {

constexpr size_t kOctets = 4;

// AF_INET, and AF_INET6 of the BSDs, macOS and Linux.
NextHeader NextOf(uint32_t family) {
  switch (family) {
    case 2:
      return EtherType(kTypeIpv4);
    case 10:
    case 24:
    case 28:
    case 30:
      return EtherType(kTypeIpv6);
    default:
      return NotIp();
  }
}

uint32_t SwapOctets(uint32_t v) { return v << 24 | (v & 0xff00) << 8 | (v >> 8 & 0xff00) | v >> 24; }

}  // namespace

NextHeader ReadBsdNull(WireCursor& in) {
  const auto header = in.Take<kOctets>();
  if (!header) return Missing(in, kOctets);
  const NextHeader next = NextOf(Big32<0>(*header));
  return next.refusal == Refusal::kNone ? next : NextOf(SwapOctets(Big32<0>(*header)));
}

NextHeader ReadBsdLoop(WireCursor& in) {
  const auto header = in.Take<kOctets>();
  return header ? NextOf(Big32<0>(*header)) : Missing(in, kOctets);
}

}  // namespace kansoku::collector
