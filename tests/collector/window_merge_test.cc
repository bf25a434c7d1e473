// SPDX-License-Identifier: Apache-2.0
#include "collector/window_merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "proto/contract/measurement.h"
#include "proto/contract/report_limits.h"

namespace kansoku::collector {
namespace {

using ::testing::ElementsAre;

constexpr uint32_t kWindowSeconds = 10;

v1::WindowReport Report(int64_t start, uint64_t packets) {
  v1::WindowReport report;
  report.set_point("p");
  report.set_window_start_unix_seconds(start);
  report.set_window_seconds(kWindowSeconds);
  v1::Measurement& measurement = *report.mutable_measurement();
  measurement.set_windows(1);
  measurement.set_covered_seconds(kWindowSeconds);
  for (const v1::Family family : {v1::FAMILY_IPV4, v1::FAMILY_IPV6}) {
    v1::Cell& cell = *measurement.add_cells();
    cell.mutable_traffic_class()->set_family(family);
    cell.set_packets(packets);
  }
  measurement.mutable_ledger()->set_captured_packets(2 * packets);
  return report;
}

void AddRecord(int64_t start, v1::WindowReport& report) {
  report.add_flow_records()->set_start_unix_milliseconds(start);
}

class WindowMergeTest : public ::testing::Test {
 protected:
  WindowMerge Make(WindowMergeOptions options) {
    return WindowMerge(options, [this](v1::WindowReport report) {
      EXPECT_TRUE(IsCanonical(report.measurement()));
      starts_.push_back(report.window_start_unix_seconds());
      packets_.push_back(report.measurement().ledger().captured_packets());
      reports_.push_back(std::move(report));
    });
  }

