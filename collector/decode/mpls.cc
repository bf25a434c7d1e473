// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/link_headers.h"

namespace kansoku::collector {
namespace {

constexpr size_t kLabelOctets = 4, kControlWordOctets = 4;
constexpr uint32_t kBottomOfStack = 0x100;
constexpr int kMaxLabels = 16;

// What follows the stack is not announced. RFC 4928 section 3 has the first nibble tell IP from a
// pseudowire's control word (RFC 4385: 0, and 1 for an associated channel).
NextHeader ReadBehindStack(WireCursor& in) {
  const auto first = in.Peek<1>();
  if (!first) return Missing(in, 1);
  if (Big8<0>(*first) >> 4 != 0) return IpOfAnyVersion(in);
  return in.Skip(kControlWordOctets) ? EtherType(kTypeEthernet) : Missing(in, kControlWordOctets);
}

}  // namespace

NextHeader ReadMpls(WireCursor& in) {
  for (int labels = 0; labels < kMaxLabels; ++labels) {
    const auto label = in.Take<kLabelOctets>();
    if (!label) return Missing(in, kLabelOctets);
    if (Big32<0>(*label) & kBottomOfStack) return ReadBehindStack(in);
  }
  return Refuse(Refusal::kLinkTooDeep);
}

}  // namespace kansoku::collector
