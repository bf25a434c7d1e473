// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/seal.h"

#include "collector/decode/transport_layer.h"
#include "collector/decode/tunnels.h"

namespace kansoku::collector {
namespace {

// The UDP header and the word behind it.
constexpr size_t kThroughFirstWordOctets = kUdpOctets + 4;

// RFC 3948 section 2.2: where an SPI would be, IKE has zeros. A keepalive (section 2.3) is one octet.
constexpr uint32_t kNoSpi = 0;

// https://www.wireguard.com/protocol/: a type from initiation to transport data, then three zero octets.
constexpr uint32_t kFirstWireguardType = 0x01000000, kLastWireguardType = 0x04000000;
bool IsWireguard(uint32_t word) {
  return word >= kFirstWireguardType && word <= kLastWireguardType && (word & 0x00ffffff) == 0;
}

}  // namespace

Sealed SealOf(const DecodedPacket& header, const WireCursor& in, const DecodeOptions& options) {
  if (header.protocol == kProtocolEsp) return Sealed::kEsp;
  const auto on = [&](uint16_t port) {
    return header.source_port == port || header.destination_port == port;
  };
  if (header.protocol != kProtocolUdp || !(on(options.ports.esp) || on(options.ports.wireguard)))
    return Sealed::kNo;
  const auto datagram = in.Peek<kThroughFirstWordOctets>();
  if (!datagram) return Sealed::kNo;
  const uint32_t word = Big32<kUdpOctets>(*datagram);
  if (on(options.ports.esp) && word != kNoSpi) return Sealed::kEsp;
  return on(options.ports.wireguard) && IsWireguard(word) ? Sealed::kWireguard : Sealed::kNo;
}

}  // namespace kansoku::collector
