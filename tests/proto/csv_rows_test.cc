// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/csv_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace kansoku {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

std::vector<std::pair<int, std::vector<std::string>>> Rows(const std::string& text) {
  const absl::StatusOr<std::vector<CsvRow>> rows = ParseCsv(text, "t.csv");
  EXPECT_TRUE(rows.ok()) << rows.status();
  std::vector<std::pair<int, std::vector<std::string>>> found;
  if (!rows.ok()) return found;
  for (const CsvRow& row : *rows) found.emplace_back(row.line, row.cells);
  return found;
}

std::string Refusal(const std::string& text) {
  return std::string(ParseCsv(text, "t.csv").status().message());
}

TEST(CsvRows, CellsAreAsTheyStand) {
  EXPECT_THAT(Rows("a,b\n1,2\n"),
              ElementsAre(Pair(1, ElementsAre("a", "b")), Pair(2, ElementsAre("1", "2"))));
  EXPECT_THAT(Rows("a,,\n"), ElementsAre(Pair(1, ElementsAre("a", "", ""))));
  EXPECT_THAT(Rows(" a , b\n"), ElementsAre(Pair(1, ElementsAre(" a ", " b"))));
  EXPECT_THAT(Rows("総務省,観測\n"), ElementsAre(Pair(1, ElementsAre("総務省", "観測"))));
}

TEST(CsvRows, QuotesHoldCommasAndQuotes) {
  EXPECT_THAT(Rows("\"a,b\",\"say \"\"c\"\"\",\"\"\n"),
              ElementsAre(Pair(1, ElementsAre("a,b", "say \"c\"", ""))));
}

TEST(CsvRows, LinesMayEndInEitherWayOrNot) {
  const auto rows = ElementsAre(Pair(1, ElementsAre("a", "b")), Pair(2, ElementsAre("1", "2")));
  EXPECT_THAT(Rows("a,b\r\n1,2\r\n"), rows);
  EXPECT_THAT(Rows("a,b\r\n1,2"), rows);
  EXPECT_THAT(Rows("a,b\n1,2"), rows);
}

TEST(CsvRows, EmptyLinesAreNoRowsAndCount) {
  EXPECT_THAT(Rows("\na\n\r\n\n1\n\n"), ElementsAre(Pair(2, ElementsAre("a")), Pair(5, ElementsAre("1"))));
  EXPECT_THAT(Rows(""), ElementsAre());
  EXPECT_THAT(Rows("\xEF\xBB\xBF"), ElementsAre());
}

TEST(CsvRows, AByteOrderMarkIsNoPartOfTheFirstCell) {
  EXPECT_THAT(Rows("\xEF\xBB\xBF\"a\",b\n"), ElementsAre(Pair(1, ElementsAre("a", "b"))));
}

TEST(CsvRows, StrayQuotesAreRefused) {
  const std::string stray =
      "t.csv:2: a quote stands where none may; put the whole cell in quotes, and write each quote in it "
      "twice";
  EXPECT_EQ(Refusal("a,b\n1,2\"3\"\n"), stray);
  EXPECT_EQ(Refusal("a,b\n1,\"2\"3\n"), stray);
  EXPECT_EQ(Refusal("a,b\n1, \"2\"\n"), stray);
}

TEST(CsvRows, OpenQuotesAreRefusedWhereTheyOpen) {
  const std::string open = "t.csv:2: a quote is not closed; a cell ends on its line";
  EXPECT_EQ(Refusal("a,b\n1,\"2\n3,\"4\"\n"), open);
  EXPECT_EQ(Refusal("a,b\n1,\"2"), open);
}

TEST(CsvRows, OtherEncodingsAreRefused) {
  EXPECT_EQ(Refusal("a\n\n\x91\x8d\x96\xb1\x8f\xc8\n"), "t.csv:3: not UTF-8; save the file in that encoding");
  EXPECT_EQ(Refusal("\xFF\xFE" + std::string("a\0\n\0", 4)),
            "t.csv:1: not UTF-8; save the file in that encoding");
}

TEST(CsvRows, ControlCharactersAreRefused) {
  const std::string control =
      "t.csv:1: holds a control character (a tab, a lone carriage return ...); take it out";
  EXPECT_EQ(Refusal("a\tb\n"), control);
  EXPECT_EQ(Refusal("a\rb\n"), control);
  EXPECT_EQ(Refusal(std::string("a\0b\n", 4)), control);
}

}  // namespace
}  // namespace kansoku
