// SPDX-License-Identifier: Apache-2.0
#include "aggregator/register/message_table.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "kansoku/v1/statistics.pb.h"

namespace kansoku::aggregator {
namespace {

absl::StatusOr<TablePlaces> Parse(const std::string& text, const std::string& table,
                                  v1::Statistics& statistics) {
  return ParseTable(text, absl::StrCat("r/", table, ".csv"),
                    *v1::Statistics::descriptor()->FindFieldByName(table), statistics);
}

std::string Refusal(const std::string& table, const std::string& text) {
  v1::Statistics statistics;
  return std::string(Parse(text, table, statistics).status().message());
}

constexpr char kContracts[] = "series,quarter,released,contributor,contracts,source\n";

TEST(MessageTable, ColumnsMayStandInAnyOrder) {
  v1::Statistics in_order, in_another;
  EXPECT_TRUE(
      Parse(absl::StrCat(kContracts, "fixed,2024-09,2024-12-20,iij,12,MIC\n"), "contracts", in_order).ok());
  EXPECT_TRUE(Parse("contracts,source,contributor,series,released,quarter\n"
                    "12,MIC,iij,fixed,2024-12-20,2024-09\n",
                    "contracts", in_another)
                  .ok());
  ASSERT_EQ(in_order.contracts_size(), 1);
  EXPECT_EQ(in_order.SerializeAsString(), in_another.SerializeAsString());
  const v1::ContractCount& row = in_order.contracts(0);
  EXPECT_EQ(row.series(), v1::SERIES_FIXED);
  EXPECT_EQ(row.quarter(), "2024-09");
  EXPECT_EQ(row.released(), "2024-12-20");
  EXPECT_EQ(row.contributor(), "iij");
  EXPECT_EQ(row.contracts(), 12u);
  EXPECT_EQ(row.source(), "MIC");
}

TEST(MessageTable, ACellThatIsNotRequiredMayBeEmpty) {
  v1::Statistics statistics;
  ASSERT_TRUE(
      Parse(absl::StrCat(kContracts, "mobile,2024-09,2024-12-20,,12,MIC\n"), "contracts", statistics).ok());
  EXPECT_EQ(statistics.contracts(0).contributor(), "");
}

TEST(MessageTable, ATableMayHaveNoRows) {
  v1::Statistics statistics;
  EXPECT_TRUE(Parse(kContracts, "contracts", statistics).ok());
  EXPECT_EQ(statistics.contracts_size(), 0);
}

TEST(MessageTable, PlacesNameTheLine) {
  v1::Statistics statistics;
  const absl::StatusOr<TablePlaces> places =
      Parse("date,name_ja,name_en\n\n2024-01-01,a,b\n\n2024-02-11,c,d\n", "holidays", statistics);
  ASSERT_TRUE(places.ok());
  EXPECT_EQ(places->LineOf(1), 5);
  EXPECT_EQ(places->At(0, "date", "why").message(), "r/holidays.csv:3: date: why");
}

TEST(MessageTable, AHeaderNamesEveryColumnOnce) {
  EXPECT_EQ(Refusal("holidays", ""), "r/holidays.csv: empty; expected the line date,name_ja,name_en");
  EXPECT_EQ(Refusal("holidays", "date,name_ja,name_en,nmae\n"),
            "r/holidays.csv:1: \"nmae\": unknown column; expected date,name_ja,name_en");
  EXPECT_EQ(Refusal("holidays", "date,name_ja,name_en,\n"),
            "r/holidays.csv:1: \"\": unknown column; expected date,name_ja,name_en");
  EXPECT_EQ(Refusal("holidays", "date,name_ja\n"),
            "r/holidays.csv:1: the column name_en is missing; expected date,name_ja,name_en");
  EXPECT_EQ(Refusal("holidays", "date,name_ja,date,name_en\n"),
            "r/holidays.csv:1: \"date\": this column is given twice; take one out");
  EXPECT_EQ(Refusal("holidays", "date;name_ja;name_en\n"),
            "r/holidays.csv:1: \"date;name_ja;name_en\": unknown column; expected date,name_ja,name_en");
}

TEST(MessageTable, ARowHasACellForEachColumn) {
  EXPECT_EQ(Refusal("holidays", "date,name_ja,name_en\n2024-01-01,a\n"),
            "r/holidays.csv:2: 2 cells, but the header has 3; a cell with a comma needs quotes");
  EXPECT_EQ(Refusal("holidays", "date,name_ja,name_en\n2024-01-01,a,b,c\n"),
            "r/holidays.csv:2: 4 cells, but the header has 3; a cell with a comma needs quotes");
}

TEST(MessageTable, CellsAreJudgedByTheirFieldsRule) {
  const struct {
    std::string table;
    std::string text;
    std::string refusal;
  } cases[] = {
      {"contracts", absl::StrCat(kContracts, "fixed,2024-10,2024-12-20,,12,MIC\n"),
       "r/contracts.csv:2: quarter: \"2024-10\": not the last month of a quarter; write 2024-09"},
      {"contracts", absl::StrCat(kContracts, "fixed,2024,2024-12-20,,12,MIC\n"),
       "r/contracts.csv:2: quarter: \"2024\": expected the last month of a quarter, such as 2024-09"},
      {"contracts", absl::StrCat(kContracts, "fixed,2024-09,20.12.2024,,12,MIC\n"),
       "r/contracts.csv:2: released: \"20.12.2024\": expected a date such as 2024-11-01"},
      {"contracts", absl::StrCat(kContracts, "fixd,2024-09,2024-12-20,,12,MIC\n"),
       "r/contracts.csv:2: series: \"fixd\": expected one of fixed, mobile"},
      {"contracts", absl::StrCat(kContracts, ",2024-09,2024-12-20,,12,MIC\n"),
       "r/contracts.csv:2: series: \"\": expected one of fixed, mobile"},
      {"contracts", absl::StrCat(kContracts, "fixed,2024-09,2024-12-20,,4699万,MIC\n"),
       "r/contracts.csv:2: contracts: \"4699万\": expected a whole number from 0 to 10000000000"},
      {"contracts", absl::StrCat(kContracts, "fixed,2024-09,2024-12-20,,,MIC\n"),
       "r/contracts.csv:2: contracts: \"\": expected a whole number from 0 to 10000000000"},
      {"contracts", absl::StrCat(kContracts, "fixed,2024-09,2024-12-20,IIJ,12,MIC\n"),
       "r/contracts.csv:2: contributor: \"IIJ\": expected a name: 1 to 63 of a-z 0-9 - _ . beginning with a "
       "letter or digit"},
      {"contracts", absl::StrCat(kContracts, "fixed,2024-09,2024-12-20,,12,\n"),
       "r/contracts.csv:2: source: must not be empty"},
      {"coverage", "month,basis,share,released,source\n2024-11,contract_share,1.01,2025-02-01,MIC\n",
       "r/coverage.csv:2: share: \"1.01\": expected a decimal above 0 and at most 1, such as 0.439"},
      {"coverage", "month,basis,share,released,source\n2024-11,contract_share,0.00,2025-02-01,MIC\n",
       "r/coverage.csv:2: share: \"0.00\": expected a decimal above 0 and at most 1, such as 0.439"},
      {"coverage", "month,basis,share,released,source\n2024-11,unspecified,0.4,2025-02-01,MIC\n",
       "r/coverage.csv:2: basis: \"unspecified\": expected one of contract_share, ix_share"},
      {"breaks", "series,month,reason_ja,reason_en,source\nfixed,2017-13,a,b,c\n",
       "r/breaks.csv:2: month: \"2017-13\": expected a month such as 2024-11, from 1971-01 to 9998-12"},
      {"presentations", "figure,since,unit,power_of_ten,digits\nrate,2004-09,Tbps,25,1\n",
       "r/presentations.csv:2: power_of_ten: \"25\": expected a whole number from 0 to 24"},
      {"presentations", "figure,since,unit,power_of_ten,digits\nrate,2004-09,Tbps,12,10\n",
       "r/presentations.csv:2: digits: \"10\": expected a whole number from 0 to 9"},
      {"holidays", "date,name_ja,name_en\n2024-02-30,a,b\n",
       "r/holidays.csv:2: date: \"2024-02-30\": expected a date such as 2024-11-01"},
      {"holidays", "date,name_ja,name_en\n2024-2-11,a,b\n",
       "r/holidays.csv:2: date: \"2024-2-11\": expected a date such as 2024-11-01"},
      {"holidays", "date,name_ja,name_en\n2024-01-01 ,a,b\n",
       "r/holidays.csv:2: date: \"2024-01-01 \": expected a date such as 2024-11-01"},
      {"holidays", "date,name_ja,name_en\n2024-01-01,\"a,b\n",
       "r/holidays.csv:2: a quote is not closed; a cell ends on its line"},
  };
  for (const auto& one : cases) EXPECT_EQ(Refusal(one.table, one.text), one.refusal);
}

}  // namespace
}  // namespace kansoku::aggregator
