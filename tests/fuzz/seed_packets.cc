// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/seed_packets.h"

#include <utility>

#include "collector/decode/decoded_packet.h"
#include "tests/testing/packet_builder.h"

namespace kansoku::fuzz {
namespace {

using collector::LinkType;
using testing::PacketBuilder;

class Seeds {
 public:
  void Add(const std::string& name, const PacketBuilder& packet, LinkType link_type = LinkType::kEthernet) {
    seeds_.push_back({name, link_type, packet.Build()});
  }
  std::vector<SeedPacket> Take() { return std::move(seeds_); }

 private:
  std::vector<SeedPacket> seeds_;
};

PacketBuilder Ip(PacketBuilder link, int version) {
  return version == 4 ? link.Ipv4("192.0.2.1", "198.51.100.2") : link.Ipv6("2001:db8::1", "2001:db8:dead::2");
}

void AddTransports(int version, Seeds& seeds) {
  const std::string over = "_v" + std::to_string(version);
  const PacketBuilder ip = Ip(PacketBuilder().Ethernet(), version);
  seeds.Add("tcp" + over, PacketBuilder(ip).Tcp(40000, 443, collector::kTcpSyn).Payload(8));
  seeds.Add("udp" + over, PacketBuilder(ip).Udp(40000, 53).Payload(8));
  seeds.Add("udp_lite" + over, PacketBuilder(ip).UdpLite(40000, 53).Payload(8));
  seeds.Add("sctp" + over, PacketBuilder(ip).Sctp(40000, 3868));
  seeds.Add("icmp" + over, version == 4 ? PacketBuilder(ip).Icmp(8, 0) : PacketBuilder(ip).Icmpv6(128, 0));
}

void AddLinks(int version, Seeds& seeds) {
  const std::string over = "_v" + std::to_string(version);
  const auto add = [&](const std::string& name, const PacketBuilder& link, LinkType type) {
    seeds.Add(name + over, Ip(link, version).Tcp(40000, 443, collector::kTcpAck), type);
  };
  add("qinq", PacketBuilder().Ethernet().Vlan(7, 0x88a8).Vlan(8), LinkType::kEthernet);
  add("pppoe", PacketBuilder().Ethernet().Pppoe(), LinkType::kEthernet);
  add("mpls", PacketBuilder().Ethernet().Mpls(16).Mpls(17), LinkType::kEthernet);
  add("sll", PacketBuilder().LinuxCooked(0), LinkType::kLinuxCooked);
  add("sll2", PacketBuilder().LinuxCookedV2(0), LinkType::kLinuxCookedV2);
  add("raw", PacketBuilder(), LinkType::kRawIp);
  add("null", PacketBuilder().BsdNull(version == 4 ? 2 : 24), LinkType::kBsdNull);
  add("loop", PacketBuilder().BsdLoop(version == 4 ? 2 : 24), LinkType::kBsdLoop);
  add("ppp", PacketBuilder().Ppp(), LinkType::kPpp);
  add("ppp_hdlc", PacketBuilder().Ppp(), LinkType::kPppHdlc);
  add("cisco_hdlc", PacketBuilder().CiscoHdlc(), LinkType::kCiscoHdlc);
  add("frame_relay", PacketBuilder().CiscoFrameRelay(), LinkType::kFrameRelay);
  add("frame_relay_nlpid", PacketBuilder().FrameRelay(version == 4 ? 0xcc : 0x8e), LinkType::kFrameRelay);
  add("nflog", PacketBuilder().Nflog(version == 4 ? 2 : 10), LinkType::kNflog);
}

// `version` is the outer header's; both go inside.
void AddTunnels(int version, Seeds& seeds) {
  const PacketBuilder ip = Ip(PacketBuilder().Ethernet(), version);
  const auto datagram = [&](uint16_t port) { return PacketBuilder(ip).Udp(40000, port); };
  for (const int inner : {4, 6}) {
    const auto add = [&](const std::string& name, const PacketBuilder& tunnel) {
      const std::string over = "_v" + std::to_string(inner) + "_in_v" + std::to_string(version);
      seeds.Add(name + over, Ip(tunnel, inner).Tcp(40000, 443, collector::kTcpAck).Payload(4));
    };
    add("ip", ip);
    add("gre", PacketBuilder(ip).Gre({.checksum = true, .key = true, .sequence = true}));
    add("gre_ethernet", PacketBuilder(ip).Gre().Ethernet());
    add("pptp", PacketBuilder(ip).Pptp(true).Ppp());
    add("erspan2", PacketBuilder(ip).Gre({.sequence = true}).ErspanV2().Ethernet());
    add("erspan3", PacketBuilder(ip).Gre({.sequence = true}).ErspanV3(true).Ethernet());
    add("l2tp", datagram(1701).L2tp({.length = true, .sequence = true, .offset_octets = 2}).Ppp());
    add("gtpu", datagram(2152).Gtpu({0x85, 0xc0}, true));
    add("vxlan", datagram(4789).Vxlan().Ethernet().Vlan(7));
    add("geneve", datagram(6081).Geneve(8).Ethernet());
    add("teredo", datagram(3544).TeredoAuthentication().TeredoOrigin());
    add("mpls_udp", datagram(6635).Mpls(16));
  }
  const std::string over = "_v" + std::to_string(version);
  seeds.Add("esp" + over, PacketBuilder(ip).Esp(1).Payload(8));
  seeds.Add("esp_udp" + over, datagram(4500).Esp(1).Payload(8));
  seeds.Add("wireguard" + over, datagram(51820).Raw({4, 0, 0, 0}).Payload(12));
}

void AddExtensions(Seeds& seeds) {
  const PacketBuilder ip = Ip(PacketBuilder().Ethernet(), 6);
  seeds.Add("extensions", PacketBuilder(ip).HopByHop().DestinationOptions().Routing().Udp(1, 2));
  seeds.Add("fragment_first_v6", PacketBuilder(ip).Fragment(0, true).Udp(1, 2).Payload(8));
  seeds.Add("fragment_later_v6", PacketBuilder(ip).Fragment(8, false).Payload(8));
  seeds.Add("segment_routing", Ip(PacketBuilder(ip).SegmentRouting(), 6).Udp(1, 2));
  seeds.Add("jumbo", PacketBuilder(ip).Jumbo(16).Udp(1, 2));
  seeds.Add("fragment_first_v4", PacketBuilder()
                                     .Ethernet()
                                     .Ipv4("192.0.2.1", "198.51.100.2", {.more_fragments = true})
                                     .Udp(1, 2)
                                     .Payload(8));
  seeds.Add("fragment_later_v4",
            PacketBuilder().Ethernet().Ipv4("192.0.2.1", "198.51.100.2", {.fragment_offset = 8}).Payload(8));
  seeds.Add("options_v4",
            PacketBuilder().Ethernet().Ipv4("192.0.2.1", "198.51.100.2", {.option_octets = 8}).Udp(1, 2));
}

}  // namespace

std::vector<SeedPacket> SeedPackets() {
  Seeds seeds;
  for (const int version : {4, 6}) {
    AddTransports(version, seeds);
    AddLinks(version, seeds);
    AddTunnels(version, seeds);
  }
  AddExtensions(seeds);
  return seeds.Take();
}

}  // namespace kansoku::fuzz
