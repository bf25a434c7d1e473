// SPDX-License-Identifier: Apache-2.0
//
// One conversation between two hosts, played packet by packet.
#pragma once

#include <cstdint>

#include "tests/generator/encapsulation.h"
#include "tests/generator/random.h"

namespace kansoku::generator {

struct Host {
  Address address;
  bool is_subscriber = false;
  Access access = Access::kNone;
  Technology technology = Technology::kNone;
};

enum class Script : uint8_t {
  kTcp,        // handshake, request, bulk with acknowledgements, end
  kQuic,       // UDP with bulk one way
  kDns,        // one question, one answer
  kPing,       // echo request and reply in turns
  kSctp,       // small messages in turns
  kEsp,        // bulk without ports
  kDatagrams,  // UDP answers of three fragments each
  kWireguard,  // UDP with sealed bulk one way
};

// A value.
struct Flow {
  Host client;
  Host server;
  uint16_t client_port = 0;
  uint16_t server_port = 0;
  Encapsulation link;
  Script script = Script::kTcp;
  bool client_sends_bulk = false;
  uint8_t ipv4_option_octets = 0;
  uint8_t ipv6_extensions = 0;
  uint32_t packets_in_all = 1;

  uint32_t packets_sent = 0;
  uint32_t client_sequence = 0;
  uint32_t server_sequence = 0;

  bool is_over() const { return packets_sent >= packets_in_all; }
};

// The next packet of a flow that is not over.
IpPacket NextPacket(Flow& flow, Random& random);

// How a packet of the flow crosses the link: the flow's own way, turned towards the receiver.
Encapsulation LinkOf(const Flow& flow, const IpPacket& packet);

// What a packet of the flow counts under. Between two subscribers the receiver's access counts.
TrafficKey KeyOf(const Flow& flow, const IpPacket& packet);

}  // namespace kansoku::generator
