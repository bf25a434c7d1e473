// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/address.h"

#include <arpa/inet.h>

#include <array>

namespace kansoku::generator {

std::string ToText(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  std::array<uint8_t, 16> bytes{};
  if (address.family == Family::kIpv4) {
    for (size_t i = 0; i < 4; ++i) bytes[i] = static_cast<uint8_t>(address.low >> (24 - 8 * i));
    inet_ntop(AF_INET, bytes.data(), text.data(), text.size());
  } else {
    for (size_t i = 0; i < 8; ++i) {
      bytes[i] = static_cast<uint8_t>(address.high >> (56 - 8 * i));
      bytes[i + 8] = static_cast<uint8_t>(address.low >> (56 - 8 * i));
    }
    inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
  }
  return text.data();
}

std::string ToText(const Prefix& prefix) { return ToText(prefix.base) + "/" + std::to_string(prefix.length); }

}  // namespace kansoku::generator
