// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/tunnel_headers.h"

namespace kansoku::collector {
namespace {

// RFC 2661 section 3.1.
constexpr uint16_t kControl = 0x8000, kLengthPresent = 0x4000, kSequencePresent = 0x0800,
                   kOffsetPresent = 0x0200, kVersion = 0x000f, kReserved = 0x34f0;
constexpr uint16_t kVersion2 = 2;
constexpr size_t kFlagsOctets = 2, kLengthOctets = 2, kIdsOctets = 4, kSequenceOctets = 4, kOffsetOctets = 2;

}  // namespace

NextHeader ReadL2tp(WireCursor& in) {
  const size_t message_octets = in.on_wire();
  const auto first = in.Take<kFlagsOctets>();
  if (!first) return MissingFirst(in, kFlagsOctets);
  const uint16_t flags = Big16<0>(*first);
  if ((flags & (kControl | kReserved | kVersion)) != kVersion2) return NotIp();

  if (flags & kLengthPresent) {
    const auto length = in.Take<kLengthOctets>();
    if (!length) return Missing(in, kLengthOctets);
    const size_t read_octets = kFlagsOctets + kLengthOctets;
    if (Big16<0>(*length) < read_octets || Big16<0>(*length) > message_octets)
      return Refuse(Refusal::kLinkMalformed);
    in.EndAfter(Big16<0>(*length) - read_octets);
  }
  const size_t id_octets = kIdsOctets + (flags & kSequencePresent ? kSequenceOctets : 0);
  if (!in.Skip(id_octets)) return Missing(in, id_octets);
  if (flags & kOffsetPresent) {
    const auto offset = in.Take<kOffsetOctets>();
    if (!offset) return Missing(in, kOffsetOctets);
    if (!in.Skip(Big16<0>(*offset))) return Missing(in, Big16<0>(*offset));
  }
  return EtherType(kTypePpp);
}

}  // namespace kansoku::collector
