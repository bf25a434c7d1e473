// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/packet_builder.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace kansoku::testing {
namespace {

constexpr size_t kIpv6HeaderOctets = 40;

void Store16(std::vector<uint8_t>& bytes, size_t at, size_t value) {
  bytes.at(at) = static_cast<uint8_t>(value >> 8);
  bytes.at(at + 1) = static_cast<uint8_t>(value);
}

// RFC 1071.
uint16_t InternetChecksum(std::span<const uint8_t> header) {
  uint32_t sum = 0;
  for (size_t i = 0; i + 1 < header.size(); i += 2)
    sum += static_cast<uint32_t>(header[i] << 8 | header[i + 1]);
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(~sum);
}

}  // namespace

PacketBuilder& PacketBuilder::Begin(const Names& names) {
  switch (naming_) {
    case Naming::kNothing:
      break;
    case Naming::kEtherType:
      Store16(bytes_, naming_at_, names.ether_type);
      break;
    case Naming::kPppProtocol:
      Store16(bytes_, naming_at_, names.ppp_protocol);
      break;
    case Naming::kIpProtocol:
      bytes_.at(naming_at_) = static_cast<uint8_t>(names.ip_protocol);
      break;
    case Naming::kMplsBottom:
      bytes_.at(naming_at_) |= names.ether_type == 0x8847 ? 0 : 1;
      break;
  }
  naming_ = Naming::kNothing;
  header_ = bytes_.size();
  return *this;
}

PacketBuilder& PacketBuilder::Then(Naming naming, size_t at_in_header) {
  naming_ = naming;
  naming_at_ = header_ + at_in_header;
  return *this;
}

PacketBuilder& PacketBuilder::Put8(uint32_t value) {
  bytes_.push_back(static_cast<uint8_t>(value));
  return *this;
}

PacketBuilder& PacketBuilder::Put16(uint32_t value) { return Put8(value >> 8).Put8(value); }
PacketBuilder& PacketBuilder::Put32(uint32_t value) { return Put16(value >> 16).Put16(value); }

PacketBuilder& PacketBuilder::PutAddress(int family, const std::string& text) {
  std::array<uint8_t, 16> address;
  if (inet_pton(family, text.c_str(), address.data()) != 1) std::abort();
  bytes_.insert(bytes_.end(), address.begin(), address.begin() + (family == AF_INET ? 4 : 16));
  return *this;
}

PacketBuilder& PacketBuilder::Ethernet() {
  return Begin({.ether_type = 0x6558, .ip_protocol = 143})
      .Raw({2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1})
      .Put16(0)
      .Then(Naming::kEtherType, 12);
}

PacketBuilder& PacketBuilder::Vlan(uint16_t vlan_id, uint16_t tag_protocol) {
  return Begin({.ether_type = tag_protocol}).Put16(vlan_id).Put16(0).Then(Naming::kEtherType, 2);
}

PacketBuilder& PacketBuilder::Pppoe(uint16_t session_id) {
  Begin({.ether_type = 0x8864}).Put8(0x11).Put8(0).Put16(session_id).Put16(0).Put16(0);
  lengths_.push_back({header_ + 4, header_ + 6});
  return Then(Naming::kPppProtocol, 6);
}

PacketBuilder& PacketBuilder::Mpls(uint32_t label) {
  return Begin({.ether_type = 0x8847, .ppp_protocol = 0x0281, .ip_protocol = 137})
      .Put32(label << 12 | 64)
      .Then(Naming::kMplsBottom, 2);
}

PacketBuilder& PacketBuilder::LinuxCooked(uint16_t packet_type) {
  return Begin({})
      .Put16(packet_type)
      .Put16(1)
      .Put16(6)
      .Raw({2, 0, 0, 0, 0, 1, 0, 0})
      .Put16(0)
      .Then(Naming::kEtherType, 14);
}

PacketBuilder& PacketBuilder::LinuxCookedV2(uint8_t packet_type) {
  Begin({}).Put16(0).Put16(0).Put32(1).Put16(1).Put8(packet_type).Put8(6).Raw({2, 0, 0, 0, 0, 1, 0, 0});
  return Then(Naming::kEtherType, 0);
}

PacketBuilder& PacketBuilder::BsdNull(uint32_t family) {
  return Begin({}).Put8(family).Put8(family >> 8).Put8(family >> 16).Put8(family >> 24);
}

PacketBuilder& PacketBuilder::BsdLoop(uint32_t family) { return Begin({}).Put32(family); }

