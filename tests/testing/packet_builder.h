// SPDX-License-Identifier: Apache-2.0
//
// Readable packets for tests, outermost header first:
//
//   const std::vector<uint8_t> packet =
//       PacketBuilder().Ethernet().Vlan(7).Ipv4("192.0.2.1", "198.51.100.2").Tcp(40000, 443,
//       kTcpSyn).Build();
//   Decode(ViewOf(packet), decoded);
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "collector/capture/packet_view.h"

namespace kansoku::testing {

// Each call appends one header. Type fields ("what follows") are filled in when the next header is appended,
// lengths and IPv4 header checksums by Build(); checksums of transport headers stay 0. Arguments that make no
// sense (a bad address) abort. A value; not for threads.
class PacketBuilder {
 public:
  // Link layers.
  PacketBuilder& Ethernet();
  PacketBuilder& Vlan(uint16_t vlan_id, uint16_t tag_protocol = 0x8100);  // 0x88a8: 802.1ad
  PacketBuilder& Pppoe(uint16_t session_id = 1);                          // with a two-octet PPP protocol
  PacketBuilder& Mpls(uint32_t label);  // the last label before another header is the bottom of the stack
  PacketBuilder& LinuxCooked(uint16_t packet_type);
  PacketBuilder& LinuxCookedV2(uint8_t packet_type);
  PacketBuilder& BsdNull(uint32_t family);  // little-endian
  PacketBuilder& BsdLoop(uint32_t family);  // big-endian
  PacketBuilder& Ppp();                     // RFC 1662's framing and a two-octet protocol
  PacketBuilder& CiscoHdlc();
  PacketBuilder& FrameRelay(uint8_t nlpid);
  PacketBuilder& CiscoFrameRelay();  // with an EtherType instead
  // Of an AF_INET or AF_INET6 packet; the attributes in the byte order of a little-endian or other host.
  PacketBuilder& Nflog(uint8_t family, bool big_endian = false);

  // Network layer. Addresses as text. `fragment_offset` is in octets, a multiple of 8.
  struct Ipv4Fields {
    bool more_fragments = false;
    uint16_t fragment_offset = 0;
    size_t option_octets = 0;  // no-operations; rounded up to a multiple of 4, at most 40
    uint8_t ttl = 64;
    uint16_t identification = 0;
  };
  PacketBuilder& Ipv4(const std::string& source, const std::string& destination);
  PacketBuilder& Ipv4(const std::string& source, const std::string& destination, const Ipv4Fields& fields);
  PacketBuilder& Ipv6(const std::string& source, const std::string& destination);
  // IPv6 extension headers of eight octets, or more if `option_octets` (padding) asks for them.
  PacketBuilder& HopByHop(size_t option_octets = 4);
  PacketBuilder& DestinationOptions(size_t option_octets = 4);
  PacketBuilder& Routing();         // of an experimental type (RFC 4727)
  PacketBuilder& SegmentRouting();  // RFC 8754, one segment
  PacketBuilder& Fragment(uint16_t offset, bool more_fragments);
  // A hop-by-hop header with a jumbo payload option (RFC 2675); the IPv6 payload length becomes 0.
  PacketBuilder& Jumbo(uint32_t payload_octets);

  // Transport layer.
  PacketBuilder& Tcp(uint16_t source_port, uint16_t destination_port, uint8_t flags, uint32_t sequence = 1);
  PacketBuilder& Udp(uint16_t source_port, uint16_t destination_port);
  PacketBuilder& UdpLite(uint16_t source_port, uint16_t destination_port);
  PacketBuilder& Sctp(uint16_t source_port, uint16_t destination_port);
  PacketBuilder& Icmp(uint8_t type, uint8_t code);
  PacketBuilder& Icmpv6(uint8_t type, uint8_t code);

  // Tunnels. Those over UDP follow Udp() with their port.
  struct GreFields {
    bool checksum = false, key = false, sequence = false;
  };
  PacketBuilder& Gre();
  PacketBuilder& Gre(const GreFields& fields);
  PacketBuilder& Pptp(bool acknowledgment = false);  // GRE version 1; Ppp() comes next
  PacketBuilder& ErspanV2();                         // follows Gre() with a sequence number
  PacketBuilder& ErspanV3(bool subheader = false);
  struct L2tpFields {
    bool length = false, sequence = false;
    size_t offset_octets = 0;
  };
  PacketBuilder& L2tp();  // Ppp() comes next
  PacketBuilder& L2tp(const L2tpFields& fields);
  // With an extension header of four octets for each type.
  PacketBuilder& Gtpu(std::initializer_list<uint8_t> extensions = {}, bool sequence = false);
  PacketBuilder& Vxlan();
  PacketBuilder& Geneve(size_t option_octets = 0);  // a multiple of 4
  PacketBuilder& TeredoAuthentication();
  PacketBuilder& TeredoOrigin();
  PacketBuilder& Esp(uint32_t security_parameters_index);

  PacketBuilder& Payload(size_t octets, uint8_t value = 0);
  // Any octets, as they are. They do not announce themselves in the header before.
  PacketBuilder& Raw(std::initializer_list<uint8_t> octets);
  // What the header appended last says of what follows it (EtherType, PPP protocol or IP protocol number).
  PacketBuilder& Next(uint16_t type);
  // Damages the header appended last: the octets from `offset` on, after Build() has filled everything in.
  PacketBuilder& Overwrite(size_t offset, std::initializer_list<uint8_t> octets);

  std::vector<uint8_t> Build() const;

 private:
  enum class Naming : uint8_t { kNothing, kEtherType, kPppProtocol, kIpProtocol, kMplsBottom };
  struct LengthField {
    size_t at;
    size_t counted_from;
    bool little_endian = false;
  };
  struct Patch {
    size_t at;
    std::vector<uint8_t> octets;
  };
  struct Names {
    uint16_t ether_type = 0, ppp_protocol = 0, ip_protocol = 0;
  };

  PacketBuilder& Begin(const Names& names);
  PacketBuilder& Then(Naming naming, size_t at_in_header);
  PacketBuilder& Extension(uint8_t number, size_t option_octets);
  PacketBuilder& Ports(uint8_t protocol, uint16_t source_port, uint16_t destination_port);
  PacketBuilder& Put8(uint32_t value);
  PacketBuilder& Put16(uint32_t value);
  PacketBuilder& Put32(uint32_t value);
  PacketBuilder& PutAddress(int family, const std::string& text);

  std::vector<uint8_t> bytes_;
  size_t header_ = 0;  // where the header appended last begins
  size_t ipv6_ = 0;    // where the IPv6 header appended last begins
  Naming naming_ = Naming::kNothing;
  size_t naming_at_ = 0;
  std::vector<LengthField> lengths_;
  std::vector<size_t> ipv4_headers_;
  std::vector<Patch> patches_;
};

// The whole packet, borrowed, captured uncut at time 0.
collector::PacketView ViewOf(std::span<const uint8_t> packet,
                             collector::LinkType link_type = collector::LinkType::kEthernet);

// The first `captured` octets of the packet, as a snap length leaves them.
collector::PacketView Cut(const collector::PacketView& packet, size_t captured);

}  // namespace kansoku::testing
