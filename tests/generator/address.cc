// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/address.h"

#include <arpa/inet.h>

#include <array>

namespace kansoku::generator {

std::string ToText(const Prefix& prefix) {
  const Address& base = prefix.base;
  std::array<char, INET6_ADDRSTRLEN> text{};
  std::array<uint8_t, 16> bytes{};
  if (base.family == Family::kIpv4) {
    for (size_t i = 0; i < 4; ++i) bytes[i] = static_cast<uint8_t>(base.low >> (24 - 8 * i));
    inet_ntop(AF_INET, bytes.data(), text.data(), text.size());
  } else {
    for (size_t i = 0; i < 8; ++i) {
      bytes[i] = static_cast<uint8_t>(base.high >> (56 - 8 * i));
      bytes[i + 8] = static_cast<uint8_t>(base.low >> (56 - 8 * i));
    }
    inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
  }
  return std::string(text.data()) + "/" + std::to_string(prefix.length);
}

}  // namespace kansoku::generator
