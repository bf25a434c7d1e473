// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/link_layer.h"

#include <optional>

namespace kansoku::collector {
namespace {

// https://www.iana.org/assignments/ieee-802-numbers
constexpr uint16_t kTypeIpv4 = 0x0800, kTypeIpv6 = 0x86dd, kTypeVlan = 0x8100, kTypeServiceVlan = 0x88a8,
                   kTypeOldServiceVlan = 0x9100, kTypePppoeSession = 0x8864, kTypeMpls = 0x8847,
                   kTypeMplsUpstream = 0x8848, kTypeCiscoFabricPath = 0x8903;
// Not an EtherType: an IP header whose version nibble is all there is to know. IEEE 802.3 leaves 1501 to 1535
// free.
constexpr uint16_t kTypeSomeIp = 1501;
constexpr uint16_t kLargest8023Length = 1500;

// https://www.iana.org/assignments/ppp-numbers
constexpr uint16_t kPppIpv4 = 0x0021, kPppIpv6 = 0x0057, kPppMpls = 0x0281, kPppMplsUpstream = 0x0283;

constexpr int kMaxLinkHeaders = 8;
constexpr int kMaxMplsLabels = 16;

struct NextHeader {
  Refusal refusal = Refusal::kNone;
  uint16_t type = 0;  // EtherType, or an 802.3 length
};

NextHeader Refuse(Refusal refusal) { return {.refusal = refusal}; }
NextHeader Continue(uint16_t type) { return {.type = type}; }

NextHeader RefuseMissing(const WireCursor& in, size_t octets) {
  return Refuse(in.on_wire() < octets ? Refusal::kLinkMalformed : Refusal::kLinkShort);
}

// IEEE 802.3.
constexpr size_t kEthernetOctets = 14;
NextHeader ReadEthernet(WireCursor& in) {
  const auto header = in.Take<kEthernetOctets>();
  if (!header) return RefuseMissing(in, kEthernetOctets);
  return Continue(Big16<12>(*header));
}

// IEEE 802.1Q.
constexpr size_t kVlanTagOctets = 4;
NextHeader ReadVlanTag(WireCursor& in) {
  const auto tag = in.Take<kVlanTagOctets>();
  if (!tag) return RefuseMissing(in, kVlanTagOctets);
  return Continue(Big16<2>(*tag));
}

// IEEE 802.2; SNAP: RFC 1042.
constexpr size_t kLlcOctets = 3, kSnapOctets = 5;
constexpr uint32_t kLlcSnap = 0xaaaa03, kLlcIp = 0x060603;
constexpr uint32_t kSnapEtherType = 0x000000, kSnapBridgeTunnel = 0x0000f8;
NextHeader ReadLlc(WireCursor& in) {
  const auto llc = in.Take<kLlcOctets>();
  if (!llc) return RefuseMissing(in, kLlcOctets);
  const uint32_t service = uint32_t{Big16<0>(*llc)} << 8 | Big8<2>(*llc);
  if (service == kLlcIp) return Continue(kTypeSomeIp);
  if (service != kLlcSnap) return Refuse(Refusal::kNotIp);
  const auto snap = in.Take<kSnapOctets>();
  if (!snap) return RefuseMissing(in, kSnapOctets);
  const uint32_t organisation = Big32<0>(*snap) >> 8;
  if (organisation != kSnapEtherType && organisation != kSnapBridgeTunnel) return Refuse(Refusal::kNotIp);
  return Continue(Big16<3>(*snap));
}

// RFC 1661 section 2: the low bit of the first octet ends the field; RFC 1661 section 6.5 compresses it to
// one octet.
NextHeader ReadPppProtocol(WireCursor& in) {
  const auto first = in.Peek<1>();
  if (!first) return RefuseMissing(in, 1);
  uint16_t protocol = Big8<0>(*first);
  if (protocol & 1) {
    in.Skip(1);
  } else {
    const auto both = in.Take<2>();
    if (!both) return RefuseMissing(in, 2);
    protocol = Big16<0>(*both);
  }
  switch (protocol) {
    case kPppIpv4:
      return Continue(kTypeIpv4);
    case kPppIpv6:
      return Continue(kTypeIpv6);
    case kPppMpls:
      return Continue(kTypeMpls);
    case kPppMplsUpstream:
      return Continue(kTypeMplsUpstream);
    default:
      return Refuse(Refusal::kNotIp);
  }
}

// RFC 2516 section 4: version and type 1, code 0 in a session.
constexpr size_t kPppoeOctets = 6;
constexpr uint16_t kPppoeSession = 0x1100;
NextHeader ReadPppoe(WireCursor& in) {
  const auto header = in.Take<kPppoeOctets>();
  if (!header) return RefuseMissing(in, kPppoeOctets);
  if (Big16<0>(*header) != kPppoeSession) return Refuse(Refusal::kLinkMalformed);
  in.EndAfter(Big16<4>(*header));
  return ReadPppProtocol(in);
}

// RFC 3032. What follows the stack is not announced; RFC 4928 section 3 has the first nibble tell IP from
// a pseudowire's control word (RFC 4385: 0, and 1 for an associated channel).
constexpr size_t kMplsLabelOctets = 4, kControlWordOctets = 4;
constexpr uint32_t kBottomOfStack = 0x100;
NextHeader ReadMpls(WireCursor& in) {
  for (int labels = 0; labels < kMaxMplsLabels; ++labels) {
    const auto label = in.Take<kMplsLabelOctets>();
    if (!label) return RefuseMissing(in, kMplsLabelOctets);
    if ((Big32<0>(*label) & kBottomOfStack) == 0) continue;

    const auto first = in.Peek<1>();
    if (!first) return RefuseMissing(in, 1);
    const uint8_t nibble = Big8<0>(*first) >> 4;
    if (nibble == 4 || nibble == 6) return Continue(kTypeSomeIp);
    if (nibble != 0) return Refuse(Refusal::kNotIp);
    if (!in.Skip(kControlWordOctets)) return RefuseMissing(in, kControlWordOctets);
    return ReadEthernet(in);
  }
  return Refuse(Refusal::kLinkTooDeep);
}

// Cisco FabricPath: forwarding tag and TTL, then the frame of the edge.
constexpr size_t kFabricPathTagOctets = 2;
NextHeader ReadFabricPath(WireCursor& in) {
  if (!in.Skip(kFabricPathTagOctets)) return RefuseMissing(in, kFabricPathTagOctets);
  return ReadEthernet(in);
}

Refusal ReadFromType(uint16_t type, WireCursor& in, DecodedPacket& out) {
  for (int headers = 0; headers < kMaxLinkHeaders; ++headers) {
    NextHeader next;
    switch (type) {
      case kTypeIpv4:
        out.ip_version = 4;
        return Refusal::kNone;
      case kTypeIpv6:
        out.ip_version = 6;
        return Refusal::kNone;
      case kTypeSomeIp:
        return Refusal::kNone;
      case kTypeVlan:
      case kTypeServiceVlan:
      case kTypeOldServiceVlan:
        next = ReadVlanTag(in);
        break;
      case kTypePppoeSession:
        out.encapsulation = Encapsulation::kPppoe;
        next = ReadPppoe(in);
        break;
      case kTypeMpls:
      case kTypeMplsUpstream:
        out.encapsulation = Encapsulation::kMpls;
        next = ReadMpls(in);
        break;
      case kTypeCiscoFabricPath:
        next = ReadFabricPath(in);
        break;
      default:
        if (type > kLargest8023Length) return Refusal::kNotIp;
        in.EndAfter(type);
        next = ReadLlc(in);
    }
    if (next.refusal != Refusal::kNone) return next.refusal;
    type = next.type;
  }
  return Refusal::kLinkTooDeep;
}

// https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html and LINKTYPE_LINUX_SLL2.html
constexpr size_t kCookedOctets = 16, kCookedV2Octets = 20;
constexpr uint16_t kCookedOutgoing = 4;
constexpr uint16_t kCookedLlc = 4;
constexpr uint16_t kHardwareNetlink = 824;  // the protocol field is a netlink family then
Refusal ReadCooked(uint16_t packet_type, uint16_t hardware, uint16_t protocol, WireCursor& in,
                   DecodedPacket& out) {
  if (out.side == Side::kUnknown) out.side = packet_type == kCookedOutgoing ? Side::kSent : Side::kReceived;
  if (hardware == kHardwareNetlink) return Refusal::kNotIp;
  if (protocol > kLargest8023Length) return ReadFromType(protocol, in, out);
  if (protocol != kCookedLlc) return Refusal::kNotIp;
  const NextHeader next = ReadLlc(in);
  return next.refusal != Refusal::kNone ? next.refusal : ReadFromType(next.type, in, out);
}

// https://www.tcpdump.org/linktypes/LINKTYPE_NULL.html: AF_INET, and AF_INET6 of the BSDs, macOS and Linux.
constexpr size_t kFamilyOctets = 4;
uint8_t IpVersionOfFamily(uint32_t family) {
  if (family == 2) return 4;
  return family == 24 || family == 28 || family == 30 || family == 10 ? 6 : 0;
}

uint32_t SwapOctets(uint32_t v) { return v << 24 | (v & 0xff00) << 8 | (v >> 8 & 0xff00) | v >> 24; }

Refusal ReadFamily(bool either_byte_order, WireCursor& in, DecodedPacket& out) {
  const auto header = in.Take<kFamilyOctets>();
  if (!header) return RefuseMissing(in, kFamilyOctets).refusal;
  const uint32_t family = Big32<0>(*header);
  out.ip_version = IpVersionOfFamily(family);
  if (out.ip_version == 0 && either_byte_order) out.ip_version = IpVersionOfFamily(SwapOctets(family));
  return out.ip_version != 0 ? Refusal::kNone : Refusal::kNotIp;
}

}  // namespace

Refusal ReadLinkLayer(const PacketView& packet, WireCursor& in, DecodedPacket& out) {
  switch (packet.link_type) {
    case LinkType::kEthernet: {
      const NextHeader next = ReadEthernet(in);
      return next.refusal != Refusal::kNone ? next.refusal : ReadFromType(next.type, in, out);
    }
    case LinkType::kLinuxCooked: {
      const auto header = in.Take<kCookedOctets>();
      if (!header) return RefuseMissing(in, kCookedOctets).refusal;
      return ReadCooked(Big16<0>(*header), Big16<2>(*header), Big16<14>(*header), in, out);
    }
    case LinkType::kLinuxCookedV2: {
      const auto header = in.Take<kCookedV2Octets>();
      if (!header) return RefuseMissing(in, kCookedV2Octets).refusal;
      return ReadCooked(Big8<10>(*header), Big16<8>(*header), Big16<0>(*header), in, out);
    }
    case LinkType::kRawIp:
      return Refusal::kNone;
    case LinkType::kBsdNull:
      return ReadFamily(true, in, out);
    case LinkType::kBsdLoop:
      return ReadFamily(false, in, out);
  }
  return Refusal::kNotIp;
}

}  // namespace kansoku::collector
