// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/flow_records_query.h"

#include <string>
#include <vector>

#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

v1::ListFlowRecordsRequest RequestFrom(int64_t start, int64_t end) {
  v1::ListFlowRecordsRequest request;
  request.mutable_range()->set_start_unix_seconds(start);
  request.mutable_range()->set_end_unix_seconds(end);
  return request;
}

// Two points with three windows each, of 5, 1 and 4 records.
class FlowRecordsQuery : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const std::string point : {"tokyo", "osaka"}) {
      store_.Welcome(point);
      std::vector<v1::SequencedReport> reports;
      for (const int count : {5, 1, 4}) {
        const uint64_t sequence = reports.size() + 1;
        reports.push_back(SampleReport(
            sequence, point, kSampleStart + static_cast<int64_t>(sequence - 1) * kSampleWindowSeconds));
        AddSampleRecords(sequence, count, *reports.back().mutable_report());
        all_ += count;
      }
      store_.Commit(point, std::move(reports));
    }
  }

  // Each record as "point start record".
  std::vector<std::string> Read(v1::ListFlowRecordsRequest request, uint32_t page_size) {
    std::vector<std::string> records;
    request.set_page_size(page_size);
    do {
      const auto page = ReadFlowRecords(*store_, request);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) return records;
      uint32_t on_page = 0;
      for (const v1::WindowReport& window : page->windows()) {
        EXPECT_EQ(window.window_seconds(), kSampleWindowSeconds);
        EXPECT_FALSE(window.has_measurement());
        EXPECT_GT(window.flow_records_size(), 0);
        for (const v1::FlowRecord& record : window.flow_records()) {
          ++on_page;
          records.push_back(window.point() + std::to_string(window.window_start_unix_seconds()) +
                            record.SerializeAsString());
        }
      }
      EXPECT_GT(on_page, 0u) << "no page is empty unless all are";
      EXPECT_TRUE(page_size == 0 || on_page <= page_size);
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return records;
  }

  ServedStore store_;
  size_t all_ = 0;
};

TEST_F(FlowRecordsQuery, GivesEveryRecordOnceAtAnyPageSize) {
  const auto request = RequestFrom(kSampleStart, kSampleStart + 30);
  const std::vector<std::string> whole = Read(request, 0);
  EXPECT_EQ(whole.size(), all_);
  for (uint32_t page_size = 1; page_size <= all_ + 1; ++page_size) {
    EXPECT_EQ(Read(request, page_size), whole) << page_size;
  }
}

TEST_F(FlowRecordsQuery, GivesOnlyTheWindowsAndPointsAskedFor) {
  EXPECT_EQ(Read(RequestFrom(kSampleStart + 1, kSampleStart + 21), 0).size(), 2u * (1 + 4));
  auto request = RequestFrom(kSampleStart, kSampleStart + 10);
  request.add_points("osaka");
  EXPECT_EQ(Read(request, 3).size(), 5u);
}

TEST_F(FlowRecordsQuery, IsEmptyWhereThereIsNothing) {
  const auto page = ReadFlowRecords(*store_, RequestFrom(kSampleStart + 30, kSampleStart + 60));
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->ByteSizeLong(), 0u);
}

TEST_F(FlowRecordsQuery, GoesOnWhenWhatItStoppedInWasForgotten) {
  ServedStore store({.window_hours = 1});
  store.Welcome("tokyo");
  auto first = SampleReport(1, "tokyo", kSampleStart);
  auto second = SampleReport(2, "tokyo", kSampleStart + 3600);
  AddSampleRecords(1, 5, *first.mutable_report());
  AddSampleRecords(2, 5, *second.mutable_report());
  store.Commit("tokyo", {first, second});
  auto request = RequestFrom(kSampleStart, kSampleStart + 7200);
  request.set_page_size(3);
  request.set_page_token(ReadFlowRecords(*store, request)->next_page_token());
  ASSERT_TRUE(store->Expire(absl::FromUnixSeconds(kSampleStart + 7200)).ok());
  const auto next = ReadFlowRecords(*store, request);
  ASSERT_TRUE(next.ok());
  ASSERT_EQ(next->windows_size(), 1);
  EXPECT_EQ(next->windows(0).flow_records(0).SerializeAsString(),
            second.report().flow_records(0).SerializeAsString());
}

TEST_F(FlowRecordsQuery, NamesAPointThatDoesNotExist) {
  auto request = RequestFrom(kSampleStart, kSampleStart + 10);
  request.add_points("osaka");
  request.add_points("kobe");
  const absl::Status status = ReadFlowRecords(*store_, request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(std::string(status.message()),
            "points: no collector has reported a point \"kobe\"; ListPoints names those there are");
}

TEST_F(FlowRecordsQuery, RefusesAnEmptyRangeAndStrangeTokens) {
  EXPECT_EQ(ReadFlowRecords(*store_, RequestFrom(kSampleStart, kSampleStart)).status().code(),
            absl::StatusCode::kInvalidArgument);
  for (const char* token : {"x", "1.2", "1.2.3.4", "1.2.-3", "1..3", "99999999999999999999.1.1"}) {
    auto request = RequestFrom(kSampleStart, kSampleStart + 10);
    request.set_page_token(token);
    EXPECT_EQ(ReadFlowRecords(*store_, request).status().code(), absl::StatusCode::kInvalidArgument) << token;
  }
}

}  // namespace
}  // namespace kansoku::aggregator
