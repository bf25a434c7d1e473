// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/rational.h"

#include <algorithm>
#include <cassert>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {
namespace {

Integer PowerOfTen(size_t exponent) {
  Integer power;
  mpz_ui_pow_ui(power.get_mpz_t(), 10, exponent);
  return power;
}

bool IsDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Integer FromDigits(std::string_view digits) { return Integer(std::string(digits), 10); }

}  // namespace

Integer ToInteger(absl::uint128 number) {
  const uint64_t words[] = {absl::Uint128Low64(number), absl::Uint128High64(number)};
  Integer integer;
  mpz_import(integer.get_mpz_t(), 2, -1, sizeof(uint64_t), 0, 0, words);
  return integer;
}

Rational QuotientOf(const Integer& numerator, const Integer& denominator) {
  assert(denominator != 0);
  Rational quotient(numerator, denominator);
  quotient.canonicalize();
  return quotient;
}

std::string ToDecimal(const Rational& value, int digits) {
  assert(digits >= 0);
  const auto places = static_cast<size_t>(digits);
  // The magnitude and one half more, cut off: half away from zero.
  const Integer twice = 2 * abs(value.get_num()) * PowerOfTen(places);
  const Integer rounded = (twice + value.get_den()) / (2 * value.get_den());

  std::string text = rounded.get_str();
  if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
  if (places > 0) text.insert(text.size() - places, ".");
  if (value < 0 && rounded != 0) text.insert(0, "-");
  return text;
}

std::string RationalText(const Rational& value) { return value.get_str(); }

absl::StatusOr<Rational> ParseRational(std::string_view text) {
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);
  const size_t sign = rest.find_first_of("/.");
  const std::string_view left = rest.substr(0, sign);
  const std::string_view right = sign == rest.npos ? "0" : rest.substr(sign + 1);
  const bool is_quotient = sign != rest.npos && rest[sign] == '/';
  if (!IsDigits(left) || !IsDigits(right) || (is_quotient && FromDigits(right) == 0)) {
    return absl::InvalidArgumentError(absl::StrCat("'", absl::string_view(text.data(), text.size()),
                                                   "' is not a number; write 12, -3/4 or 0.439"));
  }
  Rational value = is_quotient ? QuotientOf(FromDigits(left), FromDigits(right))
                               : QuotientOf(FromDigits(right), PowerOfTen(right.size()));
  if (!is_quotient) value += FromDigits(left);
  if (negative) value = -value;
  return value;
}

}  // namespace kansoku::aggregator
