// SPDX-License-Identifier: Apache-2.0
//
// For how long which addresses were dark, from the workers of a link to its reports.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "collector/window_merge.h"
#include "proto/contract/measurement.h"
#include "proto/contract/report_limits.h"

namespace kansoku::collector {
namespace {

constexpr uint32_t kWindowSeconds = 10;

v1::WindowReport Report(int64_t start) {
  v1::WindowReport report;
  report.set_window_start_unix_seconds(start);
  report.set_window_seconds(kWindowSeconds);
  return report;
}

// Dark for the whole window, each of one address.
void AddPrefixes(uint32_t first, uint32_t prefixes, v1::WindowReport& report) {
  v1::DarknetTally& tally = *report.mutable_measurement()->add_darknet();
  tally.set_sensor("a");
  tally.set_address_seconds(uint64_t{prefixes} * kWindowSeconds);
  for (uint32_t i = 0; i < prefixes; ++i) {
    v1::DarkPrefix& prefix = *tally.add_prefixes();
    prefix.set_address(first + i);
    prefix.set_length(32);
    prefix.set_address_seconds(kWindowSeconds);
  }
}

// One worker says how long each was dark, and another counts what came.
TEST(WindowMergePrefixes, AreThoseOfTheWorkerThatSaysThem) {
  std::vector<v1::WindowReport> reports;
  WindowMerge merge({.workers = 2}, [&](v1::WindowReport report) { reports.push_back(std::move(report)); });
  v1::WindowReport says = Report(100), counts = Report(100);
  AddPrefixes(7, 2, says);
  v1::DarknetTally& tally = *counts.mutable_measurement()->add_darknet();
  tally.set_sensor("a");
  tally.add_cells()->set_packets(5);
  merge.Add(0, says);
  merge.Add(1, counts);
  ASSERT_EQ(reports.size(), 1u);
  ASSERT_EQ(reports[0].measurement().darknet_size(), 1);
  EXPECT_EQ(reports[0].measurement().darknet(0).ShortDebugString(),
            "sensor: \"a\" cells { packets: 5 } address_seconds: 20 "
            "prefixes { address: 7 length: 32 address_seconds: 10 } "
            "prefixes { address: 8 length: 32 address_seconds: 10 }");
}

// The telescope changed, and something of the window before comes late.
TEST(WindowMergePrefixes, AreNoneWhereAReportHasNoRoomForAll) {
  std::vector<v1::WindowReport> reports;
  WindowMerge merge({.workers = 1}, [&](v1::WindowReport report) { reports.push_back(std::move(report)); });
  v1::WindowReport late = Report(100), full = Report(110);
  AddPrefixes(0, 1, late);
  AddPrefixes(1, kMaxDarkPrefixes, full);
  merge.Add(0, Report(100));
  merge.Add(0, late);
  merge.Add(0, full);
  ASSERT_EQ(reports.size(), 2u);
  EXPECT_EQ(reports[1].measurement().darknet(0).ShortDebugString(), "sensor: \"a\" address_seconds: 40970");
}

}  // namespace
}  // namespace kansoku::collector
