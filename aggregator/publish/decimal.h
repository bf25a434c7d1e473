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

// `a` minus `b`, exactly. Neither is negative, nor longer than 18 digits.
std::string Difference(std::string_view a, std::string_view b);

}  // namespace kansoku::aggregator
