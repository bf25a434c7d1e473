// SPDX-License-Identifier: Apache-2.0
//
// Reads an IPv4 or IPv6 header. Fills addresses, ip_octets, ip_version, hop_limit, protocol, the fragment
// fields and remarks; clears what else DecodedPacket has of one header; leaves `in` at the transport header,
// ending where the IP packet ends. Refuses with kNetworkShort or kNetworkMalformed and has then changed
// nothing in `out`; behind the fixed header nothing is refused any more, only remarked. Inline: this is the
// way of each packet.
#pragma once

#include <algorithm>
#include <limits>

#include "collector/decode/decoded_packet.h"
#include "collector/decode/extension_headers.h"
#include "collector/decode/refusal.h"
#include "collector/decode/wire_cursor.h"

namespace kansoku::collector {

// What follows the IP header is not its payload's own header, or not within reach.
inline constexpr uint16_t kPayloadOutOfReach =
    kRemarkLaterFragment | kRemarkExtensionsShort | kRemarkExtensionsMalformed;

// Not all `octets` of the fixed header are there. What is must at least begin like one.
template <uint8_t version>
Refusal RefuseIp(const WireCursor& in, size_t octets) {
  const auto first = in.Peek<1>();
  if (first && Big8<0>(*first) >> 4 != version) return Refusal::kNetworkMalformed;
  return in.on_wire() < octets ? Refusal::kNetworkMalformed : Refusal::kNetworkShort;
}

// The fields of one header that not every IP header sets.
inline void ClearHeaderFields(DecodedPacket& out) {
  out.identification = out.tcp_sequence = out.tcp_payload_octets = 0;
  out.source_port = out.destination_port = out.remarks = 0;
  out.tcp_window = out.tcp_header_octets = 0;
  out.tcp_flags = out.icmp_type = out.icmp_code = 0;
  out.has_tcp_flags = out.has_icmp = out.is_fragment = out.segment_routed = false;
  out.sealed = Sealed::kNo;
}

// Ends the cursor where the IP header says; `behind_header` counts from the cursor's position.
inline void EndPacket(size_t behind_header, WireCursor& in, DecodedPacket& out) {
  if (behind_header > in.on_wire()) [[unlikely]]
    out.remarks |= kRemarkLengthBeyondFrame;
  in.EndAfter(behind_header);
}

// What a packet has instead of a stated total length of 0, if that can be. Systems hand out TCP whose
// segmentation was left to the network card like that, and Linux whatever is too large for the field (BIG
// TCP, also in tunnels): it ends with the frame, which has `octets` from the header on.
inline size_t UnstatedTotalOctets(uint8_t protocol, size_t octets) {
  constexpr size_t kLargestOrdinaryPacket = 65535;
  return protocol == kProtocolTcp || octets > kLargestOrdinaryPacket ? octets : 0;
}

// RFC 791 section 3.1.
[[gnu::always_inline]] inline Refusal ReadIpv4(WireCursor& in, DecodedPacket& out) {
  constexpr size_t kOctets = 20;
  constexpr uint16_t kMoreFragments = 0x2000, kFragmentOffset = 0x1fff;
  const auto header = in.Take<kOctets>();
  if (!header) [[unlikely]]
    return RefuseIp<4>(in, kOctets);
  const size_t header_octets = (Big8<0>(*header) & 0xfu) * 4;
  size_t total_octets = Big16<2>(*header);
  if (total_octets == 0) [[unlikely]]
    total_octets = UnstatedTotalOctets(Big8<9>(*header), kOctets + in.on_wire());
  if (Big8<0>(*header) >> 4 != 4 || header_octets < kOctets || total_octets < header_octets) [[unlikely]]
    return Refusal::kNetworkMalformed;

  ClearHeaderFields(out);
  out.ip_version = 4;
  out.ip_octets = static_cast<uint32_t>(total_octets);
  out.identification = Big16<4>(*header);
  out.hop_limit = Big8<8>(*header);
  out.protocol = Big8<9>(*header);
  out.source = IpAddress::Ipv4(Big32<12>(*header));
  out.destination = IpAddress::Ipv4(Big32<16>(*header));
  EndPacket(total_octets - kOctets, in, out);
  if (const uint16_t fragment = Big16<6>(*header); fragment & (kMoreFragments | kFragmentOffset))
      [[unlikely]] {
    out.is_fragment = true;
    if (fragment & kFragmentOffset) out.remarks |= kRemarkLaterFragment;
  }
  if (const size_t option_octets = header_octets - kOctets; !in.Skip(option_octets)) [[unlikely]]
    out.remarks |= in.on_wire() < option_octets ? kRemarkExtensionsMalformed : kRemarkExtensionsShort;
  return Refusal::kNone;
}

// What the payload of an IPv6 packet has instead of a stated length of 0: a jumbogram's is in its option.
// Linux hands out what is too large for the field (BIG TCP, also in tunnels) without one: it ends with the
// frame.
inline size_t UnstatedPayloadOctets(uint8_t next_header, const WireCursor& in) {
  constexpr size_t kLargestOrdinaryPayload = 65535;
  if (next_header == kProtocolHopByHop) return JumboPayloadOctets(in).value_or(0);
  return in.on_wire() > kLargestOrdinaryPayload ? in.on_wire() : 0;
}

// RFC 8200 section 3.
[[gnu::always_inline]] inline Refusal ReadIpv6(WireCursor& in, DecodedPacket& out) {
  constexpr size_t kOctets = 40;
  const auto header = in.Take<kOctets>();
  if (!header) [[unlikely]]
    return RefuseIp<6>(in, kOctets);
  if (Big8<0>(*header) >> 4 != 6) [[unlikely]]
    return Refusal::kNetworkMalformed;

  ClearHeaderFields(out);
  out.ip_version = 6;
  const uint8_t next_header = out.protocol = Big8<6>(*header);
  out.hop_limit = Big8<7>(*header);
  out.source = {Big64<8>(*header), Big64<16>(*header)};
  out.destination = {Big64<24>(*header), Big64<32>(*header)};
  size_t payload_octets = Big16<4>(*header);
  if (payload_octets == 0) [[unlikely]]
    payload_octets = UnstatedPayloadOctets(next_header, in);
  out.ip_octets =
      static_cast<uint32_t>(std::min<size_t>(kOctets + payload_octets, std::numeric_limits<uint32_t>::max()));
  EndPacket(payload_octets, in, out);
  if (IsExtensionHeader(next_header)) [[unlikely]] {
    WireCursor behind = in;  // a copy, so that `in` can stay in registers
    ReadExtensionHeaders(behind, out);
    in = behind;
  }
  return Refusal::kNone;
}

}  // namespace kansoku::collector
