// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "collector/decode/next_header.h"

namespace kansoku::collector {

// IEEE 802.3.
inline NextHeader ReadEthernet(WireCursor& in) {
  constexpr size_t kOctets = 14;
  const auto header = in.Take<kOctets>();
  if (!header) [[unlikely]]
    return Missing(in, kOctets);
  return EtherTypeOrLength(Big16<12>(*header));
}

// 802.1Q, 802.1ad, and what came before it.
inline bool IsVlanTag(uint16_t type) {
  return type == kTypeVlan || type == kTypeServiceVlan || type == kTypeOldServiceVlan;
}

// IEEE 802.1Q: what follows the tag's own EtherType.
inline NextHeader ReadVlanTag(WireCursor& in) {
  constexpr size_t kOctets = 4;
  const auto tag = in.Take<kOctets>();
  if (!tag) return Missing(in, kOctets);
  return EtherTypeOrLength(Big16<2>(*tag));
}

}  // namespace kansoku::collector