  std::vector<v1::WindowReport> reports_;
  std::vector<int64_t> starts_;
  std::vector<uint64_t> packets_;
};

TEST_F(WindowMergeTest, AddsUpOneWindowOfAllWorkers) {
  WindowMerge merge = Make({.workers = 3});
  merge.Add(0, Report(100, 1));
  merge.Add(2, Report(100, 20));
  EXPECT_TRUE(reports_.empty());
  merge.Add(1, Report(100, 300));
  ASSERT_EQ(reports_.size(), 1u);
  const v1::WindowReport& report = reports_[0];
  EXPECT_EQ(report.point(), "p");
  EXPECT_EQ(report.window_seconds(), kWindowSeconds);
  const v1::Measurement& measurement = report.measurement();
  ASSERT_EQ(measurement.cells_size(), 2);
  EXPECT_EQ(measurement.cells(0).packets(), 321u);  // IPv4
  EXPECT_EQ(measurement.cells(1).packets(), 321u);  // IPv6
  EXPECT_EQ(measurement.ledger().captured_packets(), 642u);
  // Still one window, watched once.
  EXPECT_EQ(measurement.windows(), 1u);
  EXPECT_EQ(measurement.covered_seconds(), kWindowSeconds);
}

TEST_F(WindowMergeTest, PassesWindowsOnInOrderWhenTheSlowestIsThrough) {
  WindowMerge merge = Make({.workers = 2});
  merge.Add(0, Report(100, 1));
  merge.Add(0, Report(110, 2));
  merge.Add(0, Report(120, 3));
  EXPECT_THAT(starts_, ElementsAre());
  merge.Add(1, Report(110, 10));  // it has nothing to say of the window at 100
  EXPECT_THAT(starts_, ElementsAre(100, 110));
  EXPECT_THAT(packets_, ElementsAre(2, 24));
}

TEST_F(WindowMergeTest, AWorkerThatEndedHoldsNothingBack) {
  WindowMerge merge = Make({.workers = 2});
  merge.Add(0, Report(100, 1));
  merge.Add(1, Report(100, 1));
  merge.Add(0, Report(110, 2));
  EXPECT_THAT(starts_, ElementsAre(100));
  merge.End(1);
  EXPECT_THAT(starts_, ElementsAre(100, 110));
  merge.Add(0, Report(120, 3));
  merge.End(0);
  EXPECT_THAT(starts_, ElementsAre(100, 110, 120));
}

TEST_F(WindowMergeTest, KeepsEveryCountOfAWorkerThatFellFarBehind) {
  WindowMerge merge = Make({.workers = 2, .max_waiting_bytes = 2 * Report(100, 1000).ByteSizeLong()});
  merge.Add(0, Report(100, 1));
  merge.Add(0, Report(110, 1));
  EXPECT_TRUE(reports_.empty());
  merge.Add(0, Report(120, 1));
  EXPECT_THAT(starts_, ElementsAre(100));
  EXPECT_THAT(reports_[0].measurement().flags(), ElementsAre(v1::QUALITY_FLAG_PARTIAL));

  merge.Add(1, Report(100, 5));
  merge.Add(1, Report(110, 6));
  EXPECT_THAT(starts_, ElementsAre(100, 110));
  EXPECT_THAT(packets_, ElementsAre(2, 2 * (1 + 5 + 6)));
  EXPECT_THAT(reports_[1].measurement().flags(), ElementsAre(v1::QUALITY_FLAG_LATE_PACKETS));
}

TEST_F(WindowMergeTest, FitsTheDarknetOfAllWorkersIntoOneReport) {
  WindowMerge merge = Make({.workers = 2});
  for (const v1::DarknetClass darknet_class : {v1::DARKNET_CLASS_TCP_SYN, v1::DARKNET_CLASS_UDP_PROBE}) {
    v1::WindowReport report = Report(100, 1);
    for (const char* sensor : {"a", "b", "c"}) {
      v1::DarknetTally& tally = *report.mutable_measurement()->add_darknet();
      tally.set_sensor(sensor);
      for (uint32_t port = 1; port <= 60'000; ++port) {
        v1::DarknetCell& cell = *tally.add_cells();
        cell.set_darknet_class(darknet_class);
        cell.set_destination_port(port);
        cell.set_packets(1);
      }
    }
    merge.Add(darknet_class == v1::DARKNET_CLASS_TCP_SYN ? 0 : 1, report);
  }
  ASSERT_EQ(reports_.size(), 1u);
  uint64_t packets = 0;
  int cells = 0;
  for (const v1::DarknetTally& tally : reports_[0].measurement().darknet()) {
    cells += tally.cells_size();
    for (const v1::DarknetCell& cell : tally.cells()) packets += cell.packets();
  }
  EXPECT_LE(cells, kMaxDarknetCells);
  EXPECT_GT(cells, kMaxDarknetCells - 10'000);
  EXPECT_EQ(packets, 360'000u);
  EXPECT_EQ(reports_[0].measurement().ledger().remarked_size(), 1);
}

TEST_F(WindowMergeTest, FollowsAClockThatWasSetBack) {
  WindowMerge merge = Make({.workers = 1});
  merge.Add(0, Report(3600, 1));
  merge.Add(0, Report(3610, 2));
  merge.Add(0, Report(0, 3));
  merge.Add(0, Report(10, 4));
  ASSERT_THAT(starts_, ElementsAre(3600, 3610, 0, 10));
  EXPECT_THAT(packets_, ElementsAre(2, 4, 6, 8));
  for (const v1::WindowReport& report : reports_) EXPECT_THAT(report.measurement().flags(), ElementsAre());
}

TEST_F(WindowMergeTest, KeepsEveryCountWhenWorkersNoticeASetClockOneAfterTheOther) {
  WindowMerge merge = Make({.workers = 2});
  merge.Add(0, Report(3600, 1));
  merge.Add(1, Report(3600, 10));
  merge.Add(0, Report(3610, 2));
  EXPECT_THAT(starts_, ElementsAre(3600));
  merge.Add(0, Report(0, 3));
  merge.Add(1, Report(3610, 20));
  merge.Add(1, Report(0, 30));
  merge.Add(0, Report(10, 4));
  merge.Add(1, Report(10, 40));
  ASSERT_THAT(starts_, ElementsAre(3600, 3610, 0, 3610, 0, 10));
  EXPECT_THAT(packets_, ElementsAre(22, 4, 6, 40, 60, 88));
  EXPECT_THAT(reports_[1].measurement().flags(), ElementsAre(v1::QUALITY_FLAG_PARTIAL));
  EXPECT_THAT(reports_[3].measurement().flags(), ElementsAre(v1::QUALITY_FLAG_PARTIAL));
  EXPECT_THAT(reports_[5].measurement().flags(), ElementsAre());
}

TEST_F(WindowMergeTest, UnitesFlags) {
  WindowMerge merge = Make({.workers = 2});
  v1::WindowReport one = Report(100, 1), other = Report(100, 1);
  one.mutable_measurement()->add_flags(v1::QUALITY_FLAG_PARTIAL);
  one.mutable_measurement()->add_flags(v1::QUALITY_FLAG_MERGED_PACKETS);
  other.mutable_measurement()->add_flags(v1::QUALITY_FLAG_PARTIAL);
  other.mutable_measurement()->add_flags(v1::QUALITY_FLAG_DROPS);
  merge.Add(0, one);
  merge.Add(1, other);
  EXPECT_THAT(reports_[0].measurement().flags(),
              ElementsAre(v1::QUALITY_FLAG_PARTIAL, v1::QUALITY_FLAG_DROPS, v1::QUALITY_FLAG_MERGED_PACKETS));
}

TEST_F(WindowMergeTest, JudgesOffloadsByTheWholeLink) {
  // One worker knows what the interface counted; each knows its share of what was offered.
  const auto flags_with_nic_packets = [this](uint64_t nic_packets) {
    WindowMerge merge = Make({.workers = 2});
    for (const int64_t start : {100, 110}) {
      v1::WindowReport one = Report(start, 1), other = Report(start, 1);
      one.mutable_measurement()->mutable_ledger()->set_nic_packets(nic_packets);
      one.mutable_measurement()->mutable_ledger()->set_tap_packets(50'000);
      other.mutable_measurement()->mutable_ledger()->set_tap_packets(30'000);
      other.mutable_measurement()->mutable_ledger()->set_segmented_packets(7'000);
      merge.Add(0, one);
      merge.Add(1, other);
    }
    return std::vector<int>(reports_.back().measurement().flags().begin(),
                            reports_.back().measurement().flags().end());
  };
  EXPECT_THAT(flags_with_nic_packets(100'000), ElementsAre());
  EXPECT_THAT(flags_with_nic_packets(100'002), ElementsAre(v1::QUALITY_FLAG_OFFLOADED));
}

TEST_F(WindowMergeTest, SortsFlowRecordsAndCountsThoseBeyondTheMost) {
  WindowMerge merge = Make({.workers = 2, .max_flow_records = 3});
  v1::WindowReport one = Report(100, 1), other = Report(100, 1);
  one.set_sampling_interval(7);
  other.set_sampling_interval(7);
  AddRecord(4, one);
  AddRecord(9, one);
  AddRecord(1, other);
  AddRecord(5, other);
  other.mutable_measurement()->mutable_ledger()->set_flow_records_dropped(6);
  merge.Add(0, one);
  merge.Add(1, other);
  ASSERT_EQ(reports_[0].flow_records_size(), 3);
  EXPECT_EQ(reports_[0].flow_records(0).start_unix_milliseconds(), 1);
  EXPECT_EQ(reports_[0].flow_records(1).start_unix_milliseconds(), 4);
  EXPECT_EQ(reports_[0].flow_records(2).start_unix_milliseconds(), 5);
  EXPECT_EQ(reports_[0].measurement().ledger().flow_records_dropped(), 7u);
  EXPECT_EQ(reports_[0].sampling_interval(), 7u);
}

TEST_F(WindowMergeTest, WorkersMayReportAtTheSameTime) {
  constexpr size_t kWorkers = 8;
  constexpr int kWindows = 200;
  WindowMerge merge = Make({.workers = kWorkers});
  {
    std::vector<std::jthread> threads;
    for (size_t worker = 0; worker < kWorkers; ++worker) {
      threads.emplace_back([&merge, worker] {
        for (int i = 0; i < kWindows; ++i) merge.Add(worker, Report(int64_t{i} * kWindowSeconds, 1));
        merge.End(worker);
      });
    }
  }
  ASSERT_EQ(reports_.size(), size_t{kWindows});
  EXPECT_TRUE(std::is_sorted(starts_.begin(), starts_.end()));
  EXPECT_THAT(packets_, ::testing::Each(2 * kWorkers));
}

// A source of the sensor that sent so many probes to a port.
void AddSource(uint64_t id, uint32_t port, uint64_t packets, v1::WindowReport& report,
               const char* sensor = "east") {
  if (report.darknet_sources().empty() || report.darknet_sources().rbegin()->sensor() != sensor) {
    v1::DarknetSources& sources = *report.add_darknet_sources();
    sources.set_sensor(sensor);
    sources.set_source_key(7);
  }
  v1::DarknetSource& source = *report.mutable_darknet_sources()->rbegin()->add_sources();
  source.set_id(id);
  source.set_probe_packets(packets);
  v1::PortPackets& of_port = *source.add_ports();
  of_port.set_port(port);
  of_port.set_packets(packets);
}

// "1: 3 at 23, 80" is source 1, which sent three probes to these ports.
std::string SourcesOf(const v1::DarknetSources& sources) {
  std::string text = sources.sensor();
  for (const v1::DarknetSource& source : sources.sources()) {
    text += " " + std::to_string(source.id()) + ": " + std::to_string(source.probe_packets()) + " at";
    for (const v1::PortPackets& port : source.ports()) text += " " + std::to_string(port.port());
  }
  return text + " and " + std::to_string(sources.further_packets()) + ", of one at most " +
         std::to_string(sources.most_of_one());
}

TEST_F(WindowMergeTest, AddsUpSourcesBySensor) {
  WindowMerge merge = Make({.workers = 3});
  v1::WindowReport first = Report(100, 1), second = Report(100, 1), third = Report(100, 1);
  AddSource(1, 23, 2, first);
  AddSource(5, 23, 1, first);
  AddSource(1, 80, 1, second);
  AddSource(3, 80, 4, second, "west");
  AddSource(2, 80, 4, third, "north");
  second.mutable_darknet_sources(0)->set_further_packets(9);
  second.mutable_darknet_sources(0)->set_most_of_one(2);
  merge.Add(0, std::move(first));
  merge.Add(1, std::move(second));
  merge.Add(2, std::move(third));
  ASSERT_EQ(reports_.size(), 1u);
  ASSERT_EQ(reports_[0].darknet_sources_size(), 3);
  EXPECT_EQ(SourcesOf(reports_[0].darknet_sources(0)),
            "east 1: 3 at 23 80 5: 1 at 23 and 9, of one at most 2");
  EXPECT_EQ(SourcesOf(reports_[0].darknet_sources(1)), "north 2: 4 at 80 and 0, of one at most 0");
  EXPECT_EQ(SourcesOf(reports_[0].darknet_sources(2)), "west 3: 4 at 80 and 0, of one at most 0");
}

TEST_F(WindowMergeTest, KeepsTheSourcesWithMostPackets) {
  WindowMerge merge = Make({.workers = 2, .max_darknet_sources = 3});
  v1::WindowReport first = Report(100, 1), second = Report(100, 1);
  AddSource(1, 23, 3, first);
  AddSource(2, 23, 2, first);
  AddSource(3, 23, 1, first);
  AddSource(3, 23, 5, second);
  AddSource(4, 23, 2, second);
  AddSource(9, 23, 8, second, "west");
  first.mutable_darknet_sources(0)->set_further_packets(10);
  first.mutable_darknet_sources(0)->set_most_of_one(1);
  merge.Add(0, std::move(first));
  merge.Add(1, std::move(second));
  ASSERT_EQ(reports_.size(), 1u);
  EXPECT_EQ(SourcesOf(reports_[0].darknet_sources(0)), "east 1: 3 at 23 3: 6 at 23 and 14, of one at most 3");
  EXPECT_EQ(SourcesOf(reports_[0].darknet_sources(1)), "west 9: 8 at 23 and 0, of one at most 0");
}

TEST_F(WindowMergeTest, LeavesOutPortsThatAReportHasNoRoomFor) {
  WindowMerge merge = Make({.workers = 1, .max_darknet_sources = kMaxDarknetSources});
  v1::WindowReport report = Report(100, 1);
  for (uint64_t id = 1; id <= 5000; ++id) {
    AddSource(id, 0, id, report);
    v1::DarknetSource& source = *report.mutable_darknet_sources(0)->mutable_sources()->rbegin();
    for (uint32_t port = 1; port < 64; ++port) source.add_ports()->set_port(port);
  }
  merge.Add(0, std::move(report));
  const auto& sources = reports_[0].darknet_sources(0).sources();
  ASSERT_EQ(sources.size(), 5000);
  constexpr int kWithRoom = kMaxSourcePorts / 64;
  for (int i = 0; i < 5000; ++i) {
    const bool has_room = i >= 5000 - kWithRoom;
    ASSERT_EQ(sources[i].ports_size(), has_room ? 64 : 0) << i;
    ASSERT_EQ(sources[i].further_packets(), has_room ? 0u : sources[i].probe_packets());
  }
}

// Every port of TCP and UDP, and half of them.
TEST_F(WindowMergeTest, AScannerOfEveryPortLeavesRoomForOthers) {
  WindowMerge merge = Make({.workers = 1});
  v1::WindowReport report = Report(100, 1);
  const auto add_ports = [&](uint32_t ports) {
    v1::DarknetSource& source = *report.mutable_darknet_sources(0)->mutable_sources()->rbegin();
    for (uint32_t port = 1; port < ports; ++port) {
      source.add_ports()->set_protocol(port < 65'536 ? 6 : 17);
      source.mutable_ports()->rbegin()->set_port(port & 0xffff);
    }
  };
  for (uint64_t id = 1; id <= 3; ++id) {
    AddSource(id, 0, 10 - id, report);
    add_ports(131'000);
  }
  AddSource(4, 0, 5, report);
  add_ports(kMaxSourcePorts - 2 * 131'000 - 1);
  AddSource(5, 0, 4, report);
  merge.Add(0, std::move(report));
  const auto& sources = reports_[0].darknet_sources(0).sources();
  ASSERT_EQ(sources.size(), 5);
  const auto expect = [&](int at, int ports, uint64_t further_packets) {
    EXPECT_EQ(sources[at].ports_size(), ports) << at;
    EXPECT_EQ(sources[at].further_packets(), further_packets) << at;
  };
  expect(0, 131'000, 0);
  expect(1, 131'000, 0);
  expect(2, 0, 7);
  expect(3, kMaxSourcePorts - 2 * 131'000 - 1, 0);
  expect(4, 1, 0);
}

// A list ended before the window in which the late report counts.
TEST_F(WindowMergeTest, CountsTogetherWhatWasLookedUpInOtherLists) {
  WindowMerge merge = Make({.workers = 2});
  v1::WindowReport first = Report(100, 1), second = Report(100, 1);
  AddSource(1, 23, 3, first);
  AddSource(1, 23, 2, second);
  AddSource(2, 23, 4, second);
  second.mutable_darknet_sources(0)->add_lists()->set_name("mine");
  merge.Add(0, std::move(first));
  merge.Add(1, std::move(second));
  EXPECT_EQ(SourcesOf(reports_[0].darknet_sources(0)), "east 1: 3 at 23 and 6, of one at most 6");
}

}  // namespace
}  // namespace kansoku::collector
