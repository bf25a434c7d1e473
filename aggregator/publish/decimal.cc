// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/decimal.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "absl/numeric/int128.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {
namespace {

// Sign, digits before the point, digits after it.
struct Parts {
  std::string sign, whole, fraction;
};

Parts Split(std::string_view decimal) {
  Parts parts;
  if (decimal.starts_with('-')) {
    parts.sign = "-";
    decimal.remove_prefix(1);
  }
  const size_t point = decimal.find('.');
  parts.whole = decimal.substr(0, point);
  if (point != decimal.npos) parts.fraction = decimal.substr(point + 1);
  return parts;
}

bool AreDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

int64_t Scaled(const Parts& parts, size_t digits) {
  std::string text = parts.whole + parts.fraction;
  text.append(digits - parts.fraction.size(), '0');
  return std::strtoll(text.c_str(), nullptr, 10);
}

}  // namespace

bool IsDecimal(std::string_view text) {
  const Parts parts = Split(text);
  return AreDigits(parts.whole) && (text.find('.') == text.npos || AreDigits(parts.fraction));
}

int DigitsAfterPoint(std::string_view decimal) { return static_cast<int>(Split(decimal).fraction.size()); }

std::string DividedByPowerOfTen(std::string_view decimal, int places) {
  Parts parts = Split(decimal);
  const size_t moved = static_cast<size_t>(places);
  if (parts.whole.size() <= moved) parts.whole.insert(0, moved + 1 - parts.whole.size(), '0');
  parts.fraction.insert(0, parts.whole.substr(parts.whole.size() - moved));
  parts.whole.resize(parts.whole.size() - moved);
  parts.whole.erase(0, std::min(parts.whole.find_first_not_of('0'), parts.whole.size() - 1));
  while (parts.fraction.ends_with('0')) parts.fraction.pop_back();
  return absl::StrCat(parts.sign, parts.whole, parts.fraction.empty() ? "" : ".", parts.fraction);
}

std::string Grouped(std::string_view decimal) {
  Parts parts = Split(decimal);
  std::string grouped;
  for (size_t i = 0; i < parts.whole.size(); ++i) {
    if (i > 0 && (parts.whole.size() - i) % 3 == 0) grouped += ',';
    grouped += parts.whole[i];
  }
  return absl::StrCat(parts.sign, grouped, parts.fraction.empty() ? "" : ".", parts.fraction);
}

std::string Percent(std::string_view ratio) {
  Parts parts = Split(ratio);
  parts.fraction.resize(std::max<size_t>(parts.fraction.size(), 2), '0');
  const std::string hundredfold = absl::StrCat(parts.sign, parts.whole, parts.fraction);
  return DividedByPowerOfTen(hundredfold, static_cast<int>(parts.fraction.size()) - 2);
}

std::string Quotient(std::string_view a, std::string_view b, int digits) {
  const Parts dividend = Split(a), divisor = Split(b);
  const size_t scale = std::max(dividend.fraction.size(), divisor.fraction.size());
  absl::int128 whole = Scaled(dividend, scale);
  for (int i = 0; i < digits; ++i) whole *= 10;
  const absl::int128 by = Scaled(divisor, scale);
  std::string text = absl::StrCat(static_cast<int64_t>((2 * whole + by) / (2 * by)));
  const size_t after = static_cast<size_t>(digits);
  if (text.size() <= after) text.insert(0, after + 1 - text.size(), '0');
  const bool is_zero = text.find_first_not_of('0') == text.npos;
  if (after > 0) text.insert(text.size() - after, 1, '.');
  return absl::StrCat(is_zero ? "" : dividend.sign, text);
}

std::string Difference(std::string_view a, std::string_view b) {
  const Parts from = Split(a), take = Split(b);
  const size_t digits = std::max(from.fraction.size(), take.fraction.size());
  return DividedByPowerOfTen(absl::StrCat(Scaled(from, digits) - Scaled(take, digits)),
                             static_cast<int>(digits));
}

}  // namespace kansoku::aggregator
