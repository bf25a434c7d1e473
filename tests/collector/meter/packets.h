// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "collector/decode/decoded_packet.h"
#include "kansoku/v1/report.pb.h"
#include "proto/contract/traffic_class.h"

namespace kansoku::collector {

// A multiple of every window length that tests use.
inline constexpr int64_t kStart = 1'700'000'400;
inline constexpr int64_t kNsPerSecond = 1'000'000'000;
inline constexpr int64_t kStartNs = kStart * kNsPerSecond;

// The n-th host of a family.
inline IpAddress HostAt(uint8_t ip_version, uint32_t n) {
  return ip_version == 4 ? IpAddress::Ipv4(0xc6330000 + n) : IpAddress{0x20010db8'00000000, n};
}

// A UDP packet of 100 octets from host 1, port 1000, to host 2, port 2000.
inline DecodedPacket UdpPacket(uint8_t ip_version, int64_t captured_unix_ns) {
  return {.source = HostAt(ip_version, 1),
          .destination = HostAt(ip_version, 2),
          .captured_unix_ns = captured_unix_ns,
          .wire_octets = 114,
          .ip_octets = 100,
          .outer_ip_octets = 100,
          .inner_ip_octets = 100,
          .source_port = 1000,
          .destination_port = 2000,
          .ip_version = ip_version,
          .protocol = kProtocolUdp};
}

inline DecodedPacket Reversed(DecodedPacket packet) {
  std::swap(packet.source, packet.destination);
  std::swap(packet.source_port, packet.destination_port);
  return packet;
}

inline TrafficClass ClassOf(uint8_t ip_version, v1::Direction direction) {
  return TrafficClass()
      .Set(v1::GROUP_A1)
      .Set(direction)
      .Set(ip_version == 4 ? v1::FAMILY_IPV4 : v1::FAMILY_IPV6)
      .Set(v1::CARRIER_NATIVE)
      .Set(v1::TRANSPORT_UDP);
}

}  // namespace kansoku::collector
