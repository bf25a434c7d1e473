// SPDX-License-Identifier: Apache-2.0
//
// A real store in a folder of its own, and the shortest way to put reports into it.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "aggregator/store/sqlite_store.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {

inline const absl::Time kSampleNow = absl::FromUnixSeconds(kSampleStart + 7'200);

class ServedStore {
 public:
  explicit ServedStore(Retention retention = {}) : retention_(retention) { Reopen(); }

  // As after a restart of the aggregator.
  void Reopen() {
    store_.reset();
    auto opened = SqliteStore::Open({.path = folder_.File(), .retention = retention_});
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }

  // A collector with one point of its own name.
  void Welcome(const std::string& point, v1::Group group = v1::GROUP_A1, const std::string& isp = "isp-1") {
    v1::Hello hello = SampleHello(point);
    hello.set_isp(isp);
    hello.mutable_points(0)->set_group(group);
    const auto through = store_->Welcome(hello, kSampleNow);
    ASSERT_TRUE(through.ok()) << through.status();
  }

  void Commit(const std::string& point, std::vector<v1::SequencedReport> reports) {
    const CollectorBatch batch{point, 1, std::move(reports)};
    const auto through = store_->Commit(std::vector{batch}, kSampleNow);
    ASSERT_TRUE(through.ok()) << through.status();
  }

  // The next report of this point's collector.
  void Add(const std::string& point, int64_t window_start, v1::Measurement measurement) {
    v1::SequencedReport report;
    report.set_sequence(++sequence_[point]);
    report.mutable_report()->set_point(point);
    report.mutable_report()->set_window_start_unix_seconds(window_start);
    report.mutable_report()->set_window_seconds(kSampleWindowSeconds);
    *report.mutable_report()->mutable_measurement() = std::move(measurement);
    Commit(point, {report});
  }

  // `count` sample windows from `window_start` on, each different, in one transaction.
  void AddSamples(const std::string& point, int64_t window_start, int count, int cells = 12) {
    std::vector<v1::SequencedReport> reports;
    for (int i = 0; i < count; ++i) {
      reports.push_back(
          SampleReport(++sequence_[point], point, window_start + i * int64_t{kSampleWindowSeconds}, cells));
    }
    Commit(point, std::move(reports));
  }

  Store& operator*() { return *store_; }
  Store* operator->() { return store_.get(); }

 private:
  StoreFolder folder_;
  const Retention retention_;
  std::unique_ptr<Store> store_;
  std::map<std::string, uint64_t> sequence_;
};

template <typename Request>
Request RequestFor(int64_t start, int64_t end, uint32_t step_seconds) {
  Request request;
  request.mutable_range()->set_start_unix_seconds(start);
  request.mutable_range()->set_end_unix_seconds(end);
  request.set_step_seconds(step_seconds);
  return request;
}

}  // namespace kansoku::aggregator
