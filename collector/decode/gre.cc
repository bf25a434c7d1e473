// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/link_headers.h"
#include "collector/decode/tunnel_headers.h"

namespace kansoku::collector {
namespace {

constexpr size_t kOctets = 4, kOptionalFieldOctets = 4;

// RFC 2784 section 2 with RFC 1701's routing; RFC 2890 section 2; RFC 2637 section 4.1.
constexpr uint16_t kChecksumPresent = 0x8000, kRoutingPresent = 0x4000, kKeyPresent = 0x2000,
                   kSequencePresent = 0x1000, kAcknowledgmentPresent = 0x0080, kVersion = 0x0007;
constexpr uint16_t kVersionPptp = 1;

bool SkipFields(size_t fields, WireCursor& in) { return in.Skip(fields * kOptionalFieldOctets); }

// The key holds the payload's length and the call. A packet without a sequence number carries nothing but an
// acknowledgement.
NextHeader ReadPptp(uint16_t flags, uint16_t type, WireCursor& in) {
  if (type != kTypePpp || (flags & kKeyPresent) == 0) return Refuse(Refusal::kLinkMalformed);
  if ((flags & kSequencePresent) == 0) return NotIp();
  const auto key = in.Take<kOptionalFieldOctets>();
  if (!key) return Missing(in, kOptionalFieldOctets);
  const size_t fields = flags & kAcknowledgmentPresent ? 2 : 1;
  if (!SkipFields(fields, in)) return Missing(in, fields * kOptionalFieldOctets);
  in.EndAfter(Big16<0>(*key));
  return EtherType(kTypePpp);
}

}  // namespace

NextHeader ReadGre(WireCursor& in, Encapsulation& tunnel) {
  tunnel = Encapsulation::kGre;
  const auto header = in.Take<kOctets>();
  if (!header) return Missing(in, kOctets);
  const uint16_t flags = Big16<0>(*header), type = Big16<2>(*header);
  if ((flags & kVersion) == kVersionPptp) {
    tunnel = Encapsulation::kPptp;
    return ReadPptp(flags, type, in);
  }
  if ((flags & (kVersion | kRoutingPresent)) != 0) return NotIp();

  const bool has_sequence = (flags & kSequencePresent) != 0;
  const size_t fields = ((flags & kChecksumPresent) != 0) + ((flags & kKeyPresent) != 0) + has_sequence;
  if (!SkipFields(fields, in)) return Missing(in, fields * kOptionalFieldOctets);
  switch (type) {
    case kTypeErspan:
      tunnel = Encapsulation::kErspan;
      return ReadErspan(in, has_sequence);
    case kTypeErspanV3:
      tunnel = Encapsulation::kErspan;
      return ReadErspanV3(in);
    case kTypeCiscoMetaData:
      return ReadCiscoMetaDataOfGre(in);
    default:
      return EtherType(type);
  }
}

}  // namespace kansoku::collector
