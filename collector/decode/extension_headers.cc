// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/extension_headers.h"

namespace kansoku::collector {
namespace {

constexpr int kMaxExtensionHeaders = 16;
constexpr size_t kExtensionOctets = 8;  // the least; longer ones by multiples of it

// RFC 8200 section 4.5.
constexpr uint16_t kFragmentOffset = 0xfff8;

// RFC 8754 section 2.
constexpr uint8_t kRoutingBySegments = 4;

// RFC 8200 section 4.2 and RFC 2675 section 2.
constexpr uint8_t kOptionPad1 = 0, kOptionJumbo = 0xc2;
constexpr uint32_t kLargestOrdinaryPayload = 65535;
constexpr int kMaxOptions = 16;

void RemarkMissing(const WireCursor& in, size_t octets, DecodedPacket& out) {
  out.remarks |= in.on_wire() < octets ? kRemarkExtensionsMalformed : kRemarkExtensionsShort;
}

}  // namespace

void ReadExtensionHeaders(WireCursor& in, DecodedPacket& out) {
  for (int headers = 0; headers < kMaxExtensionHeaders; ++headers) {
    if (!IsExtensionHeader(out.protocol)) return;
    const auto header = in.Take<kExtensionOctets>();
    if (!header) return RemarkMissing(in, kExtensionOctets, out);
    if (out.protocol == kProtocolFragment) {
      out.is_fragment = true;
      out.identification = Big32<4>(*header);
      out.protocol = Big8<0>(*header);
      if (Big16<2>(*header) & kFragmentOffset) {
        out.remarks |= kRemarkLaterFragment;
        return;
      }
    } else {
      const size_t rest = Big8<1>(*header) * kExtensionOctets;
      if (!in.Skip(rest)) return RemarkMissing(in, rest, out);
      if (out.protocol == kProtocolRouting && Big8<2>(*header) == kRoutingBySegments)
        out.segment_routed = true;
      out.protocol = Big8<0>(*header);
    }
  }
  out.remarks |= kRemarkExtensionsMalformed;
}

std::optional<uint32_t> JumboPayloadOctets(WireCursor in) {
  const size_t on_wire = in.on_wire();
  const auto header = in.Take<2>();
  if (!header) return std::nullopt;
  in.EndAfter(kExtensionOctets - 2 + Big8<1>(*header) * kExtensionOctets);
  for (int options = 0; options < kMaxOptions; ++options) {
    const auto type = in.Take<1>();
    if (!type) return std::nullopt;
    if (Big8<0>(*type) == kOptionPad1) continue;
    const auto length = in.Take<1>();
    if (!length) return std::nullopt;
    if (Big8<0>(*type) != kOptionJumbo || Big8<0>(*length) != 4) {
      if (!in.Skip(Big8<0>(*length))) return std::nullopt;
      continue;
    }
    const auto payload = in.Take<4>();
    if (!payload) return std::nullopt;
    const uint32_t octets = Big32<0>(*payload);
    if (octets <= kLargestOrdinaryPayload || octets > on_wire) return std::nullopt;
    return octets;
  }
  return std::nullopt;
}

}  // namespace kansoku::collector
