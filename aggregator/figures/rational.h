// SPDX-License-Identifier: Apache-2.0
//
// Exact quotients of counters, and their one rounding (METRICS 1.4): a published number is computed with
// integers up to the last step, because octets outgrow the 53 bits of a double. Pure; any thread.
#pragma once

#include <string>

namespace kansoku::aggregator {

// Wide enough for the product of two 64-bit counters. The extension is named here and nowhere else.
__extension__ using Uint128 = unsigned __int128;

struct Rational {
  Uint128 numerator = 0;
  Uint128 denominator = 1;  // above 0
  bool negative = false;
};

// Decimal notation with exactly `digits` (0 to 18) digits after the point, rounded once, half away from zero
// (四捨五入): 2.5 is "3" and -2.5 is "-3". What rounds to zero has no sign. The rounded value times 10^digits
// and the denominator times 10 must be below 2^128; every quotient of METRICS is, with room to spare.
std::string ToDecimal(const Rational& value, int digits);

}  // namespace kansoku::aggregator
