// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/quantity.h"

#include <gtest/gtest.h>

#include <limits>

namespace kansoku::aggregator {
namespace {

v1::TimeRange Range(int64_t start, int64_t end) {
  v1::TimeRange range;
  range.set_start_unix_seconds(start);
  range.set_end_unix_seconds(end);
  return range;
}

TEST(Quantity, GroupsThousands) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1000), "1,000");
  EXPECT_EQ(Grouped(1234567), "1,234,567");
  EXPECT_EQ(Grouped(std::numeric_limits<uint64_t>::max()), "18,446,744,073,709,551,615");
}

TEST(Quantity, TakesDecimalPrefixes) {
  EXPECT_EQ(WithPrefix(0, "B"), "0 B");
  EXPECT_EQ(WithPrefix(999, "B"), "999 B");
  EXPECT_EQ(WithPrefix(0.5, "bit/s"), "0.50 bit/s");
  EXPECT_EQ(WithPrefix(1000, "B"), "1.00 kB");
  EXPECT_EQ(WithPrefix(38.9e12, "bit/s"), "38.90 Tbit/s");
  EXPECT_EQ(WithPrefix(1.8446744073709552e19, "B"), "18.45 EB");
  EXPECT_EQ(WithPrefix(5e24, "B"), "5000.00 ZB");
  EXPECT_EQ(WithSmallPrefix(0, "s"), "0 s");
  EXPECT_EQ(WithSmallPrefix(1.5, "s"), "1.50 s");
  EXPECT_EQ(WithSmallPrefix(1500, "s"), "1.50 ks");
  EXPECT_EQ(WithSmallPrefix(0.0125, "s"), "12.50 ms");
  EXPECT_EQ(WithSmallPrefix(0.000999, "s"), "999.00 us");
  EXPECT_EQ(WithSmallPrefix(2e-9, "s"), "2.00 ns");
}

TEST(Quantity, NeverPrintsAThousandOfAPrefix) {
  EXPECT_EQ(WithPrefix(999'994, "B"), "999.99 kB");
  EXPECT_EQ(WithPrefix(999'996, "B"), "1.00 MB");
}

TEST(Quantity, RoundsRatesHalfUpAndExactly) {
  EXPECT_EQ(BitsPerSecond(1, Range(0, 16)), 1);
  EXPECT_EQ(BitsPerSecond(1, Range(0, 17)), 0);
  EXPECT_EQ(BitsPerSecond(100, Range(0, 10)), 80);
  EXPECT_EQ(BitsPerSecond(std::numeric_limits<uint64_t>::max(), Range(0, 8)),
            std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(BitsPerSecond(100, Range(10, 10)), 0);
}

TEST(Quantity, PrintsTimesInUtc) {
  EXPECT_EQ(UtcText(1'730'419'200), "2024-11-01 00:00:00");
  EXPECT_EQ(Rfc3339Text(1'730'419'200), "2024-11-01T00:00:00Z");
}

}  // namespace
}  // namespace kansoku::aggregator
