// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/rational.h"

#include <algorithm>
#include <cassert>

namespace kansoku::aggregator {
namespace {

std::string Digits(Uint128 value) {
  std::string text;
  do {
    text.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  std::reverse(text.begin(), text.end());
  return text;
}

}  // namespace

std::string ToDecimal(const Rational& value, int digits) {
  assert(value.denominator != 0 && digits >= 0 && digits <= 18);
  // Long division: multiplying the numerator first could overflow where the result does not.
  Uint128 scaled = value.numerator / value.denominator;
  Uint128 remainder = value.numerator % value.denominator;
  for (int i = 0; i < digits; ++i) {
    remainder *= 10;
    scaled = scaled * 10 + remainder / value.denominator;
    remainder %= value.denominator;
  }
  if (remainder >= value.denominator - remainder) ++scaled;

  std::string text = Digits(scaled);
  const size_t places = static_cast<size_t>(digits);
  if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
  if (places > 0) text.insert(text.size() - places, ".");
  if (value.negative && scaled != 0) text.insert(0, "-");
  return text;
}

}  // namespace kansoku::aggregator
