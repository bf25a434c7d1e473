// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/rational.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace kansoku::aggregator {
namespace {

constexpr uint64_t kMost = UINT64_MAX;

std::string Decimal(const Integer& numerator, const Integer& denominator, int digits) {
  return ToDecimal(QuotientOf(numerator, denominator), digits);
}

// METRICS 8, V13.
TEST(ToDecimal, RoundsHalfAwayFromZero) {
  EXPECT_EQ(Decimal(1, 2, 0), "1");
  EXPECT_EQ(Decimal(3, 2, 0), "2");
  EXPECT_EQ(Decimal(5, 2, 0), "3");
  EXPECT_EQ(Decimal(-5, 2, 0), "-3");
  EXPECT_EQ(Decimal(1, 8, 2), "0.13");
  EXPECT_EQ(Decimal(124, 1000, 2), "0.12");
}

TEST(ToDecimal, CarriesThroughNines) {
  EXPECT_EQ(Decimal(9995, 1000, 2), "10.00");
  EXPECT_EQ(Decimal(99, 100, 0), "1");
}

TEST(ToDecimal, KeepsEveryDigitAskedFor) {
  EXPECT_EQ(ToDecimal(7, 3), "7.000");
  EXPECT_EQ(Decimal(1, 1000, 3), "0.001");
  EXPECT_EQ(Decimal(0, 5, 2), "0.00");
  EXPECT_EQ(Decimal(2, 3, 40), "0.6666666666666666666666666666666666666667");
}

TEST(ToDecimal, GivesZeroNoSign) {
  EXPECT_EQ(Decimal(-1, 1000, 2), "0.00");
  EXPECT_EQ(Decimal(-5, 1000, 2), "-0.01");
}

TEST(ToDecimal, IsExactBeyondADouble) {
  const Integer most = ToInteger(kMost);
  EXPECT_EQ(ToDecimal(most, 0), "18446744073709551615");
  EXPECT_EQ(ToDecimal(most * 8, 0), "147573952589676412920");
  EXPECT_EQ(Decimal(most * most * most, most * most, 3), "18446744073709551615.000");
  EXPECT_EQ(ToDecimal(ToInteger(9'007'199'254'740'993), 0), "9007199254740993");
}

TEST(ToInteger, TakesEveryBitOfACounter) {
  EXPECT_EQ(ToInteger(0), 0);
  EXPECT_EQ(ToInteger(absl::MakeUint128(1, 0)).get_str(), "18446744073709551616");
  EXPECT_EQ(ToInteger(absl::Uint128Max()).get_str(), "340282366920938463463374607431768211455");
}

TEST(RationalText, IsInLowestTermsAndReadsBack) {
  EXPECT_EQ(RationalText(QuotientOf(6, -8)), "-3/4");
  EXPECT_EQ(RationalText(QuotientOf(24, 2)), "12");
  EXPECT_EQ(RationalText(0), "0");
  for (const char* text :
       {"-3/4", "12", "0", "744500000000000/439", "-340282366920938463463374607431768211457"}) {
    const auto parsed = ParseRational(text);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(RationalText(*parsed), text);
  }
}

TEST(ParseRational, TakesDecimalsAsTheyAreMeant) {
  EXPECT_EQ(*ParseRational("0.439"), QuotientOf(439, 1000));
  EXPECT_EQ(*ParseRational("-1.50"), QuotientOf(-3, 2));
  EXPECT_EQ(*ParseRational("38.9"), QuotientOf(389, 10));
  EXPECT_EQ(*ParseRational("6/8"), QuotientOf(3, 4));
  EXPECT_EQ(*ParseRational("007"), 7);
}

TEST(ParseRational, RefusesWhatIsNoNumber) {
  for (const char* text : {"",   "-",   ".",  "/",  "1/",    "/2",    "1/0",   "1/-2", "+1",   "1.",
                           ".5", "1e3", " 1", "1 ", "1/2/3", "1.2.3", "1,000", "--1",  "0x10", "1/2.5"}) {
    EXPECT_EQ(ParseRational(text).status().message(),
              "'" + std::string(text) + "' is not a number; write 12, -3/4 or 0.439");
  }
}

}  // namespace
}  // namespace kansoku::aggregator
