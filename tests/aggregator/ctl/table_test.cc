// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/table.h"

#include <gtest/gtest.h>

namespace kansoku::aggregator {
namespace {

TEST(AlignedText, PadsEachColumnToItsWidestCell) {
  const Table table{{{"point"}, {"packets", Align::kRight}, {"note"}},
                    {{"uplink", "7", "x"}, {"b", "1,234,567", ""}}};
  EXPECT_EQ(AlignedText(table),
            "point     packets  note\n"
            "uplink          7  x\n"
            "b       1,234,567\n");
}

TEST(AlignedText, SaysNoneWithoutRows) {
  EXPECT_EQ(AlignedText({{{"point"}, {"isp"}}, {}}), "point  isp\n(none)\n");
}

TEST(AlignedText, CountsCodePoints) {
  EXPECT_EQ(AlignedText({{{"a"}, {"b"}}, {{"é", "x"}, {"ab", "y"}}}), "a   b\né   x\nab  y\n");
}

TEST(AlignedText, KeepsControlCharactersFromTheTerminal) {
  EXPECT_EQ(AlignedText({{{"a"}}, {{"x\x1b[31m\n\x7f"}}}), "a\nx?[31m??\n");
}

TEST(CsvText, HasALineOfNamesAndALineForEachRow) {
  EXPECT_EQ(CsvText({{{"point"}, {"packets", Align::kRight}}, {{"uplink", "1234567"}, {"b", ""}}}),
            "point,packets\nuplink,1234567\nb,\n");
  EXPECT_EQ(CsvText({{{"point"}, {"isp"}}, {}}), "point,isp\n");
}

TEST(CsvText, QuotesWhatWouldEndACell) {
  EXPECT_EQ(CsvText({{{"a"}, {"b"}}, {{"x,y", "say \"hi\""}, {"two\nlines", "日本"}}}),
            "a,b\n\"x,y\",\"say \"\"hi\"\"\"\n\"two\nlines\",日本\n");
}

}  // namespace
}  // namespace kansoku::aggregator