PacketBuilder& PacketBuilder::Ppp() {
  return Begin({.ether_type = 0x880b}).Put16(0xff03).Put16(0).Then(Naming::kPppProtocol, 2);
}

PacketBuilder& PacketBuilder::CiscoHdlc() {
  return Begin({}).Put16(0x0f00).Put16(0).Then(Naming::kEtherType, 2);
}

PacketBuilder& PacketBuilder::FrameRelay(uint8_t nlpid) {
  return Begin({}).Put16(0x1841).Put8(3).Put8(nlpid);
}

PacketBuilder& PacketBuilder::CiscoFrameRelay() {
  return Begin({}).Put16(0x1841).Put16(0).Then(Naming::kEtherType, 2);
}

PacketBuilder& PacketBuilder::Nflog(uint8_t family, bool big_endian) {
  const auto attribute = [&](uint8_t octets, uint8_t type) -> PacketBuilder& {
    return big_endian ? Raw({0, octets, 0, type}) : Raw({octets, 0, type, 0});
  };
  Begin({}).Put8(family).Put8(0).Put16(0);
  attribute(5, 10).Raw({0, 0, 0, 0});  // an empty prefix, padded
  attribute(8, 4).Put32(2);            // the input interface
  attribute(0, 9);
  const size_t payload = bytes_.size() - 4;
  lengths_.push_back({payload, payload, !big_endian});
  return *this;
}

PacketBuilder& PacketBuilder::Ipv4(const std::string& source, const std::string& destination) {
  return Ipv4(source, destination, Ipv4Fields());
}

PacketBuilder& PacketBuilder::Ipv4(const std::string& source, const std::string& destination,
                                   const Ipv4Fields& fields) {
  const size_t option_words = std::min<size_t>((fields.option_octets + 3) / 4, 10);
  Begin({.ether_type = 0x0800, .ppp_protocol = 0x0021, .ip_protocol = 4});
  Put8(static_cast<uint32_t>(0x45 + option_words)).Put8(0).Put16(0).Put16(fields.identification);
  Put16((fields.more_fragments ? 0x2000u : 0u) | fields.fragment_offset / 8u);
  Put8(fields.ttl).Put8(0).Put16(0).PutAddress(AF_INET, source).PutAddress(AF_INET, destination);
  bytes_.insert(bytes_.end(), option_words * 4, 1);
  lengths_.push_back({header_ + 2, header_});
  ipv4_headers_.push_back(header_);
  return Then(Naming::kIpProtocol, 9);
}

