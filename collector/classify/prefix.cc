// SPDX-License-Identifier: Apache-2.0
#include "collector/classify/prefix.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace kansoku::collector {
namespace {

constexpr uint8_t kMappedBits = 96;

absl::Status Refused(std::string_view text, std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", std::string(text), "\" is not an address range: ", std::string(what)));
}

std::optional<uint8_t> ParseLength(std::string_view digits, int max) {
  if (digits.empty() || digits.size() > 3 || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
  int value = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return std::nullopt;
    value = value * 10 + (digit - '0');
  }
  if (value > max) return std::nullopt;
  return static_cast<uint8_t>(value);
}

std::optional<IpAddress> ParseAddress(const std::string& text, bool ipv6) {
  if (ipv6) {
    in6_addr parsed;
    if (inet_pton(AF_INET6, text.c_str(), &parsed) != 1) return std::nullopt;
    return IpAddress::FromOctets(parsed.s6_addr);
  }
  in_addr parsed;
  if (inet_pton(AF_INET, text.c_str(), &parsed) != 1) return std::nullopt;
  return IpAddress::Ipv4(ntohl(parsed.s_addr));
}

}  // namespace

absl::StatusOr<Prefix> ParsePrefix(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return Refused(text, "its length is missing; write it as 192.0.2.0/24 or 2001:db8::/32");
  }
  const bool ipv6 = text.substr(0, slash).find(':') != std::string_view::npos;
  const auto address = ParseAddress(std::string(text.substr(0, slash)), ipv6);
  if (!address) {
    return Refused(text, ipv6 ? "expected an IPv6 address before the /, such as 2001:db8::"
                              : "expected an IPv4 address before the /, such as 192.0.2.0");
  }
  const auto length = ParseLength(text.substr(slash + 1), ipv6 ? 128 : 32);
  if (!length) {
    return Refused(text, ipv6 ? "the length after the / goes from 0 to 128"
                              : "the length after the / goes from 0 to 32");
  }
  Prefix prefix{*address, ipv6 ? *length : static_cast<uint8_t>(*length + kMappedBits)};
  if (ipv6 && prefix.is_ipv4()) return Refused(text, "write an IPv4 range as IPv4, such as 192.0.2.0/24");
  const IpAddress mask = prefix.Mask();
  prefix.address = {address->high & mask.high, address->low & mask.low};
  if (prefix.address != *address) {
    return Refused(text,
                   absl::StrCat("bits are set after its length; ", ToString(prefix), " was probably meant"));
  }
  return prefix;
}

std::string ToString(const Prefix& prefix) {
  return absl::StrCat(ToString(prefix.address), "/", prefix.length - (prefix.is_ipv4() ? kMappedBits : 0));
}

std::string ToString(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.is_ipv4()) {
    const in_addr network_order{htonl(address.ipv4())};
    inet_ntop(AF_INET, &network_order, text.data(), text.size());
    return text.data();
  }
  in6_addr network_order;
  for (int i = 0; i < 8; ++i) {
    network_order.s6_addr[i] = static_cast<uint8_t>(address.high >> (56 - 8 * i));
    network_order.s6_addr[8 + i] = static_cast<uint8_t>(address.low >> (56 - 8 * i));
  }
  inet_ntop(AF_INET6, &network_order, text.data(), text.size());
  return text.data();
}

}  // namespace kansoku::collector
