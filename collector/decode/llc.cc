// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/link_headers.h"

namespace kansoku::collector {
namespace {

constexpr size_t kLlcOctets = 3, kSnapOctets = 5;
constexpr uint32_t kLlcSnap = 0xaaaa03, kLlcIp = 0x060603;

constexpr uint32_t kSnapEtherType = 0x000000, kSnapBridgeTunnel = 0x0000f8, kSnapBridged = 0x0080c2;
constexpr uint16_t kBridgedEthernetWithFcs = 0x0001, kBridgedEthernet = 0x0007;

}  // namespace

NextHeader ReadLlc(WireCursor& in) {
  const auto llc = in.Take<kLlcOctets>();
  if (!llc) return Missing(in, kLlcOctets);
  const uint32_t service = uint32_t{Big16<0>(*llc)} << 8 | Big8<2>(*llc);
  if (service == kLlcIp) return IpOfAnyVersion(in);
  return service == kLlcSnap ? ReadSnap(in) : NotIp();
}

NextHeader ReadSnap(WireCursor& in) {
  const auto snap = in.Take<kSnapOctets>();
  if (!snap) return Missing(in, kSnapOctets);
  const uint16_t type = Big16<3>(*snap);
  switch (Big32<0>(*snap) >> 8) {
    case kSnapEtherType:
    case kSnapBridgeTunnel:
      return EtherType(type);
    case kSnapBridged:
      return type == kBridgedEthernet || type == kBridgedEthernetWithFcs ? EtherType(kTypeEthernet) : NotIp();
    default:
      return NotIp();
  }
}

}  // namespace kansoku::collector
