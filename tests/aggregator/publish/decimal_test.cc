// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/decimal.h"

#include <gtest/gtest.h>

namespace kansoku::aggregator {
namespace {

TEST(Decimal, KnowsItself) {
  for (const char* const decimal : {"0", "38.9", "-0.5", "686200000000"})
    EXPECT_TRUE(IsDecimal(decimal)) << decimal;
  for (const char* const other : {"", "-", "1.", ".5", "1,000", "1e9", "+1", " 1", "1.2.3", "--1"}) {
    EXPECT_FALSE(IsDecimal(other)) << other;
  }
}

TEST(Decimal, MovesItsPointExactly) {
  EXPECT_EQ(DividedByPowerOfTen("26000", 3), "26");
  EXPECT_EQ(DividedByPowerOfTen("943.4", 3), "0.9434");
  EXPECT_EQ(DividedByPowerOfTen("5", 3), "0.005");
  EXPECT_EQ(DividedByPowerOfTen("-1234.50", 1), "-123.45");
  EXPECT_EQ(DividedByPowerOfTen("0043900", 4), "4.39");
  EXPECT_EQ(DividedByPowerOfTen("0", 3), "0");
  EXPECT_EQ(DividedByPowerOfTen("38.90", 0), "38.9");
}

TEST(Decimal, CountsDigits) {
  EXPECT_EQ(DigitsAfterPoint("38.90"), 2);
  EXPECT_EQ(DigitsAfterPoint("1696"), 0);
}

TEST(Decimal, IsGroupedForPeople) {
  EXPECT_EQ(Grouped("2427977"), "2,427,977");
  EXPECT_EQ(Grouped("999"), "999");
  EXPECT_EQ(Grouped("-1000.5"), "-1,000.5");
}

TEST(Decimal, Subtracts) {
  EXPECT_EQ(Difference("100", "30"), "70");
  EXPECT_EQ(Difference("69.5", "20.25"), "49.25");
  EXPECT_EQ(Difference("1", "1.5"), "-0.5");
}

TEST(Decimal, IsAPercentage) {
  EXPECT_EQ(Percent("0.4390"), "43.9");
  EXPECT_EQ(Percent("0.3"), "30");
  EXPECT_EQ(Percent("1"), "100");
  EXPECT_EQ(Percent("-0.005"), "-0.5");
}

TEST(Decimal, IsDividedAndRoundedOnce) {
  EXPECT_EQ(Quotient("6862", "632", 2), "10.86");
  EXPECT_EQ(Quotient("686200000000", "63200000000", 2), "10.86");
  EXPECT_EQ(Quotient("66.5", "6.197", 1), "10.7");
  EXPECT_EQ(Quotient("1", "8", 2), "0.13") << "half away from zero";
  EXPECT_EQ(Quotient("-1", "8", 2), "-0.13");
  EXPECT_EQ(Quotient("-1", "1000", 2), "0.00");
  EXPECT_EQ(Quotient("5", "2", 0), "3");
}

}  // namespace
}  // namespace kansoku::aggregator
