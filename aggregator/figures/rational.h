// SPDX-License-Identifier: Apache-2.0
//
// Exact numbers and their one rounding (METRICS 1.4): a published number is computed with quotients of whole
// numbers of any length up to the last step, because octets outgrow the 53 bits of a double and a nation's
// quotients outgrow every machine word. Pure; any thread.
#pragma once

#include <gmpxx.h>

#include <string>
#include <string_view>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"

namespace kansoku::aggregator {

using Integer = mpz_class;
// Always in lowest terms with a denominator above 0, as its operators leave it and QuotientOf makes it.
using Rational = mpq_class;

// Counters: GMP itself takes no number wider than a long.
Integer ToInteger(absl::uint128 number);

// denominator is not 0.
Rational QuotientOf(const Integer& numerator, const Integer& denominator);

// Decimal notation with exactly `digits` (0 or more) digits after the point, rounded once, half away from
// zero (四捨五入): 2.5 is "3" and -2.5 is "-3". What rounds to zero has no sign.
std::string ToDecimal(const Rational& value, int digits);

// "-3/4", or "12" where the denominator is 1: equal values have equal texts.
std::string RationalText(const Rational& value);
// What RationalText writes, in lowest terms or not; also a decimal, which is exact: "0.439" is 439/1000.
// INVALID_ARGUMENT says what is accepted.
absl::StatusOr<Rational> ParseRational(std::string_view text);

}  // namespace kansoku::aggregator
