// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/day.h"

#include <gtest/gtest.h>

namespace kansoku {
namespace {

TEST(Days, AreReadStrictly) {
  const absl::StatusOr<absl::CivilDay> day = ParseDay("2024-11-01");
  ASSERT_TRUE(day.ok());
  EXPECT_EQ(*day, absl::CivilDay(2024, 11, 1));
  EXPECT_EQ(DayText(*day), "2024-11-01");
  EXPECT_EQ(DayText(absl::CivilDay(1971, 2, 28) + 1), "1971-03-01");
  for (const char* wrong : {"", "2024-11", "2024-11-1", "2024-11-31", "2023-02-29", "24-11-01", "2024/11/01",
                            " 2024-11-01", "2024-11-01T00", "1970-12-31", "9999-01-01"}) {
    EXPECT_EQ(ParseDay(wrong).status().code(), absl::StatusCode::kInvalidArgument) << wrong;
  }
  EXPECT_EQ(ParseDay("1.11.2024").status().message(),
            "'1.11.2024' is not a day; write 2024-11-01 (1971-01-01 to 9998-12-31)");
}

TEST(Days, AreCutInJapan) {
  const absl::CivilDay day(2024, 11, 1);
  const int64_t start = 1'730'386'800;  // 2024-10-31T15:00:00Z
  EXPECT_EQ(DayStartUnixSeconds(day), start);
  EXPECT_EQ(DayStartUnixSeconds(day + 1), start + 86'400);
  EXPECT_EQ(DayOf(absl::FromUnixSeconds(start - 1)), day - 1);
  EXPECT_EQ(DayOf(absl::FromUnixSeconds(start)), day);
}

}  // namespace
}  // namespace kansoku
