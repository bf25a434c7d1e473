// SPDX-License-Identifier: Apache-2.0
//
// Decimals as text, so that a published digit is never computed with. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace kansoku::aggregator {

// "38.9", "-0.5", "12": digits on both sides of a point, or without one.
bool IsDecimal(std::string_view text);

// The digits after the point.
int DigitsAfterPoint(std::string_view decimal);

// The decimal divided by 10^places, exactly, without zeros at its end: 26000 by 10^3 is "26", 943.4 "0.9434".
std::string DividedByPowerOfTen(std::string_view decimal, int places);

// For people: 2427977 is "2,427,977".
std::string Grouped(std::string_view decimal);

// A ratio in percent, exactly: "0.4390" is "43.9".
std::string Percent(std::string_view ratio);

// `a` divided by `b` with so many digits after the point, rounded once, half away from zero. `b` is above 0;
// neither is longer than 18 digits.
std::string Quotient(std::string_view a, std::string_view b, int digits);

// `a` minus `b`, exactly. Neither is negative, nor longer than 18 digits.
std::string Difference(std::string_view a, std::string_view b);

}  // namespace kansoku::aggregator
