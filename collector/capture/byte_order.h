// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>

namespace kansoku::collector {

// Reads the numbers of a file that was written in this host's byte order or, if swapped, in the other one.
// They need not be aligned. A value.
struct ByteOrder {
  bool swapped = false;

  uint16_t Load16(const uint8_t* from) const {
    const auto number = Load<uint16_t>(from);
    return swapped ? __builtin_bswap16(number) : number;
  }
  uint32_t Load32(const uint8_t* from) const {
    const auto number = Load<uint32_t>(from);
    return swapped ? __builtin_bswap32(number) : number;
  }
  uint64_t Load64(const uint8_t* from) const {
    const auto number = Load<uint64_t>(from);
    return swapped ? __builtin_bswap64(number) : number;
  }

 private:
  template <typename Number>
  static Number Load(const uint8_t* from) {
    Number number;
    std::memcpy(&number, from, sizeof(number));
    return number;
  }
};

}  // namespace kansoku::collector
