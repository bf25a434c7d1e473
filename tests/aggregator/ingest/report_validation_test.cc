// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/report_validation.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "aggregator/ingest/report_judgement.h"
#include "gtest/gtest.h"
#include "proto/contract/measurement.h"
#include "tests/aggregator/store/sample_report.h"

namespace kansoku::aggregator {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(kSampleStart);
constexpr ClockTolerance kTolerance = {.ahead = absl::Seconds(60), .behind = absl::Hours(240)};

v1::Batch SampleBatch() {
  v1::Batch batch;
  *batch.add_reports() = SampleReport(7, "tokyo", kSampleStart);
  *batch.add_reports() = SampleTombstone(8, "tokyo", kSampleStart + 10);
  return batch;
}

// What is wrong with the frame of a batch, else with the first of its reports.
absl::Status Judge(const v1::Batch& batch) {
  if (absl::Status valid = ValidateBatch(batch); !valid.ok()) return valid;
  const auto refusals = JudgeReports(batch, WindowLengthsOf(SampleHello("tokyo")), kTolerance, kNow);
  return refusals.empty() ? absl::OkStatus() : absl::InvalidArgumentError(refusals[0].text);
}

TEST(ReportValidation, TakesWhatACollectorSays) {
  EXPECT_TRUE(ValidateHello(SampleHello("tokyo")).ok());
  EXPECT_EQ(Judge(SampleBatch()), absl::OkStatus());
  EXPECT_TRUE(ValidateDelivery({}).ok());
}

TEST(ReportValidation, TakesATombstoneWhoseReasonOnlyNewerVersionsKnow) {
  v1::Batch batch = SampleBatch();
  batch.mutable_reports(1)->mutable_tombstone()->set_reason(static_cast<v1::Tombstone::Reason>(77));
  EXPECT_EQ(Judge(batch), absl::OkStatus());
}

TEST(ReportValidation, TakesATombstoneWithoutAWindowForDamageAlone) {
  v1::Batch batch = SampleBatch();
  v1::Tombstone& tombstone = *batch.mutable_reports(1)->mutable_tombstone();
  tombstone.Clear();
  tombstone.set_reason(v1::Tombstone::REASON_DAMAGED);
  EXPECT_EQ(Judge(batch), absl::OkStatus());
  tombstone.set_captured_packets(1);
  EXPECT_FALSE(Judge(batch).ok());
  tombstone.clear_captured_packets();
  tombstone.set_reason(v1::Tombstone::REASON_SPOOL_FULL);
  EXPECT_FALSE(Judge(batch).ok());
}

TEST(ReportValidation, TakesWhatOnlyTheLedgerMayJudge) {
  v1::Batch batch = SampleBatch();
  v1::Measurement& measurement = *batch.mutable_reports(0)->mutable_report()->mutable_measurement();
  measurement.mutable_cells(0)->set_ip_octets(measurement.cells(0).wire_octets() + 1'000'000);
  measurement.mutable_ledger()->set_captured_packets(1);
  EXPECT_EQ(Judge(batch), absl::OkStatus());
  measurement.Clear();
  measurement.set_windows(1);
  measurement.set_covered_seconds(10);
  EXPECT_EQ(Judge(batch), absl::OkStatus());
}

TEST(ReportValidation, TakesAPointThatSaysNoRegion) {
  v1::Hello hello = SampleHello("tokyo");
  EXPECT_EQ(ValidateHello(hello), absl::OkStatus());
  hello.mutable_points(0)->set_region("kanto");
  EXPECT_EQ(ValidateHello(hello), absl::OkStatus());
}

struct BadHello {
  std::function<void(v1::Hello&)> spoil;
  std::string message;
};

TEST(ReportValidation, NamesTheBadFieldOfHello) {
  constexpr char kName[] = ": must be 1 to 63 of a-z 0-9 - _ . , beginning with a letter or digit";
  const std::vector<BadHello> cases = {
      {[](auto& h) { h.clear_collector(); }, std::string("hello.collector") + kName},
      {[](auto& h) { h.set_collector("Tokyo"); }, std::string("hello.collector") + kName},
      {[](auto& h) { h.set_collector("-a"); }, std::string("hello.collector") + kName},
      {[](auto& h) { h.set_collector(std::string(64, 'a')); }, std::string("hello.collector") + kName},
      {[](auto& h) { h.set_isp("a b"); }, std::string("hello.isp") + kName},
      {[](auto& h) { h.set_software_version(std::string(65, '1')); },
       "hello.software_version: is longer than 64 bytes"},
      {[](auto& h) { h.set_first_sequence(0); }, "hello.first_sequence: is 0, sequence numbers start at 1"},
      {[](auto& h) { h.clear_points(); }, "hello.points: are missing; a collector has at least one"},
      {[](auto& h) { h.mutable_points(0)->set_point("\n"); }, std::string("hello.points[0].point") + kName},
      {[](auto& h) { *h.add_points() = h.points(0); }, "hello.points[1].point: tokyo comes twice"},
      {[](auto& h) { h.mutable_points(0)->set_group(static_cast<v1::Group>(6)); },
       "hello.points[0].group: 6 is none that this version knows"},
      {[](auto& h) { h.mutable_points(0)->set_window_seconds(7); },
       "hello.points[0].window_seconds: 7 does not divide 300"},
      {[](auto& h) { h.mutable_points(0)->set_window_seconds(0); },
       "hello.points[0].window_seconds: 0 does not divide 300"},
      {[](auto& h) { h.mutable_points(0)->set_region("Kanto"); },
       std::string("hello.points[0].region") + kName},
  };
  for (const BadHello& bad : cases) {
    v1::Hello hello = SampleHello("tokyo");
    bad.spoil(hello);
    const absl::Status status = ValidateHello(hello);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(std::string(status.message()), bad.message);
  }
}

// So many packets were captured, some of them taken apart; and the subscribers among those who sent them.
v1::DarknetSubscribers& Capture(uint64_t packets, v1::Measurement& measurement) {
  measurement.mutable_ledger()->set_captured_packets(packets - 1);
  measurement.mutable_ledger()->set_segmented_packets(1);
  return *measurement.mutable_darknet_subscribers();
}

TEST(ReportValidation, TakesSubscribersWhoWereFirstSeenInAnEarlierWindow) {
  v1::Batch batch = SampleBatch();
  v1::DarknetSubscribers& subscribers =
      Capture(100, *batch.mutable_reports(0)->mutable_report()->mutable_measurement());
  subscribers.set_reached(1);
  subscribers.set_scanning(100);
  subscribers.set_further_packets(100);
  EXPECT_EQ(Judge(batch), absl::OkStatus());
}

struct BadBatch {
  std::function<void(v1::Batch&)> spoil;
  std::string message;
};

std::function<void(v1::Batch&)> Report(std::function<void(v1::WindowReport&)> spoil) {
  return [spoil](v1::Batch& batch) { spoil(*batch.mutable_reports(0)->mutable_report()); };
}
std::function<void(v1::Batch&)> Measured(std::function<void(v1::Measurement&)> spoil) {
  return Report([spoil](v1::WindowReport& report) { spoil(*report.mutable_measurement()); });
}
std::function<void(v1::Batch&)> CellOf(std::function<void(v1::Cell&)> spoil) {
  return Measured([spoil](v1::Measurement& m) { spoil(*m.mutable_cells(0)); });
}
std::function<void(v1::Batch&)> Class(std::function<void(v1::TrafficClass&)> spoil) {
  return Measured([spoil](v1::Measurement& m) { spoil(*m.mutable_cells(0)->mutable_traffic_class()); });
}

void ExpectRefusals(const std::vector<BadBatch>& cases) {
  for (const BadBatch& bad : cases) {
    v1::Batch batch = SampleBatch();
    bad.spoil(batch);
    const absl::Status status = Judge(batch);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << bad.message;
    EXPECT_EQ(std::string(status.message()), bad.message);
  }
}

TEST(ReportValidation, NamesTheBadFieldOfABatch) {
  const std::string report = "report 7, point tokyo, window 2024-11-01T00:00:00Z: ";
  ExpectRefusals({
      {Report([](auto& r) { r.set_sampling_interval(1'000'001); }),
       report + "sampling_interval: 1000001 is above 1000000"},
      {Report([](auto& r) { r.add_flow_records(); }),
       report + "flow_records[0].traffic_class.direction: is not specified"},
      {[](auto& b) { b.clear_reports(); }, "batch.reports: are missing"},
      {[](auto& b) { b.mutable_reports(0)->set_sequence(0); },
       "batch.reports[0].sequence: is 0, sequence numbers start at 1"},
      {[](auto& b) { b.mutable_reports(1)->set_sequence(9); }, "report 9: sequence: comes where 8 is next"},
      {[](auto& b) { b.mutable_reports(1)->set_sequence(7); }, "report 7: sequence: comes where 8 is next"},
      {[](auto& b) { b.mutable_reports(0)->clear_content(); },
       "report 7: content: is none that this version knows"},
      {Report([](auto& r) { r.set_point("osaka"); }),
       "report 7, point osaka, window 2024-11-01T00:00:00Z: point: was not described in Hello"},
      {Report([](auto& r) { r.set_point("\xff"); }),
       "report 7, point (malformed), window 2024-11-01T00:00:00Z: point: was not described in Hello"},
      {Report([](auto& r) { r.set_window_seconds(60); }), report + "window_seconds: is 60, Hello said 10"},
      {Report([](auto& r) { r.set_window_start_unix_seconds(-10); }),
       "report 7, point tokyo, window 1969-12-31T23:59:50Z: window_start_unix_seconds: -10 is before 1970"},
      {Report([](auto& r) { r.set_window_start_unix_seconds(kSampleStart + 5); }),
       "report 7, point tokyo, window 2024-11-01T00:00:05Z: window_start_unix_seconds: 1730419205 is not a "
       "multiple "
       "of 10"},
      {Report([](auto& r) { r.set_window_start_unix_seconds(kSampleStart + 60); }),
       "report 7, point tokyo, window 2024-11-01T00:01:00Z: window_start_unix_seconds: 1730419260 is 1m10s "
       "ahead "
       "of the aggregator's clock, more than 1m; set the collector's clock"},
      {Report([](auto& r) { r.set_window_start_unix_seconds(kSampleStart - 864'020); }),
       "report 7, point tokyo, window 2024-10-21T23:59:40Z: window_start_unix_seconds: 1729555180 is "
       "240h10s "
       "behind the aggregator's clock; set the collector's clock, or raise clock.max_behind_days"},
      {[](auto& b) {
         b.mutable_reports(1)->mutable_tombstone()->set_reason(v1::Tombstone::REASON_UNSPECIFIED);
       },
       "report 8, point tokyo, window 2024-11-01T00:00:10Z: tombstone.reason: is missing"},
      {[](auto& b) { b.mutable_reports(1)->mutable_tombstone()->set_captured_packets(kMaxPackets + 1); },
       "report 8, point tokyo, window 2024-11-01T00:00:10Z: tombstone.captured_packets: 281474976710657 is "
       "above "
       "281474976710656"},
  });
}

TEST(ReportValidation, NamesTheBadFieldOfAMeasurement) {
  const std::string window = "report 7, point tokyo, window 2024-11-01T00:00:00Z: ";
  const std::string m = window + "measurement.";
  const std::string not_canonical =
      m + "cells, darknet, ledger or flags: are not sorted by their keys, or hold a key twice";
  ExpectRefusals({
      {Measured([](auto& x) { x.set_windows(2); }), m + "windows: is 2, must be 1 in a report"},
      {Measured([](auto& x) { x.set_covered_seconds(9); }),
       m + "covered_seconds: is 9, must be the window's 10"},
      {Measured([](auto& x) { x.set_evicted_windows(1); }),
       m + "evicted_windows: is 1, must be 0 in a report"},
      {Measured([](auto& x) { x.add_flags(static_cast<v1::QualityFlag>(99)); }),
       m + "flags: 99 is none that this version knows"},
      {Measured([](auto& x) {
         x.clear_flags();
         x.add_flags(v1::QUALITY_FLAG_SAMPLED);
       }),
       m + "flags: QUALITY_FLAG_SAMPLED is set with a sampling_interval of 0"},
      {Report([](auto& r) { r.set_sampling_interval(10); }),
       m + "flags: QUALITY_FLAG_SAMPLED is missing with a sampling_interval of 10"},
      {Report([](auto& r) {
         r.set_sampling_interval(10);
         r.mutable_measurement()->add_flags(v1::QUALITY_FLAG_SAMPLED);
       }),
       m + "cells[0].estimate: is missing, though one packet in 10 was looked at"},
      {CellOf([](auto& c) { c.mutable_estimate(); }),
       m + "cells[0].estimate: is there, though every packet was looked at"},
      {Measured([](auto& x) { x.mutable_cells()->SwapElements(0, 1); }), not_canonical},
      {Measured([](auto& x) { *x.add_cells() = x.cells(x.cells_size() - 1); }), not_canonical},
      {Measured([](auto& x) {
         *x.add_darknet() = x.darknet(0);
         x.mutable_darknet(0)->set_sensor("later");
       }),
       not_canonical},
      {Measured([](auto& x) {
         while (x.cells_size() <= kMaxCells) x.add_cells();
       }),
       m + "cells: more than 20000"},
      {Class([](auto& c) { c.clear_direction(); }), m + "cells[0].traffic_class.direction: is not specified"},
      {Class([](auto& c) { c.clear_family(); }), m + "cells[0].traffic_class.family: is not specified"},
      {Class([](auto& c) { c.clear_carrier(); }), m + "cells[0].traffic_class.carrier: is not specified"},
      {Class([](auto& c) { c.clear_transport(); }), m + "cells[0].traffic_class.transport: is not specified"},
      {CellOf([](auto& c) {
         c.set_flows(3);
         c.set_new_flows(4);
       }),
       m + "cells[0].new_flows: 4 is more than the 3 flows"},
      {CellOf([](auto& c) {
         c.set_packets(0);
         c.set_wire_octets(60);
       }),
       m + "cells[0].wire_octets: 60 octets in no packet"},
      {CellOf([](auto& c) {
         c.set_packets(0);
         c.set_wire_octets(0);
         c.set_ip_octets(46);
       }),
       m + "cells[0].ip_octets: 46 octets in no packet"},
      {Measured([](auto& x) { x.mutable_cells(0)->set_packets(~uint64_t{0}); }),
       m + "cells[0].packets: 18446744073709551615 brings the report above 281474976710656"},
      {Measured([](auto& x) {
         x.mutable_cells(0)->set_packets(kMaxPackets / 2 + 1);
         x.mutable_cells(1)->set_packets(kMaxPackets / 2);
       }),
       m + "cells[1].packets: 140737488355328 brings the report above 281474976710656"},
      {Measured([](auto& x) { x.mutable_cells(2)->set_wire_octets(kMaxOctets); }),
       m + "cells[2].wire_octets: 72057594037927936 brings the report above 72057594037927936"},
      {Measured([](auto& x) { x.mutable_darknet(0)->set_sensor(""); }),
       m + "darknet[0].sensor: is not a name (1 to 63 of a-z 0-9 - _ .)"},
      {Report([](auto& r) { r.add_darknet_sources()->set_sensor("elsewhere"); }),
       window + "darknet_sources[0].sensor: the measurement has no tally of it"},
      {Measured([](auto& x) { x.mutable_ledger()->set_received_packets(kMaxPackets + 1); }),
       m + "ledger.received_packets: 281474976710657 is above 281474976710656"},
      {Measured([](auto& x) { x.mutable_ledger()->set_segmented_packets(kMaxPackets + 1); }),
       m + "ledger.segmented_packets: 281474976710657 is above 281474976710656"},
      {Measured([](auto& x) { x.mutable_ledger()->set_nic_octets(kMaxOctets + 1); }),
       m + "ledger.nic_octets: 72057594037927937 is above 72057594037927936"},
      {Measured([](auto& x) {
         x.mutable_ledger()->set_tcp_flows_ended(3);
         x.mutable_ledger()->set_tcp_flows_one_sided(4);
       }),
       m + "ledger.tcp_flows_one_sided: 4 is above 3"},
      {Measured([](auto& x) { Capture(100, x).set_reached(101); }),
       m + "darknet_subscribers.reached: 101 is more than the 100 packets captured"},
      {Measured([](auto& x) { Capture(100, x).set_scanning(101); }),
       m + "darknet_subscribers.scanning: 101 is more than the 100 packets captured"},
      {Measured([](auto& x) { Capture(100, x).set_further_packets(101); }),
       m + "darknet_subscribers.further_packets: 101 is more than the 100 packets captured"},
      {CellOf([](auto& c) { c.mutable_statistics()->mutable_flow_octets()->add_buckets(1); }),
       m + "cells[0].statistics.flow_octets: 1 buckets with 0 counts"},
      {Measured([](auto& x) { x.mutable_ledger()->mutable_refused(0)->clear_reason(); }),
       m + "ledger.refused[0].reason: 0 is none that this version knows"},
      {Measured([](auto& x) { x.mutable_ledger()->mutable_refused(0)->clear_packets(); }),
       m + "ledger.refused[0].wire_octets: 180 octets in no packet"},
      {Measured([](auto& x) { x.mutable_ledger()->add_remarked(); }),
       m + "ledger.remarked[0].remark: 0 is none that this version knows"},
  });
}

TEST(ReportJudgement, RefusesEachReportForItsOwnReason) {
  v1::Batch batch;
  for (uint64_t i = 1; i <= 6; ++i) *batch.add_reports() = SampleReport(i, "tokyo", kSampleStart);
  batch.mutable_reports(0)->mutable_report()->set_point("osaka");
  batch.mutable_reports(1)->mutable_report()->set_window_seconds(60);
  batch.mutable_reports(3)->mutable_report()->mutable_measurement()->set_windows(2);
  batch.mutable_reports(4)->clear_content();
  batch.mutable_reports(5)->mutable_report()->set_window_start_unix_seconds(kSampleStart + 86'410);
  EXPECT_EQ(ValidateBatch(batch), absl::OkStatus());
  std::vector<std::pair<uint64_t, v1::QuarantineReason>> refused;
  for (const Refusal& refusal :
       JudgeReports(batch, WindowLengthsOf(SampleHello("tokyo")), kTolerance, kNow)) {
    refused.emplace_back(refusal.sequence, refusal.reason);
  }
  EXPECT_EQ(refused,
            (std::vector<std::pair<uint64_t, v1::QuarantineReason>>{{1, v1::QUARANTINE_REASON_UNKNOWN_POINT},
                                                                    {2, v1::QUARANTINE_REASON_WINDOW_LENGTH},
                                                                    {4, v1::QUARANTINE_REASON_IMPOSSIBLE},
                                                                    {5, v1::QUARANTINE_REASON_IMPOSSIBLE},
                                                                    {6, v1::QUARANTINE_REASON_AHEAD}}));
}

bool IsRefused(const v1::SequencedReport& report, const ClockTolerance& tolerance) {
  v1::Batch batch;
  *batch.add_reports() = report;
  return !JudgeReports(batch, WindowLengthsOf(SampleHello("tokyo")), tolerance, kNow).empty();
}

TEST(ReportJudgement, ToleratesClocksUpToTheSecond) {
  EXPECT_FALSE(IsRefused(SampleReport(1, "tokyo", kSampleStart + 50), kTolerance));
  EXPECT_TRUE(IsRefused(SampleReport(1, "tokyo", kSampleStart + 60), kTolerance));
  EXPECT_FALSE(IsRefused(SampleReport(1, "tokyo", kSampleStart - 864'010), kTolerance));
  EXPECT_TRUE(IsRefused(SampleReport(1, "tokyo", kSampleStart - 864'020), kTolerance));
}

TEST(ReportJudgement, AWindowThatWasCutShortMayEndLater) {
  v1::SequencedReport report = SampleReport(1, "tokyo", kSampleStart + 60);
  report.mutable_report()->mutable_measurement()->clear_flags();
  report.mutable_report()->mutable_measurement()->add_flags(v1::QUALITY_FLAG_PARTIAL);
  EXPECT_FALSE(IsRefused(report, kTolerance));
  EXPECT_FALSE(IsRefused(SampleTombstone(1, "tokyo", kSampleStart + 60), kTolerance));
  EXPECT_TRUE(IsRefused(SampleTombstone(1, "tokyo", kSampleStart + 70), kTolerance));
}

TEST(ReportJudgement, ACollectorWhoseClockIsInTheWrongZoneIsNotBelieved) {
  v1::Batch batch;
  *batch.add_reports() = SampleReport(7, "tokyo", kSampleStart - 9 * 3600);
  const auto refusals = [&](const ClockTolerance& tolerance, std::optional<absl::Duration> offset) {
    return JudgeReports(batch, WindowLengthsOf(SampleHello("tokyo")), tolerance, kNow, offset);
  };
  const auto refused = refusals(kTolerance, absl::Hours(-9));
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].reason, v1::QUARANTINE_REASON_BEHIND);
  EXPECT_EQ(
      refused[0].text,
      "report 7, point tokyo, window 2024-10-31T15:00:00Z: the collector's clock is 9h behind the "
      "aggregator's, more than 30m, so the window is of another time; set the collector's clock and its "
      "zone");
  EXPECT_EQ(refusals(kTolerance, absl::Minutes(-30) - absl::Seconds(1)).size(), 1u);
  // Late, of a clock that is right, or not much behind.
  EXPECT_TRUE(refusals(kTolerance, std::nullopt).empty());
  EXPECT_TRUE(refusals(kTolerance, absl::Seconds(-1)).empty());
  EXPECT_TRUE(refusals(kTolerance, absl::Minutes(-30)).empty());
  const ClockTolerance any_past = {.ahead = absl::Seconds(60), .behind = absl::InfiniteDuration()};
  EXPECT_TRUE(refusals(any_past, absl::Hours(-9)).empty());
}

TEST(ReportJudgement, AClockThatWasNeverSetIsNeverBelieved) {
  const ClockTolerance any_past = {.ahead = absl::Seconds(60), .behind = absl::InfiniteDuration()};
  EXPECT_TRUE(IsRefused(SampleReport(1, "tokyo", 0), any_past));
  EXPECT_TRUE(IsRefused(SampleReport(1, "tokyo", 31'535'990), any_past));
  EXPECT_FALSE(IsRefused(SampleReport(1, "tokyo", 31'536'000), any_past));
}

TEST(ReportValidation, RefusesEnumValuesOfEveryDimensionThatItDoesNotKnow) {
  for (int field = 1; field <= 7; ++field) {
    v1::Batch batch = SampleBatch();
    v1::TrafficClass& traffic_class = *batch.mutable_reports(0)
                                           ->mutable_report()
                                           ->mutable_measurement()
                                           ->mutable_cells(0)
                                           ->mutable_traffic_class();
    const auto* descriptor = traffic_class.GetDescriptor()->FindFieldByNumber(field);
    traffic_class.GetReflection()->SetEnumValue(&traffic_class, descriptor, 99);
    const absl::Status status = Judge(batch);
    EXPECT_NE(status.message().find("does not know: "), absl::string_view::npos) << status;
    EXPECT_NE(status.message().find(descriptor->name() + ": 99"), absl::string_view::npos) << status;
  }
}

}  // namespace
}  // namespace kansoku::aggregator
