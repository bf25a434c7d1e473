// SPDX-License-Identifier: Apache-2.0
//
// What looks odd about a packet at a dark address, whatever its class (DARKNET 1, 2.1). Telescopes that take
// such packets for forged leave them out; here none is ever left out for one, they are counted beside.
#pragma once

#include <cstddef>
#include <cstdint>

#include "collector/decode/decoded_packet.h"
#include "kansoku/v1/telescope.pb.h"

namespace kansoku::collector {

// Bits of a set of flags, in the order of v1::SoftFlags.
enum SoftFlag : uint8_t {
  kHighTtl = 1 << 0,  // time to live or hop limit of 200 or more, and no mark of Masscan, which sends 255
  kNetworkSource = 1 << 1,  // from an IPv4 address that ends in .0 or .255
  kOwnSource = 1 << 2,      // from where it goes
  kPortZero = 1 << 3,       // TCP or UDP from or to port 0, where the ports could be read
  kForeignQuote = 1 << 4,   // an ICMP error about a packet that the address it is for did not send
};
inline constexpr size_t kSoftFlags = 5;

// Those for which telescopes leave packets out, which v1::SoftFlags.any counts together (DARKNET 2.1). That a
// quote is foreign tells of whom an error speaks, not that it was forged (2.2).
inline constexpr uint8_t kAnyFlag = kHighTtl | kNetworkSource | kOwnSource | kPortZero;

// All but kForeignQuote, which is for whoever reads the quote to tell. `packet` is as its IP header says,
// also an ICMP error; its class is DarknetClassOf(packet). Pure; any thread.
uint8_t SoftFlagsOf(v1::DarknetClass darknet_class, const DecodedPacket& packet);

}  // namespace kansoku::collector
