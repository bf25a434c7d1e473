// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/tunnel_headers.h"

namespace kansoku::collector {
namespace {

// TS 29.281 section 5.1: version 1, protocol type GTP; E, S, PN; message type 255 (section 6.1).
constexpr size_t kOctets = 8, kOptionalOctets = 4;
constexpr uint8_t kVersionAndType = 0xf0, kVersion1Gtp = 0x30, kOptionalPresent = 0x07,
                  kExtensionPresent = 0x04;
constexpr uint8_t kGPdu = 0xff;

// Section 5.2.1: length in units of four octets, content, type of the next one or 0. Among them is the PDU
// session container of 5G (0x85).
constexpr size_t kExtensionUnitOctets = 4;
constexpr uint8_t kNoMoreExtensions = 0;
constexpr int kMaxExtensions = 8;

NextHeader ReadExtensions(uint8_t type, WireCursor& in) {
  for (int extensions = 0; type != kNoMoreExtensions; ++extensions) {
    if (extensions == kMaxExtensions) return Refuse(Refusal::kLinkTooDeep);
    const auto length = in.Peek<1>();
    if (!length) return Missing(in, 1);
    const size_t octets = Big8<0>(*length) * kExtensionUnitOctets;
    if (octets == 0) return Refuse(Refusal::kLinkMalformed);
    if (!in.Skip(octets - 1)) return Missing(in, octets - 1);
    const auto next = in.Take<1>();
    if (!next) return Missing(in, 1);
    type = Big8<0>(*next);
  }
  return IpOfAnyVersion(in);
}

}  // namespace

NextHeader ReadGtpu(WireCursor& in) {
  const auto header = in.Take<kOctets>();
  if (!header) return MissingFirst(in, kOctets);
  const uint8_t flags = Big8<0>(*header);
  if ((flags & kVersionAndType) != kVersion1Gtp || Big8<1>(*header) != kGPdu) return NotIp();
  if (Big16<2>(*header) > in.on_wire()) return Refuse(Refusal::kLinkMalformed);
  in.EndAfter(Big16<2>(*header));
  if ((flags & kOptionalPresent) == 0) return IpOfAnyVersion(in);
  const auto optional = in.Take<kOptionalOctets>();
  if (!optional) return Missing(in, kOptionalOctets);
  return ReadExtensions(flags & kExtensionPresent ? Big8<3>(*optional) : kNoMoreExtensions, in);
}

}  // namespace kansoku::collector
