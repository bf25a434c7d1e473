// SPDX-License-Identifier: Apache-2.0
//
// What is known of one flow while it lives: both directions (RFC 5103) of one five-tuple in one family and
// carrier. Forward is the direction of its first packet.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "collector/decode/decoded_packet.h"

namespace kansoku::collector {

// Seen as its own packets see it: source is who sent the forward ones. A value.
struct FlowKey {
  IpAddress source;
  IpAddress destination;
  // From the lowest bit: source port, destination port (16 bits each), IP version, protocol, encapsulation,
  // what seals it (8 bits each). DecodedPacket has them in this order, so that they are read at once.
  uint64_t rest = 0;

  static constexpr FlowKey Of(const DecodedPacket& packet) {
    return {packet.source, packet.destination,
            uint64_t{packet.source_port} | uint64_t{packet.destination_port} << 16 |
                uint64_t{packet.ip_version} << 32 | uint64_t{packet.protocol} << 40 |
                static_cast<uint64_t>(packet.encapsulation) << 48 |
                static_cast<uint64_t>(packet.sealed) << 56};
  }

  // Of the same flow's other direction.
  constexpr FlowKey Reversed() const {
    const uint64_t ports = std::rotl(static_cast<uint32_t>(rest), 16);
    return {destination, source, (rest & ~uint64_t{0xffff'ffff}) | ports};
  }

  constexpr uint16_t source_port() const { return static_cast<uint16_t>(rest); }
  constexpr uint16_t destination_port() const { return static_cast<uint16_t>(rest >> 16); }
  constexpr uint8_t ip_version() const { return static_cast<uint8_t>(rest >> 32); }
  constexpr uint8_t protocol() const { return static_cast<uint8_t>(rest >> 40); }
  // All but addresses and ports.
  constexpr uint32_t kind() const { return static_cast<uint32_t>(rest >> 32); }

  // Without a branch: which direction a packet has is not to be foreseen.
  friend constexpr bool operator==(const FlowKey& a, const FlowKey& b) {
    return ((a.source.high ^ b.source.high) | (a.source.low ^ b.source.low) |
            (a.destination.high ^ b.destination.high) | (a.destination.low ^ b.destination.low) |
            (a.rest ^ b.rest)) == 0;
  }
};

// Arrays of two hold forward, then reverse.
struct Flow {
  static constexpr uint8_t kNoWays = 0xff;
  static constexpr uint8_t kForgotten = 0x08;  // beyond every way

  FlowKey key;
  int64_t first_seen_unix_ns = 0;
  int64_t last_seen_unix_ns = 0;
  std::array<uint64_t, 2> ip_octets{};
  std::array<uint32_t, 2> packets{};
  std::array<uint32_t, 2> next_tcp_sequence{};
  // Ids of traffic classes: that of the first packet, for as long as the flow lives, and that of the latest
  // packet which came another way.
  std::array<uint16_t, 2> class_ids{};
  uint16_t window = 0;  // the latest one with a packet of it
  uint8_t tcp_state = 0;
  uint8_t class_ways = kNoWays;  // the way of each class id, four bits each

  // Packets of one flow that went the same way, in direction and side, are of one class.
  static constexpr uint8_t WayOf(bool is_reverse, Side side) {
    return static_cast<uint8_t>(static_cast<uint8_t>(side) << 1 | (is_reverse ? 1 : 0));
  }
  static constexpr bool IsReverse(uint8_t way) { return (way & 1) != 0; }
  static constexpr Side SideOf(uint8_t way) { return static_cast<Side>(way >> 1); }
  // Which of class_ids belongs to the way, if KnowsClassOf it.
  constexpr size_t ClassSlotOf(uint8_t way) const { return (class_ways & 0xf) == way ? 0 : 1; }
  constexpr bool KnowsClassOf(uint8_t way) const { return (class_ways >> 4 * ClassSlotOf(way) & 0xf) == way; }
  constexpr bool IsNew() const { return class_ways == kNoWays; }
  // The first packet's way is remembered: its class is to be known anew, whichever packet comes next.
  constexpr void ForgetClasses() { class_ways = static_cast<uint8_t>(class_ways | kForgotten | 0xf0); }
  constexpr bool HasForgottenClasses() const { return !IsNew() && (class_ways & kForgotten) != 0; }
  constexpr uint8_t FirstWay() const { return class_ways & 0xf & ~kForgotten; }
  constexpr void SetClass(size_t slot, uint8_t way, uint16_t class_id) {
    class_ids[slot] = class_id;
    class_ways = static_cast<uint8_t>((class_ways & ~(0xf << 4 * slot)) | way << 4 * slot);
  }
};
static_assert(sizeof(FlowKey) == 40 && sizeof(Flow) == 96);

// The packet as one of its flow that went another way would be, in what a class depends on.
constexpr DecodedPacket AsIfOnWay(uint8_t other_way, DecodedPacket packet, uint8_t way) {
  packet.side = Flow::SideOf(other_way);
  if (Flow::IsReverse(way) != Flow::IsReverse(other_way)) {
    std::swap(packet.source, packet.destination);
    std::swap(packet.source_port, packet.destination_port);
  }
  return packet;
}

}  // namespace kansoku::collector
