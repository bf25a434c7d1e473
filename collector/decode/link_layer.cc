// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/link_layer.h"

#include "collector/decode/link_headers.h"

namespace kansoku::collector {
namespace {

constexpr int kMaxLinkHeaders = 8;

NextHeader ReadHeaderOf(uint16_t type, WireCursor& in, Encapsulation& around) {
  switch (type) {
    case kTypeVlan:
    case kTypeServiceVlan:
    case kTypeOldServiceVlan:
      return ReadVlanTag(in);
    case kTypePppoeSession:
      around = Encapsulation::kPppoe;
      return ReadPppoe(in);
    case kTypeMpls:
    case kTypeMplsUpstream:
      around = Encapsulation::kMpls;
      return ReadMpls(in);
    case kTypeEthernet:
      return ReadEthernet(in);
    case kTypePpp:
      return ReadPpp(in);
    case kTypeCiscoFabricPath:
      return ReadCiscoFabricPath(in);
    case kTypeCiscoMetaData:
      return ReadCiscoMetaData(in);
    default:
      if (type > kLargest8023Length) return NotIp();
      in.EndAfter(type);
      return ReadLlc(in);
  }
}

}  // namespace

NextHeader FindIpBehind(NextHeader next, WireCursor& in, Encapsulation& around) {
  for (int headers = 0; headers < kMaxLinkHeaders; ++headers) {
    if (next.refusal != Refusal::kNone || next.type == kTypeIpv4 || next.type == kTypeIpv6) return next;
    next = ReadHeaderOf(next.type, in, around);
  }
  return Refuse(Refusal::kLinkTooDeep);
}

NextHeader ReadOtherLink(LinkType link_type, WireCursor& in, Side& side) {
  switch (link_type) {
    case LinkType::kEthernet:
      return ReadEthernet(in);
    case LinkType::kLinuxCooked:
      return ReadLinuxCooked(in, side);
    case LinkType::kLinuxCookedV2:
      return ReadLinuxCookedV2(in, side);
    case LinkType::kRawIp: {
      // What is no IP at all is the IP header's fault: there is no link header to blame.
      const NextHeader next = IpOfAnyVersion(in);
      return next.refusal == Refusal::kNone ? next : EtherType(kTypeIpv4);
    }
    case LinkType::kBsdNull:
      return ReadBsdNull(in);
    case LinkType::kBsdLoop:
      return ReadBsdLoop(in);
    case LinkType::kPpp:
      return ReadPpp(in);
    case LinkType::kPppHdlc:
      return ReadPppHdlc(in);
    case LinkType::kPppoeSession:
      return EtherType(kTypePppoeSession);
    case LinkType::kCiscoHdlc:
      return ReadCiscoHdlc(in);
    case LinkType::kFrameRelay:
      return ReadFrameRelay(in);
    case LinkType::kNflog:
      return ReadNflog(in);
    case LinkType::kNotIp:
      return NotIp();
    case LinkType::kUnsupported:
      break;
  }
  return Refuse(Refusal::kLinkUnsupported);
}

}  // namespace kansoku::collector
