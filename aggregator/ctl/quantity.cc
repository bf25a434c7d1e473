// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/quantity.h"

#include <array>
#include <cmath>

#include "absl/numeric/int128.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "proto/contract/month.h"

namespace kansoku::aggregator {

std::string Grouped(uint64_t count) {
  const std::string digits = std::to_string(count);
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string WithPrefix(double value, std::string_view unit) {
  constexpr std::array kPrefixes = {"", "k", "M", "G", "T", "P", "E", "Z"};
  // What would be printed as 1000.00 goes to the next prefix.
  constexpr double kNext = 999.995;
  size_t prefix = 0;
  while (std::abs(value) >= kNext && prefix + 1 < kPrefixes.size()) {
    value /= 1000;
    ++prefix;
  }
  const int decimals = prefix == 0 && value == std::floor(value) ? 0 : 2;
  return absl::StrFormat("%.*f %s%s", decimals, value, kPrefixes[prefix], std::string(unit));
}

std::string WithSmallPrefix(double value, std::string_view unit) {
  constexpr std::array kPrefixes = {"m", "u", "n"};
  if (value == 0 || std::abs(value) >= 0.999995) return WithPrefix(value, unit);
  size_t prefix = 0;
  for (value *= 1000; std::abs(value) < 0.999995 && prefix + 1 < kPrefixes.size(); value *= 1000) ++prefix;
  const int decimals = value == std::floor(value) ? 0 : 2;
  return absl::StrFormat("%.*f %s%s", decimals, value, kPrefixes[prefix], std::string(unit));
}

uint64_t BitsPerSecond(uint64_t octets, const v1::TimeRange& range) {
  const int64_t seconds = range.end_unix_seconds() - range.start_unix_seconds();
  if (seconds <= 0) return 0;
  const absl::uint128 divisor = static_cast<uint64_t>(seconds);
  return absl::Uint128Low64((absl::uint128(octets) * 16 + divisor) / (divisor * 2));
}

std::string UtcText(int64_t unix_seconds) {
  return absl::FormatTime("%E4Y-%m-%d %H:%M:%S", absl::FromUnixSeconds(unix_seconds), absl::UTCTimeZone());
}

std::string JstText(int64_t unix_seconds) { return UtcText(unix_seconds + kTokyoOffsetSeconds); }

std::string Rfc3339Text(int64_t unix_seconds) {
  return absl::FormatTime("%E4Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(unix_seconds), absl::UTCTimeZone());
}

}  // namespace kansoku::aggregator
