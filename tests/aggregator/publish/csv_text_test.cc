// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/csv_text.h"

#include <gtest/gtest.h>

#include "proto/contract/csv_rows.h"

namespace kansoku::aggregator {
namespace {

TEST(CsvText, QuotesWhatMustBe) {
  EXPECT_EQ(CsvText({{"a", "b c"}, {"x,y", "say \"so\""}, {"", "two\nlines"}}),
            "a,b c\r\n\"x,y\",\"say \"\"so\"\"\"\r\n,\"two\nlines\"\r\n");
}

TEST(CsvText, IsReadAsItWasWritten) {
  const CsvTable table = {{"a", "b"}, {"1,5", "\"\""}, {"", "観測"}};
  const absl::StatusOr<std::vector<CsvRow>> rows = ParseCsv(CsvText(table), "t.csv");
  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_EQ(rows->size(), table.size());
  for (size_t i = 0; i < table.size(); ++i) EXPECT_EQ((*rows)[i].cells, table[i]);
}

}  // namespace
}  // namespace kansoku::aggregator
