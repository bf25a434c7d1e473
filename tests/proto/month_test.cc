// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/month.h"

#include <gtest/gtest.h>

namespace kansoku {
namespace {

TEST(Months, AreReadStrictly) {
  const absl::StatusOr<Month> month = ParseMonth("2024-11");
  ASSERT_TRUE(month.ok());
  EXPECT_EQ(*month, (Month{2024, 11}));
  EXPECT_EQ(MonthText(*month), "2024-11");
  for (const char* wrong :
       {"", "2024-1", "2024-13", "2024-00", "24-11", "2024/11", "2024-11-01", "1970-12", "9999-01"})
    EXPECT_EQ(ParseMonth(wrong).status().code(), absl::StatusCode::kInvalidArgument) << wrong;
  EXPECT_EQ(ParseMonth("11.2024").status().message(),
            "'11.2024' is not a month; write 2024-11 (1971-01 to 9998-12)");
}

// METRICS 1.2 and V14.
TEST(Months, AreCutInJapan) {
  const auto at = [](const char* text) {
    absl::Time time;
    EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, nullptr));
    return time;
  };
  const Month november{2024, 11};
  EXPECT_EQ(StartUnixSeconds(november), absl::ToUnixSeconds(at("2024-10-31T15:00:00Z")));
  EXPECT_EQ(EndUnixSeconds(november), absl::ToUnixSeconds(at("2024-11-30T15:00:00Z")));
  EXPECT_EQ((EndUnixSeconds(november) - StartUnixSeconds(november)) / 7200, 360);
  const Month may{2025, 5};
  EXPECT_EQ((EndUnixSeconds(may) - StartUnixSeconds(may)) / 7200, 372);
  EXPECT_EQ(MonthOf(at("2024-10-31T14:59:59Z")), (Month{2024, 10}));
  EXPECT_EQ(MonthOf(at("2024-10-31T15:00:00Z")), november);
}

TEST(Months, AreCounted) {
  EXPECT_EQ(AddMonths({2024, 11}, 2), (Month{2025, 1}));
  EXPECT_EQ(AddMonths({2024, 1}, -12), (Month{2023, 1}));
  EXPECT_EQ(QuarterEndBefore({2024, 11}), (Month{2024, 9}));
  EXPECT_EQ(QuarterEndBefore({2024, 9}), (Month{2024, 6}));
  EXPECT_EQ(QuarterEndBefore({2009, 5}), (Month{2009, 3}));
  EXPECT_EQ(QuarterEndBefore({2024, 1}), (Month{2023, 12}));
}

}  // namespace
}  // namespace kansoku
