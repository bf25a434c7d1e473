// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/rational.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace kansoku::aggregator {
namespace {

constexpr uint64_t kMost = UINT64_MAX;

// METRICS 8, V13.
TEST(ToDecimal, RoundsHalfAwayFromZero) {
  EXPECT_EQ(ToDecimal({1, 2}, 0), "1");
  EXPECT_EQ(ToDecimal({3, 2}, 0), "2");
  EXPECT_EQ(ToDecimal({5, 2}, 0), "3");
  EXPECT_EQ(ToDecimal({5, 2, true}, 0), "-3");
  EXPECT_EQ(ToDecimal({1, 8}, 2), "0.13");
  EXPECT_EQ(ToDecimal({124, 1000}, 2), "0.12");
}

TEST(ToDecimal, CarriesThroughNines) {
  EXPECT_EQ(ToDecimal({9995, 1000}, 2), "10.00");
  EXPECT_EQ(ToDecimal({99, 100}, 0), "1");
}

TEST(ToDecimal, KeepsEveryDigitAskedFor) {
  EXPECT_EQ(ToDecimal({7}, 3), "7.000");
  EXPECT_EQ(ToDecimal({1, 1000}, 3), "0.001");
  EXPECT_EQ(ToDecimal({0, 5}, 2), "0.00");
}

TEST(ToDecimal, GivesZeroNoSign) {
  EXPECT_EQ(ToDecimal({1, 1000, true}, 2), "0.00");
  EXPECT_EQ(ToDecimal({5, 1000, true}, 2), "-0.01");
}

TEST(ToDecimal, IsExactBeyondADouble) {
  EXPECT_EQ(ToDecimal({kMost}, 0), "18446744073709551615");
  EXPECT_EQ(ToDecimal({static_cast<Uint128>(kMost) * 8}, 0), "147573952589676412920");
  EXPECT_EQ(ToDecimal({static_cast<Uint128>(kMost) * kMost, kMost}, 3), "18446744073709551615.000");
  EXPECT_EQ(ToDecimal({9'007'199'254'740'993, 1}, 0), "9007199254740993");
}

// METRICS 8, V2: terabits per second to petabytes per day.
TEST(Vectors, VolumePerDay) {
  const auto petabytes = [](uint64_t gigabits) {
    return ToDecimal(
        {static_cast<Uint128>(gigabits) * 1'000'000'000 * 86'400, Uint128{8} * 1'000'000'000'000'000}, 0);
  };
  EXPECT_EQ(petabytes(12'700), "137");
  EXPECT_EQ(petabytes(19'000), "205");
  EXPECT_EQ(petabytes(11'000), "119");
}

// V3: 1,227.9 Gbit/s over June in terabytes.
TEST(Vectors, VolumeOfAMonth) {
  EXPECT_EQ(
      ToDecimal({static_cast<Uint128>(1'227'900'000'000) * 30 * 86'400, Uint128{8} * 1'000'000'000'000}, 0),
      "397840");
}

// V7: darknet packets as a multiple of 2015's.
TEST(Vectors, RatioToTheBaseYear) {
  EXPECT_EQ(ToDecimal({6'862, 632}, 2), "10.86");
  EXPECT_EQ(ToDecimal({6'197, 632}, 1), "9.8");
}

// V8: seconds per packet and address.
TEST(Vectors, SecondsPerPacket) {
  EXPECT_EQ(ToDecimal({366 * 86'400, 2'427'977}, 0), "13");
  EXPECT_EQ(ToDecimal({365 * 86'400, 2'260'132}, 0), "14");
}

// V9: growth in percent.
TEST(Vectors, Growth) {
  EXPECT_EQ(ToDecimal({(9'884 - 8'129) * 100, 8'129}, 1), "21.6");
  EXPECT_EQ(ToDecimal({(6'862 - 6'197) * 100, 6'197}, 0), "11");
  EXPECT_EQ(ToDecimal({(7'010 - 6'862) * 100, 6'862}, 1), "2.2");
}

}  // namespace
}  // namespace kansoku::aggregator
