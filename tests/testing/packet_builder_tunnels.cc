// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/packet_builder.h"

namespace kansoku::testing {

PacketBuilder& PacketBuilder::Gre() { return Gre(GreFields()); }

PacketBuilder& PacketBuilder::Gre(const GreFields& fields) {
  const uint32_t flags =
      (fields.checksum ? 0x8000u : 0) | (fields.key ? 0x2000u : 0) | (fields.sequence ? 0x1000u : 0);
  Begin({.ip_protocol = 47}).Put16(flags).Put16(0);
  if (fields.checksum) Put32(0);
  if (fields.key) Put32(0x2a2a2a2a);
  if (fields.sequence) Put32(7);
  return Then(Naming::kEtherType, 2);
}

PacketBuilder& PacketBuilder::Pptp(bool acknowledgment) {
  Begin({.ip_protocol = 47}).Put16(acknowledgment ? 0x3081 : 0x3001).Put16(0x880b).Put16(0).Put16(9).Put32(7);
  if (acknowledgment) Put32(6);
  lengths_.push_back({header_ + 4, bytes_.size()});
  return *this;
}

PacketBuilder& PacketBuilder::ErspanV2() {
  return Begin({.ether_type = 0x88be}).Put32(0x1001'0001).Put32(0x14);
}

PacketBuilder& PacketBuilder::ErspanV3(bool subheader) {
  Begin({.ether_type = 0x22eb}).Put32(0x2001'0001).Put32(12345).Put16(0).Put16(subheader ? 1 : 0);
  return subheader ? Put32(0).Put32(0) : *this;
}

PacketBuilder& PacketBuilder::L2tp() { return L2tp(L2tpFields()); }

PacketBuilder& PacketBuilder::L2tp(const L2tpFields& fields) {
  const uint32_t flags =
      (fields.length ? 0x4000u : 0) | (fields.sequence ? 0x0800u : 0) | (fields.offset_octets ? 0x0200u : 0);
  Begin({}).Put16(flags | 2);
  if (fields.length) {
    Put16(0);
    lengths_.push_back({header_ + 2, header_});
  }
  Put16(11).Put16(12);
  if (fields.sequence) Put16(3).Put16(4);
  if (fields.offset_octets != 0)
    Put16(static_cast<uint32_t>(fields.offset_octets)).Payload(fields.offset_octets, 0xee);
  return *this;
}

PacketBuilder& PacketBuilder::Gtpu(std::initializer_list<uint8_t> extensions, bool sequence) {
  const bool extended = extensions.size() != 0;
  Begin({}).Put8(0x30u | (extended ? 4 : 0) | (sequence ? 2 : 0)).Put8(0xff).Put16(0).Put32(0x2a);
  lengths_.push_back({header_ + 2, header_ + 8});
  if (!extended && !sequence) return *this;
  Put16(sequence ? 5 : 0).Put8(0);
  for (const uint8_t type : extensions) Put8(type).Put8(1).Put16(0x1009);
  return Put8(0);
}

PacketBuilder& PacketBuilder::Vxlan() { return Begin({}).Put32(0x0800'0000).Put32(42 << 8); }

PacketBuilder& PacketBuilder::Geneve(size_t option_octets) {
  return Begin({})
      .Put8(static_cast<uint32_t>(option_octets / 4))
      .Put8(0)
      .Put16(0)
      .Put32(42 << 8)
      .Payload(option_octets, 0xee)
      .Then(Naming::kEtherType, 2);
}

PacketBuilder& PacketBuilder::TeredoAuthentication() {
  return Begin({}).Put16(1).Put8(2).Put8(3).Payload(2 + 3 + 8 + 1, 0xee);
}

PacketBuilder& PacketBuilder::TeredoOrigin() { return Begin({}).Put16(0).Payload(2 + 4, 0xee); }

PacketBuilder& PacketBuilder::Esp(uint32_t security_parameters_index) {
  return Begin({.ip_protocol = 50}).Put32(security_parameters_index).Put32(1);
}

}  // namespace kansoku::testing
