// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/pcapng_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collector/capture/pcapng_options.h"

namespace kansoku::collector {
namespace {

// Block types.
constexpr uint32_t kSection = 0x0a0d0d0a;  // reads the same in both byte orders
constexpr uint32_t kInterface = 1, kObsoletePacket = 2, kSimplePacket = 3, kEnhancedPacket = 6;

constexpr uint32_t kByteOrderMagic = 0x1a2b3c4d;
constexpr size_t kBlockHeaderOctets = 8, kBlockTrailerOctets = 4;
constexpr size_t kLeastBlockOctets = kBlockHeaderOctets + kBlockTrailerOctets;
constexpr size_t kSectionOctets = 16, kTimedPacketOctets = 20, kSimplePacketOctets = 4;
constexpr uint16_t kFlagsOption = 2;
constexpr uint32_t kInbound = 1, kOutbound = 2;
// Bounds the memory that a file can ask for.
constexpr size_t kMostInterfaces = 65'536;

absl::Status Damaged(absl::string_view what, size_t announced, size_t there) {
  return absl::DataLossError(absl::StrCat(what, " of ", announced, " octets has room for ", there));
}

// The direction of epb_flags and pack_flags (4.3.1). A damaged list of options harms no packet.
Side SideOf(std::span<const uint8_t> options, ByteOrder order) {
  const PcapngOption flags = FindOption(options, order, kFlagsOption);
  if (flags.value.size() != 4) return Side::kUnknown;
  const uint32_t direction = order.Load32(flags.value.data()) & 3;
  return direction == kInbound ? Side::kReceived : direction == kOutbound ? Side::kSent : Side::kUnknown;
}

}  // namespace

bool PcapngReader::Recognises(std::span<const uint8_t> capture) {
  return capture.size() >= sizeof(kSection) && ByteOrder().Load32(capture.data()) == kSection;
}

absl::StatusOr<PcapngReader> PcapngReader::Open(std::span<const uint8_t> capture, const std::string& name) {
  PcapngReader reader(capture);
  PacketView none;
  const absl::StatusOr<bool> section =
      Recognises(capture) ? reader.ReadBlock(none) : absl::DataLossError("it does not begin like one");
  if (section.ok()) return reader;
  return absl::InvalidArgumentError(absl::StrCat(name, ": not a capture file (",
                                                 absl::string_view(section.status().message()),
                                                 "); a pcap or pcapng file is needed"));
}

absl::StatusOr<size_t> PcapngReader::Read(std::span<PacketView> burst) {
  size_t packets = 0;
  while (packets < burst.size() && position_ < capture_.size()) {
    const absl::StatusOr<bool> is_packet = ReadBlock(burst[packets]);
    if (!is_packet.ok()) {
      // What came before it goes out first; the next call meets the same damage.
      if (packets > 0) break;
      return is_packet.status();
    }
    if (*is_packet) ++packets;
  }
  return packets;
}

absl::StatusOr<bool> PcapngReader::ReadBlock(PacketView& packet) {
  const std::span<const uint8_t> rest = capture_.subspan(position_);
  if (rest.size() < kLeastBlockOctets) {
    return absl::DataLossError(absl::StrCat("a block is cut off after ", rest.size(), " octets"));
  }
  ByteOrder order = order_;
  const uint32_t type = order.Load32(&rest[0]);
  if (type == kSection) {
    order.swapped = ByteOrder().Load32(&rest[kBlockHeaderOctets]) != kByteOrderMagic;
    if (order.Load32(&rest[kBlockHeaderOctets]) != kByteOrderMagic) {
      return absl::DataLossError("a section does not tell its byte order");
    }
  }
  const uint32_t octets = order.Load32(&rest[4]);
  if (octets < kLeastBlockOctets || octets % 4 != 0) {
    return absl::DataLossError(absl::StrCat("a block cannot have ", octets, " octets"));
  }
  if (octets > rest.size()) {
    return absl::DataLossError(absl::StrCat("a block of ", octets, " octets is cut off after ", rest.size()));
  }
  const uint32_t repeated = order.Load32(&rest[octets - kBlockTrailerOctets]);
  if (repeated != octets) {
    return absl::DataLossError(
        absl::StrCat("a block has ", octets, " octets at its front and ", repeated, " at its end"));
  }

  const std::span<const uint8_t> body = rest.subspan(kBlockHeaderOctets, octets - kLeastBlockOctets);
  absl::Status status;
  bool is_packet = false;
  switch (type) {
    case kEnhancedPacket:
      is_packet = true;
      status = ReadEnhancedPacket(body, packet);
      break;
    case kObsoletePacket:
      is_packet = true;
      status = ReadObsoletePacket(body, packet);
      break;
    case kSimplePacket:
      is_packet = true;
      status = ReadSimplePacket(body, packet);
      break;
    case kInterface:
      status = ReadInterface(body);
      break;
    case kSection:
      status = ReadSection(body, order);
      break;
    default:
      break;
  }
  if (!status.ok()) return status;
  position_ += octets;
  return is_packet;
}

absl::Status PcapngReader::ReadSection(std::span<const uint8_t> body, ByteOrder order) {
  if (body.size() < kSectionOctets) return Damaged("a section header", kSectionOctets, body.size());
  const uint16_t major = order.Load16(&body[4]), minor = order.Load16(&body[6]);
  if (major != 1) {
    return absl::DataLossError(absl::StrCat("version ", major, ".", minor, " of pcapng is not known"));
  }
  order_ = order;
  interfaces_.clear();
  return absl::OkStatus();
}

absl::Status PcapngReader::ReadInterface(std::span<const uint8_t> body) {
  if (interfaces_.size() == kMostInterfaces) {
    return absl::DataLossError(absl::StrCat("more than ", kMostInterfaces, " interfaces in one section"));
  }
  const absl::StatusOr<PcapngInterface> interface = PcapngInterface::Parse(body, order_);
  if (!interface.ok()) return interface.status();
  interfaces_.push_back(*interface);
  return absl::OkStatus();
}

// Interface, time, captured and wire length as 32-bit numbers (4.3).
absl::Status PcapngReader::ReadEnhancedPacket(std::span<const uint8_t> body, PacketView& packet) const {
  if (body.size() < kTimedPacketOctets) return Damaged("a packet", kTimedPacketOctets, body.size());
  return ReadTimedPacket(order_.Load32(&body[0]), body, packet);
}

// The same with a 16-bit interface and a 16-bit count of drops (appendix A).
absl::Status PcapngReader::ReadObsoletePacket(std::span<const uint8_t> body, PacketView& packet) const {
  if (body.size() < kTimedPacketOctets) return Damaged("a packet", kTimedPacketOctets, body.size());
  return ReadTimedPacket(order_.Load16(&body[0]), body, packet);
}

absl::Status PcapngReader::ReadTimedPacket(uint32_t interface_number, std::span<const uint8_t> body,
                                           PacketView& packet) const {
  if (interface_number >= interfaces_.size()) {
    return absl::DataLossError(absl::StrCat("a packet is of interface ", interface_number, " of ",
                                            interfaces_.size(), ", counted from 0"));
  }
  const PcapngInterface& interface = interfaces_[interface_number];
  const uint64_t ticks = uint64_t{order_.Load32(&body[4])} << 32 | order_.Load32(&body[8]);
  const size_t captured = order_.Load32(&body[12]);
  const std::span<const uint8_t> room = body.subspan(kTimedPacketOctets);
  if (captured > room.size()) return Damaged("a packet", captured, room.size());
  const size_t padded = std::min((captured + 3) & ~size_t{3}, room.size());
  packet = {.bytes = room.first(captured),
            .wire_octets = order_.Load32(&body[16]),
            .link_type = interface.link_type,
            .side = SideOf(room.subspan(padded), order_),
            .captured_unix_ns = interface.UnixNanosecondsOf(ticks)};
  return absl::OkStatus();
}

// Length on the wire, then what the first interface's snap length leaves of the packet (4.4).
absl::Status PcapngReader::ReadSimplePacket(std::span<const uint8_t> body, PacketView& packet) const {
  if (body.size() < kSimplePacketOctets) return Damaged("a packet", kSimplePacketOctets, body.size());
  if (interfaces_.empty()) return absl::DataLossError("a packet comes before any interface");
  const PcapngInterface& interface = interfaces_.front();
  const uint32_t wire_octets = order_.Load32(&body[0]);
  const size_t captured =
      interface.snap_length == 0 ? wire_octets : std::min(wire_octets, interface.snap_length);
  const std::span<const uint8_t> room = body.subspan(kSimplePacketOctets);
  if (captured > room.size()) return Damaged("a packet", captured, room.size());
  packet = {.bytes = room.first(captured), .wire_octets = wire_octets, .link_type = interface.link_type};
  return absl::OkStatus();
}

}  // namespace kansoku::collector
