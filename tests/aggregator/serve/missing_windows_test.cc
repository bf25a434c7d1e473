// SPDX-License-Identifier: Apache-2.0
//
// Windows that are missing for a known reason, and reports in quarantine, wherever they are shown.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "aggregator/serve/figures_query.h"
#include "aggregator/serve/ledger_query.h"
#include "aggregator/serve/metrics_collectable.h"
#include "aggregator/serve/quarantine_query.h"
#include "aggregator/serve/traffic_query.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

constexpr char kEvicted[] = "evicted_because: REASON_SPOOL_FULL windows: 1 packets: 9";
constexpr char kQuarantined[] = "quarantined_because: QUARANTINE_REASON_IMPOSSIBLE windows: 1";

// Four windows of tokyo, of which the second is a tombstone and the third in quarantine.
class MissingWindows : public ::testing::Test {
 protected:
  MissingWindows() {
    store_.Welcome("tokyo");
    CollectorBatch batch{.collector = "tokyo", .epoch = 1};
    for (uint64_t i = 1; i <= 4; ++i) {
      batch.reports.push_back(SampleReport(i, "tokyo", kSampleStart + static_cast<int64_t>(i - 1) * 10));
    }
    batch.reports[1] = SampleTombstone(2, "tokyo", kSampleStart + 10);
    batch.reports[1].mutable_tombstone()->set_reason(v1::Tombstone::REASON_SPOOL_FULL);
    batch.reports[1].mutable_tombstone()->set_captured_packets(9);
    batch.refusals = {{.sequence = 3, .reason = v1::QUARANTINE_REASON_IMPOSSIBLE, .text = "three"}};
    EXPECT_TRUE(store_->Commit(std::vector{batch}, kSampleNow).ok());
  }

  ServedStore store_;
};

template <typename Gaps>
std::vector<std::string> Texts(const Gaps& gaps) {
  std::vector<std::string> texts;
  for (const v1::GapCount& gap : gaps) texts.push_back(gap.ShortDebugString());
  return texts;
}

TEST_F(MissingWindows, LowerTheCoverageOfTrafficAndNameTheReason) {
  auto request = RequestFor<v1::GetTrafficRequest>(kSampleStart, kSampleStart + 40, 20);
  const auto traffic = ReadTraffic(*store_, request);
  ASSERT_TRUE(traffic.ok()) << traffic.status();
  ASSERT_EQ(traffic->rows_size(), 2);
  for (const int step : {0, 1}) {
    EXPECT_EQ(traffic->rows(step).windows(), 1u);
    EXPECT_EQ(traffic->rows(step).expected_windows(), 2u);
  }
  EXPECT_EQ(Texts(traffic->rows(0).gaps()), std::vector<std::string>{kEvicted});
  EXPECT_EQ(Texts(traffic->rows(1).gaps()), std::vector<std::string>{kQuarantined});
}

TEST_F(MissingWindows, AreSaidOfEachFigure) {
  v1::GetFiguresRequest request;
  request.mutable_range()->set_start_unix_seconds(kSampleStart);
  request.mutable_range()->set_end_unix_seconds(kSampleStart + 40);
  const auto figures = ReadFigures(*store_, request);
  ASSERT_TRUE(figures.ok()) << figures.status();
  EXPECT_GT(figures->figures_size(), 0);
  for (const v1::Figure& figure : figures->figures()) {
    EXPECT_EQ(figure.windows(), 2u);
    EXPECT_EQ(figure.expected_windows(), 4u);
    EXPECT_EQ(Texts(figure.gaps()), (std::vector<std::string>{kQuarantined, kEvicted})) << figure.id();
  }
}

TEST_F(MissingWindows, StandInTheLedgerUntilTheyAreAdmitted) {
  LiveStatus live;
  live.clock_offsets["tokyo"] = absl::Milliseconds(1'500);
  const auto ledger = [&] { return ReadLedger(*store_, live, {})->collectors(0); };
  EXPECT_EQ(Texts(ledger().points(0).gaps()), (std::vector<std::string>{kQuarantined, kEvicted}));
  EXPECT_EQ(ledger().clock_offset_microseconds(), 1'500'000);
  ASSERT_EQ(ledger().quarantined_size(), 1);
  EXPECT_EQ(ledger().quarantined(0).ShortDebugString(),
            "reason: QUARANTINE_REASON_IMPOSSIBLE reports: 1 held: 1");
  ASSERT_TRUE(store_->Decide({.id = 1, .admit = true, .by = "hanako"}, kSampleNow).ok());
  EXPECT_EQ(Texts(ledger().points(0).gaps()), std::vector<std::string>{kEvicted});
  live.clock_offsets.clear();
  EXPECT_FALSE(ledger().has_clock_offset_microseconds());
}

TEST_F(MissingWindows, AreExported) {
  LiveStatus live;
  live.clock_offsets["tokyo"] = -absl::Milliseconds(250);
  live.store_is_writable = false;
  const PortTable ports;
  const auto text = MetricsCollectable(*store_, ports, [&] { return live; }).Text();
  ASSERT_TRUE(text.ok()) << text.status();
  for (const std::string line :
       {R"(kansoku_point_gap_windows{isp="isp-1",point="tokyo",reason="spool_full"} 1)",
        R"(kansoku_point_gap_windows{isp="isp-1",point="tokyo",reason="quarantined_impossible"} 1)",
        R"(kansoku_ingest_quarantined_reports_total{isp="isp-1",collector="tokyo",reason="impossible"} 1)",
        R"(kansoku_ingest_quarantined_reports_total{isp="isp-1",collector="tokyo",reason="ahead"} 0)",
        R"(kansoku_quarantine_reports{isp="isp-1",collector="tokyo",state="held"} 1)",
        R"(kansoku_quarantine_reports{isp="isp-1",collector="tokyo",state="discarded"} 0)",
        R"(kansoku_collector_clock_offset_seconds{isp="isp-1",collector="tokyo"} -0.25)",
        R"(kansoku_store_writable 0)"}) {
    EXPECT_NE(text->find("\n" + line + "\n"), std::string::npos) << line;
  }
}

TEST_F(MissingWindows, TheQuarantineIsListedPageByPage) {
  CollectorBatch batch{.collector = "tokyo", .epoch = 1};
  for (uint64_t i = 5; i <= 7; ++i) {
    batch.reports.push_back(SampleReport(i, "tokyo", kSampleStart + static_cast<int64_t>(i) * 10));
    batch.refusals.push_back({i, v1::QUARANTINE_REASON_AHEAD, "ahead"});
  }
  ASSERT_TRUE(store_->Commit(std::vector{batch}, kSampleNow).ok());
  v1::ListQuarantineRequest request;
  request.set_page_size(3);
  const auto first = ListQuarantine(*store_, request);
  ASSERT_EQ(first->reports_size(), 3);
  EXPECT_EQ(first->next_after_id(), 3u);
  request.set_after_id(3);
  const auto last = ListQuarantine(*store_, request);
  ASSERT_EQ(last->reports_size(), 1);
  EXPECT_EQ(last->reports(0).sequence(), 7u);
  EXPECT_EQ(last->next_after_id(), 0u);
  request.set_collector("osaka");
  request.set_after_id(0);
  EXPECT_EQ(ListQuarantine(*store_, request)->reports_size(), 0);
}

}  // namespace
}  // namespace kansoku::aggregator
