// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/link_headers.h"

namespace kansoku::collector {
namespace {

// Metadata (TrustSec): version, number of options, and the options, of four octets each.
NextHeader SkipMetaData(WireCursor& in) {
  constexpr size_t kOctets = 2, kOptionOctets = 4;
  const auto header = in.Take<kOctets>();
  if (!header) return Missing(in, kOctets);
  const size_t option_octets = Big8<1>(*header) * kOptionOctets;
  return in.Skip(option_octets) ? NextHeader() : Missing(in, option_octets);
}

NextHeader TakeEtherType(WireCursor& in) {
  const auto type = in.Take<2>();
  return type ? EtherType(Big16<0>(*type)) : Missing(in, 2);
}

}  // namespace

// Forwarding tag and TTL, then the frame of the edge.
NextHeader ReadCiscoFabricPath(WireCursor& in) {
  constexpr size_t kTagOctets = 2;
  return in.Skip(kTagOctets) ? EtherType(kTypeEthernet) : Missing(in, kTagOctets);
}

NextHeader ReadCiscoMetaData(WireCursor& in) {
  const NextHeader tag = SkipMetaData(in);
  return tag.refusal == Refusal::kNone ? TakeEtherType(in) : tag;
}

NextHeader ReadCiscoMetaDataOfGre(WireCursor& in) {
  const NextHeader next = TakeEtherType(in);
  if (next.refusal != Refusal::kNone) return next;
  const NextHeader tag = SkipMetaData(in);
  return tag.refusal == Refusal::kNone ? next : tag;
}

}  // namespace kansoku::collector
