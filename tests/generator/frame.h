// SPDX-License-Identifier: Apache-2.0
//
// The headers of one frame as bytes in network order. What follows them on the wire is zeros, which a snapped
// capture hardly sees, so only their number is kept.
#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <span>

#include "tests/generator/address.h"

namespace kansoku::generator {

class Frame {
 public:
  static constexpr uint32_t kCapacityOctets = 256;
  static constexpr uint32_t kShortestEthernetOctets = 60;  // IEEE 802.3 3.2.8, without the check sequence

  void Clear() { size_ = wire_octets_ = 0; }

  void Put8(uint32_t value) {
    assert(size_ < kCapacityOctets);
    bytes_[size_++] = static_cast<uint8_t>(value);
  }
  void Put16(uint32_t value) {
    Put8(value >> 8);
    Put8(value);
  }
  void Put32(uint32_t value) {
    Put16(value >> 16);
    Put16(value);
  }
  void Put64(uint64_t value) {
    Put32(static_cast<uint32_t>(value >> 32));
    Put32(static_cast<uint32_t>(value));
  }
  void PutAddress(const Address& address) {
    if (address.family == Family::kIpv6)
      Put64(address.high), Put64(address.low);
    else
      Put32(static_cast<uint32_t>(address.low));
  }
  void PutRepeated(uint32_t value, uint32_t times) {
    for (; times > 0; --times) Put8(value);
  }
  void Set16(uint32_t at, uint32_t value) {
    bytes_[at] = static_cast<uint8_t>(value >> 8);
    bytes_[at + 1] = static_cast<uint8_t>(value);
  }
  uint32_t Get16(uint32_t at) const { return static_cast<uint32_t>(bytes_[at]) << 8 | bytes_[at + 1]; }

  uint32_t size() const { return size_; }
  std::span<const uint8_t> bytes() const { return {bytes_.data(), size_}; }

  // Length on the wire; at least size().
  uint32_t wire_octets() const { return wire_octets_; }
  void set_wire_octets(uint32_t octets) {
    assert(octets >= size_);
    wire_octets_ = octets;
  }

 private:
  std::array<uint8_t, kCapacityOctets> bytes_;
  uint32_t size_ = 0;
  uint32_t wire_octets_ = 0;
};

}  // namespace kansoku::generator
