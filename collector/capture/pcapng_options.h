// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "collector/capture/byte_order.h"

namespace kansoku::collector {

struct PcapngOption {
  std::span<const uint8_t> value;  // empty: there is none
  bool damaged = false;            // the list is cut off before the option was found
};

// The first option with this code in the list at the end of a pcapng block
// (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html, 3.5). The list ends with the option 0 or
// with the block.
inline PcapngOption FindOption(std::span<const uint8_t> options, ByteOrder order, uint16_t code) {
  constexpr size_t kHeaderOctets = 4;
  while (!options.empty()) {
    if (options.size() < kHeaderOctets) return {.damaged = true};
    const uint16_t found = order.Load16(&options[0]);
    const size_t octets = order.Load16(&options[2]);
    if (found == 0) return {};
    options = options.subspan(kHeaderOctets);
    if (octets > options.size()) return {.damaged = true};
    if (found == code) return {.value = options.first(octets)};
    const size_t padded = (octets + 3) & ~size_t{3};
    options = options.subspan(padded < options.size() ? padded : options.size());
  }
  return {};
}

}  // namespace kansoku::collector