PacketBuilder& PacketBuilder::Ipv6(const std::string& source, const std::string& destination) {
  Begin({.ether_type = 0x86dd, .ppp_protocol = 0x0057, .ip_protocol = 41});
  Put32(0x6000'0000).Put16(0).Put8(0).Put8(64).PutAddress(AF_INET6, source).PutAddress(AF_INET6, destination);
  ipv6_ = header_;
  lengths_.push_back({header_ + 4, header_ + kIpv6HeaderOctets});
  return Then(Naming::kIpProtocol, 6);
}

PacketBuilder& PacketBuilder::Extension(uint8_t number, size_t option_octets) {
  const size_t words = (option_octets + 2 + 7) / 8;
  const size_t padding = words * 8 - 4;
  Begin({.ip_protocol = number}).Put8(0).Put8(static_cast<uint32_t>(words - 1));
  Put8(1).Put8(static_cast<uint32_t>(padding));  // PadN, RFC 8200 4.2
  bytes_.insert(bytes_.end(), padding, 0);
  return Then(Naming::kIpProtocol, 0);
}

PacketBuilder& PacketBuilder::HopByHop(size_t option_octets) { return Extension(0, option_octets); }
PacketBuilder& PacketBuilder::DestinationOptions(size_t option_octets) {
  return Extension(60, option_octets);
}

PacketBuilder& PacketBuilder::Routing() {
  return Begin({.ip_protocol = 43}).Put8(0).Put8(0).Put8(253).Put8(0).Put32(0).Then(Naming::kIpProtocol, 0);
}

PacketBuilder& PacketBuilder::SegmentRouting() {
  return Begin({.ip_protocol = 43})
      .Put8(0)
      .Put8(2)
      .Put8(4)
      .Put8(0)
      .Put32(0)
      .PutAddress(AF_INET6, "2001:db8:5::1")
      .Then(Naming::kIpProtocol, 0);
}

PacketBuilder& PacketBuilder::Fragment(uint16_t offset, bool more_fragments) {
  Begin({.ip_protocol = 44})
      .Put8(0)
      .Put8(0)
      .Put16((offset & ~7u) | (more_fragments ? 1 : 0))
      .Put32(0x1234'5678);
  return Then(Naming::kIpProtocol, 0);
}

PacketBuilder& PacketBuilder::Jumbo(uint32_t payload_octets) {
  Begin({.ip_protocol = 0})
      .Put8(0)
      .Put8(0)
      .Put8(0xc2)
      .Put8(4)
      .Put32(payload_octets)
      .Then(Naming::kIpProtocol, 0);
  patches_.push_back({ipv6_ + 4, {0, 0}});
  return *this;
}

PacketBuilder& PacketBuilder::Ports(uint8_t protocol, uint16_t source_port, uint16_t destination_port) {
  return Begin({.ip_protocol = protocol}).Put16(source_port).Put16(destination_port);
}

PacketBuilder& PacketBuilder::Tcp(uint16_t source_port, uint16_t destination_port, uint8_t flags,
                                  uint32_t sequence) {
  return Ports(6, source_port, destination_port)
      .Put32(sequence)
      .Put32(0)
      .Put8(0x50)
      .Put8(flags)
      .Put16(65535)
      .Put32(0);
}

PacketBuilder& PacketBuilder::Udp(uint16_t source_port, uint16_t destination_port) {
  Ports(17, source_port, destination_port).Put16(0).Put16(0);
  lengths_.push_back({header_ + 4, header_});
  return *this;
}

PacketBuilder& PacketBuilder::UdpLite(uint16_t source_port, uint16_t destination_port) {
  return Ports(136, source_port, destination_port).Put16(8).Put16(0);
}

PacketBuilder& PacketBuilder::Sctp(uint16_t source_port, uint16_t destination_port) {
  return Ports(132, source_port, destination_port).Put32(0).Put32(0);
}

PacketBuilder& PacketBuilder::Icmp(uint8_t type, uint8_t code) {
  return Begin({.ip_protocol = 1}).Put8(type).Put8(code).Put16(0).Put32(0);
}

PacketBuilder& PacketBuilder::Icmpv6(uint8_t type, uint8_t code) {
  return Begin({.ip_protocol = 58}).Put8(type).Put8(code).Put16(0).Put32(0);
}

PacketBuilder& PacketBuilder::Payload(size_t octets, uint8_t value) {
  bytes_.insert(bytes_.end(), octets, value);
  return *this;
}

PacketBuilder& PacketBuilder::Raw(std::initializer_list<uint8_t> octets) {
  bytes_.insert(bytes_.end(), octets);
  return *this;
}

PacketBuilder& PacketBuilder::Next(uint16_t type) {
  const size_t header = header_;
  Begin({.ether_type = type, .ppp_protocol = type, .ip_protocol = type});
  header_ = header;
  return *this;
}

PacketBuilder& PacketBuilder::Overwrite(size_t offset, std::initializer_list<uint8_t> octets) {
  patches_.push_back({header_ + offset, octets});
  return *this;
}

std::vector<uint8_t> PacketBuilder::Build() const {
  std::vector<uint8_t> packet = bytes_;
  for (const LengthField& field : lengths_) {
    Store16(packet, field.at, packet.size() - field.counted_from);
    if (field.little_endian) std::swap(packet.at(field.at), packet.at(field.at + 1));
  }
  for (const size_t at : ipv4_headers_) {
    const size_t octets = (packet.at(at) & 0xfu) * 4;
    Store16(packet, at + 10, InternetChecksum(std::span(packet).subspan(at, octets)));
  }
  for (const Patch& patch : patches_) {
    if (patch.at + patch.octets.size() > packet.size()) std::abort();
    std::copy(patch.octets.begin(), patch.octets.end(), packet.begin() + static_cast<ptrdiff_t>(patch.at));
  }
  return packet;
}

collector::PacketView ViewOf(std::span<const uint8_t> packet, collector::LinkType link_type) {
  return {.bytes = packet, .wire_octets = static_cast<uint32_t>(packet.size()), .link_type = link_type};
}

collector::PacketView Cut(const collector::PacketView& packet, size_t captured) {
  collector::PacketView cut = packet;
  cut.bytes = packet.bytes.first(std::min(captured, packet.bytes.size()));
  return cut;
}

}  // namespace kansoku::testing
