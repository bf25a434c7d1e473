// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/history.h"

#include <gtest/gtest.h>

#include "aggregator/publish/history_choice.h"
#include "tests/aggregator/publish/sample_publication.h"

namespace kansoku::aggregator {
namespace {

constexpr char kHead[] = "period,value,unit,source,seen_or_recalled,series,basis,note\n";

bool Any(const HistoryRow&) { return true; }

TEST(History, KeepsEveryCellAndTheFileAsItIs) {
  const std::string text = std::string(kHead) + "2024-11,38.9,Tbps,\"MIC, 2025\",derived,s,b,n\n";
  const absl::StatusOr<HistoryFile> file = ParseHistory("f.csv", text);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->content, text);
  ASSERT_EQ(file->rows.size(), 1u);
  const HistoryRow& row = file->rows[0];
  EXPECT_EQ(row.period, "2024-11");
  EXPECT_EQ(row.value, "38.9");
  EXPECT_EQ(row.unit, "Tbps");
  EXPECT_EQ(row.source, "MIC, 2025");
  EXPECT_EQ(row.evidence, Evidence::kDerived);
  EXPECT_EQ(row.series + row.basis + row.note, "sbn");
}

TEST(History, SaysWhatIsWrongAndWhere) {
  const auto refusal = [](const std::string& rows) {
    return std::string(ParseHistory("f.csv", rows).status().message());
  };
  EXPECT_EQ(refusal("period,value\n"), std::string("f.csv:1: expected the columns ") +
                                           "period,value,unit,source,seen_or_recalled,series,basis,note");
  EXPECT_EQ(refusal(std::string(kHead) + "2024,1,u,s,seen,x,b\n"), "f.csv:2: 7 cells; expected 8");
  EXPECT_EQ(refusal(std::string(kHead) + "2024,1e3,u,s,seen,x,b,n\n"),
            "f.csv:2: value \"1e3\": expected a decimal");
  EXPECT_EQ(refusal(std::string(kHead) + "2024,1,u,s,guessed,x,b,n\n"),
            "f.csv:2: \"guessed\": expected seen, derived or recalled");
}

TEST(History, TakesWhatWasStatedLast) {
  const Publication sample = testing::SamplePublication();
  const RowByPeriod rows =
      LastStated(sample.history, "fixed_download_national_estimate",
                 [](const HistoryRow& row) { return row.basis.starts_with("contract_share"); });
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows.at("2014-11").value, "3500");
}

TEST(History, TakesTheLatestVintageAndItsBestEvidence) {
  const Publication sample = testing::SamplePublication();
  const RowByPeriod packets = LatestVintage(sample.history, "total_packets", Any);
  ASSERT_EQ(packets.size(), 3u) << "quarters are no years";
  EXPECT_EQ(packets.at("2015").value, "63200000000") << "of 2022 and later, which 2024 is";
  EXPECT_EQ(packets.at("2024").evidence, Evidence::kSeen) << "the same value was also recalled";
  EXPECT_EQ(LatestVintage(sample.history, "packets_per_ip_per_year", Any).at("2024").value, "2430000");
}

}  // namespace
}  // namespace kansoku::aggregator
