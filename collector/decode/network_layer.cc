// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/network_layer.h"

#include <algorithm>
#include <limits>

#include "collector/decode/extension_headers.h"

namespace kansoku::collector {
namespace {

Refusal RefuseMissing(const WireCursor& in, size_t octets) {
  return in.on_wire() < octets ? Refusal::kNetworkMalformed : Refusal::kNetworkShort;
}

uint32_t Clamp32(size_t octets) {
  return static_cast<uint32_t>(std::min<size_t>(octets, std::numeric_limits<uint32_t>::max()));
}

// Ends the cursor where the IP header says; `behind_header` counts from the cursor's position.
void EndPacket(size_t behind_header, WireCursor& in, DecodedPacket& out) {
  if (behind_header > in.on_wire()) out.remarks |= kRemarkLengthBeyondFrame;
  in.EndAfter(behind_header);
}

// RFC 791 section 3.1.
constexpr size_t kIpv4Octets = 20;
constexpr uint16_t kMoreFragments = 0x2000, kFragmentOffset = 0x1fff;
Refusal ReadIpv4(WireCursor& in, DecodedPacket& out) {
  const auto header = in.Take<kIpv4Octets>();
  if (!header) return RefuseMissing(in, kIpv4Octets);
  const size_t header_octets = (Big8<0>(*header) & 0xfu) * 4;
  // Linux hands out segmentation-offloaded packets (BIG TCP) with a total length of 0: they end with the
  // frame.
  const size_t total_octets = Big16<2>(*header) != 0 ? Big16<2>(*header) : kIpv4Octets + in.on_wire();
  if (header_octets < kIpv4Octets || total_octets < header_octets) return Refusal::kNetworkMalformed;

  const uint16_t fragment = Big16<6>(*header);
  out.ip_octets = Clamp32(total_octets);
  out.protocol = Big8<9>(*header);
  out.source = IpAddress::Ipv4(Big32<12>(*header));
  out.destination = IpAddress::Ipv4(Big32<16>(*header));
  out.is_fragment = (fragment & (kMoreFragments | kFragmentOffset)) != 0;
  if (fragment & kFragmentOffset) out.remarks |= kRemarkLaterFragment;

  EndPacket(total_octets - kIpv4Octets, in, out);
  const size_t option_octets = header_octets - kIpv4Octets;
  if (!in.Skip(option_octets)) {
    out.remarks |= in.on_wire() < option_octets ? kRemarkExtensionsMalformed : kRemarkExtensionsShort;
  }
  return Refusal::kNone;
}

// RFC 8200 section 3.
constexpr size_t kIpv6Octets = 40;
Refusal ReadIpv6(WireCursor& in, DecodedPacket& out) {
  const auto header = in.Take<kIpv6Octets>();
  if (!header) return RefuseMissing(in, kIpv6Octets);
  out.protocol = Big8<6>(*header);
  out.source = {Big64<8>(*header), Big64<16>(*header)};
  out.destination = {Big64<24>(*header), Big64<32>(*header)};

  size_t payload_octets = Big16<4>(*header);
  if (payload_octets == 0 && out.protocol == kProtocolHopByHop)
    payload_octets = JumboPayloadOctets(in).value_or(0);
  out.ip_octets = Clamp32(kIpv6Octets + payload_octets);
  EndPacket(payload_octets, in, out);
  ReadExtensionHeaders(in, out);
  return Refusal::kNone;
}

}  // namespace

Refusal ReadNetworkLayer(WireCursor& in, DecodedPacket& out) {
  const auto first = in.Peek<1>();
  if (!first) return RefuseMissing(in, 1);
  const uint8_t version = Big8<0>(*first) >> 4;
  if (out.ip_version != 0 && out.ip_version != version) return Refusal::kNetworkMalformed;
  out.ip_version = version;
  switch (version) {
    case 4:
      return ReadIpv4(in, out);
    case 6:
      return ReadIpv6(in, out);
    default:
      return Refusal::kNetworkMalformed;
  }
}

}  // namespace kansoku::collector
