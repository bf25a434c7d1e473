// SPDX-License-Identifier: Apache-2.0
//
// https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html and LINKTYPE_LINUX_SLL2.html
#include "collector/decode/link_headers.h"

namespace kansoku::collector {
namespace {

constexpr size_t kOctets = 16, kV2Octets = 20;
constexpr uint16_t kOutgoing = 4;
constexpr uint16_t kProtocolLlc = 4;
constexpr uint16_t kHardwareNetlink = 824;  // the protocol field is a netlink family then

NextHeader NextOf(uint16_t packet_type, uint16_t hardware, uint16_t protocol, WireCursor& in, Side& side) {
  if (side == Side::kUnknown) side = packet_type == kOutgoing ? Side::kSent : Side::kReceived;
  if (hardware == kHardwareNetlink) return NotIp();
  return protocol == kProtocolLlc ? ReadLlc(in) : EtherType(protocol);
}

}  // namespace

NextHeader ReadLinuxCooked(WireCursor& in, Side& side) {
  const auto header = in.Take<kOctets>();
  if (!header) return Missing(in, kOctets);
  return NextOf(Big16<0>(*header), Big16<2>(*header), Big16<14>(*header), in, side);
}

NextHeader ReadLinuxCookedV2(WireCursor& in, Side& side) {
  const auto header = in.Take<kV2Octets>();
  if (!header) return Missing(in, kV2Octets);
  return NextOf(Big8<10>(*header), Big16<8>(*header), Big16<0>(*header), in, side);
}

}  // namespace kansoku::collector
