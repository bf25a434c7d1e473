// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/darknet_tally.h"

namespace kansoku::collector {
namespace {

// Packed so that the order of keys is the order of a canonical report. Never 0: every packet has a class.
constexpr int kClassShift = 32, kFamilyShift = 24, kProtocolShift = 16;

}  // namespace

uint64_t DarknetTally::KeyOf(v1::DarknetClass darknet_class, const DecodedPacket& packet) {
  const uint64_t family = packet.ip_version == 4 ? v1::FAMILY_IPV4 : v1::FAMILY_IPV6;
  return static_cast<uint64_t>(darknet_class) << kClassShift | family << kFamilyShift |
         static_cast<uint64_t>(packet.protocol) << kProtocolShift | packet.destination_port;
}

void DarknetTally::Count(uint64_t key, const DecodedPacket& packet, Segmentation added) {
  Counters& cell = cells_[key];
  cell.packets += 1 + added.packets;
  cell.wire_octets += packet.wire_octets + added.wire_octets;
  cell.ip_octets += packet.ip_octets;
}

void DarknetTally::MoveTo(google::protobuf::RepeatedPtrField<v1::DarknetCell>& cells) {
  cells.Reserve(static_cast<int>(cells_.size()));
  cells_.VisitSorted([&](uint64_t key, const Counters& counted) {
    v1::DarknetCell& cell = *cells.Add();
    cell.set_darknet_class(static_cast<v1::DarknetClass>(key >> kClassShift));
    cell.set_family(static_cast<v1::Family>(key >> kFamilyShift & 0xff));
    cell.set_protocol(static_cast<uint32_t>(key >> kProtocolShift & 0xff));
    cell.set_destination_port(static_cast<uint32_t>(key & 0xffff));
    cell.set_packets(counted.packets);
    cell.set_wire_octets(counted.wire_octets);
    cell.set_ip_octets(counted.ip_octets);
  });
  cells_.Clear();
}

}  // namespace kansoku::collector
