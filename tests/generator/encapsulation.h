// SPDX-License-Identifier: Apache-2.0
//
// How an IP packet crosses the link: the link's own headers, and perhaps a tunnel.
#pragma once

#include <cstdint>

#include "tests/generator/frame.h"
#include "tests/generator/ip_packet.h"
#include "tests/generator/traffic_key.h"

namespace kansoku::generator {

// A tunnel between two routers. Its carrier is one of those that an IP header carries.
struct Tunnel {
  Carrier carrier = Carrier::kIpip;
  Address near_end;  // where the subscribers are
  Address far_end;
  uint16_t number = 1;          // session, TEID, key or VNI
  bool with_options = false;    // each tunnel's optional fields, and Ethernet inside of GRE
  bool towards_far_end = true;  // which way this packet goes
};

struct Encapsulation {
  Carrier carrier = Carrier::kNative;  // of the link: native, PPPoE or MPLS
  uint8_t vlan_tags = 0;               // 2: 802.1ad outside of 802.1Q
  uint8_t mpls_labels = 1;             // with Carrier::kMpls
  uint16_t session = 1;                // PPPoE session, and the VLAN's number
  bool is_tunnelled = false;
  Tunnel tunnel;  // with is_tunnelled
};

// What is directly around the packet: the tunnel, or the link.
Carrier CarrierOf(const Encapsulation& link);

// The carrier of IP directly in IP.
Carrier IpInIp(Family inner, Family outer);

// Fills `frame` and returns the length that the outermost IP header states. Frames are padded to Ethernet's
// minimum.
uint32_t WriteFrame(const IpPacket& packet, const Encapsulation& link, Frame& frame);

// Destination and source address of the two stations that all frames travel between.
void WriteStations(Frame& frame);

}  // namespace kansoku::generator
