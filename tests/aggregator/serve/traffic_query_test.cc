// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/traffic_query.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <tuple>

#include "proto/contract/measurement.h"
#include "proto/contract/traffic_class.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

constexpr int64_t kHourAfter = kSampleStart + 3'600;

v1::GetTrafficRequest Ask(int64_t start, int64_t end, uint32_t step_seconds = 0) {
  return RequestFor<v1::GetTrafficRequest>(start, end, step_seconds);
}

v1::GetTrafficResponse Answer(ServedStore& store, const v1::GetTrafficRequest& request) {
  auto response = ReadTraffic(*store, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? *std::move(response) : v1::GetTrafficResponse();
}

absl::Status Refusal(ServedStore& store, const v1::GetTrafficRequest& request) {
  return ReadTraffic(*store, request).status();
}

v1::Cell Total(const v1::GetTrafficResponse& response) {
  v1::Cell total;
  for (const v1::TrafficRow& row : response.rows()) {
    total.set_packets(total.packets() + row.cell().packets());
    total.set_wire_octets(total.wire_octets() + row.cell().wire_octets());
    total.set_ip_octets(total.ip_octets() + row.cell().ip_octets());
    total.set_flows(total.flows() + row.cell().flows());
    total.set_new_flows(total.new_flows() + row.cell().new_flows());
  }
  return total;
}

TEST(TrafficQuery, EverySubsetOfDimensionsSumsToTheSameTotal) {
  ServedStore store;
  store.Welcome("osaka", v1::GROUP_A2, "isp-2");
  store.Welcome("tokyo");
  store.AddSamples("osaka", kSampleStart, 20);
  store.AddSamples("tokyo", kSampleStart, 40);

  v1::GetTrafficRequest request = Ask(kSampleStart, kHourAfter, 300);
  const v1::Cell whole = Total(Answer(store, request));
  ASSERT_GT(whole.packets(), 0u);
  for (unsigned subset = 0; subset < 512; ++subset) {
    request.clear_by();
    for (int dimension = v1::DIMENSION_GROUP; dimension <= v1::DIMENSION_ISP; ++dimension) {
      if ((subset >> (dimension - 1) & 1) != 0) request.add_by(static_cast<v1::Dimension>(dimension));
    }
    const v1::GetTrafficResponse response = Answer(store, request);
    ASSERT_EQ(Total(response).SerializeAsString(), whole.SerializeAsString()) << request.ShortDebugString();
    std::tuple<int64_t, TrafficClass, std::string> previous;
    for (const v1::TrafficRow& row : response.rows()) {
      const std::tuple key(row.range().start_unix_seconds(), TrafficClass(row.cell().traffic_class()),
                           row.point());
      ASSERT_GE(key, previous) << "rows are not in order";
      previous = key;
    }
  }
}

TEST(TrafficQuery, StepsAddUpToTheWholeRange) {
  ServedStore store;
  store.Welcome("tokyo");
  store.AddSamples("tokyo", kSampleStart, 360);
  const v1::Cell whole = Total(Answer(store, Ask(kSampleStart, kHourAfter)));
  for (const uint32_t step : {10u, 60u, 300u, 3'600u}) {
    const auto response = Answer(store, Ask(kSampleStart, kHourAfter, step));
    EXPECT_EQ(static_cast<uint32_t>(response.rows_size()), 3'600 / step);
    EXPECT_EQ(Total(response).SerializeAsString(), whole.SerializeAsString()) << step;
  }
}

TEST(TrafficQuery, HalvesOfTheClassFilterAddUp) {
  ServedStore store;
  store.Welcome("tokyo");
  store.AddSamples("tokyo", kSampleStart, 60, 24);
  v1::GetTrafficRequest request = Ask(kSampleStart, kHourAfter);
  const uint64_t whole = Total(Answer(store, request)).packets();
  request.mutable_only()->set_family(v1::FAMILY_IPV4);
  const uint64_t ipv4 = Total(Answer(store, request)).packets();
  request.mutable_only()->set_family(v1::FAMILY_IPV6);
  const uint64_t ipv6 = Total(Answer(store, request)).packets();
  EXPECT_GT(ipv4, 0u);
  EXPECT_GT(ipv6, 0u);
  EXPECT_EQ(ipv4 + ipv6, whole);
}

TEST(TrafficQuery, KeepsOnlyThePointsAskedFor) {
  ServedStore store;
  store.Welcome("osaka");
  store.Welcome("tokyo");
  store.AddSamples("osaka", kSampleStart, 1, 1);
  store.AddSamples("tokyo", kSampleStart, 2, 1);
  v1::GetTrafficRequest request = Ask(kSampleStart, kHourAfter);
  request.add_points("tokyo");
  request.add_by(v1::DIMENSION_POINT);
  const auto response = Answer(store, request);
  ASSERT_EQ(response.rows_size(), 1);
  EXPECT_EQ(response.rows(0).point(), "tokyo");
  EXPECT_EQ(response.rows(0).isp(), "");
  EXPECT_EQ(response.rows(0).windows(), 2u);
  EXPECT_EQ(response.rows(0).expected_windows(), 360u);
}

TEST(TrafficQuery, ShowsAMissingWindowAsCoverageAndAZeroRow) {
  ServedStore store;
  store.Welcome("tokyo");
  store.Welcome("never");
  store.Add("tokyo", kSampleStart + 10, SampleMeasurement(1));
  store.Add("tokyo", kSampleStart + 30, SampleMeasurement(2));
  const auto response = Answer(store, Ask(kSampleStart, kSampleStart + 40, 10));
  // The first step is before the point's first window, so nothing was expected of it.
  ASSERT_EQ(response.rows_size(), 3);
  EXPECT_EQ(response.rows(0).range().start_unix_seconds(), kSampleStart + 10);
  EXPECT_EQ(response.rows(1).range().start_unix_seconds(), kSampleStart + 20);
  EXPECT_EQ(response.rows(1).windows(), 0u);
  EXPECT_EQ(response.rows(1).expected_windows(), 1u);
  EXPECT_EQ(response.rows(1).cell().packets(), 0u);
  EXPECT_EQ(response.rows(2).windows(), 1u);
}

TEST(TrafficQuery, CrossesTiersWithoutGapOrOverlap) {
  ServedStore store;
  store.Welcome("tokyo");
  // An hour's windows now, and one hour 100 days before that, kept as an hour only; one 10 days before, in
  // five minutes.
  constexpr int64_t kDay = 86'400;
  store.AddSamples("tokyo", kSampleStart - 100 * kDay, 360, 3);
  store.AddSamples("tokyo", kSampleStart - 10 * kDay, 360, 3);
  store.AddSamples("tokyo", kSampleStart, 360, 3);
  const int64_t start = kSampleStart - 101 * kDay;
  const v1::Cell before = Total(Answer(store, Ask(start, kHourAfter)));

  for (int i = 0; i < 100; ++i) ASSERT_TRUE(store->Expire(kSampleNow).ok());
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(store->Expire(kSampleNow + absl::Hours(2)).ok());
  ASSERT_EQ(store->Plan(start, kHourAfter + 10, 0, kSampleWindowSeconds).status().code(),
            absl::StatusCode::kOk);
  for (const uint32_t step : {0u, 3'600u}) {
    const auto response = Answer(store, Ask(start, kHourAfter, step));
    EXPECT_EQ(Total(response).SerializeAsString(), before.SerializeAsString()) << step;
  }
  const auto fine = Answer(store, Ask(kSampleStart - 11 * kDay, kHourAfter, 300));
  EXPECT_EQ(Total(fine).packets(), Total(Answer(store, Ask(kSampleStart - 11 * kDay, kHourAfter))).packets());
  const absl::Status too_fine = Refusal(store, Ask(start, kHourAfter, 300));
  EXPECT_EQ(too_fine.code(), absl::StatusCode::kInvalidArgument) << too_fine;
}

TEST(TrafficQuery, TakesItsEdgesFromThePointsItIsAbout) {
  ServedStore store;
  store.Welcome("tokyo");
  store.AddSamples("tokyo", kSampleStart, 60);
  v1::Hello hello = SampleHello("slow");
  hello.mutable_points(0)->set_window_seconds(300);
  ASSERT_TRUE(store->Welcome(hello, kSampleNow).ok());
  v1::SequencedReport slow = SampleReport(1, "slow", kSampleStart);
  slow.mutable_report()->set_window_seconds(300);
  store.Commit("slow", {slow});

  v1::GetTrafficRequest request = Ask(kSampleStart + 10, kSampleStart + 50, 10);
  EXPECT_EQ(Refusal(store, request).code(), absl::StatusCode::kInvalidArgument);
  request.add_points("tokyo");
  EXPECT_EQ(Answer(store, request).rows_size(), 4);
  // After the slow point's last window it is in nobody's way.
  EXPECT_EQ(Answer(store, Ask(kSampleStart + 310, kSampleStart + 350, 10)).rows_size(), 4);
}

TEST(TrafficQuery, RefusesWhatItCannotAnswer) {
  ServedStore store;
  store.Welcome("tokyo");
  store.AddSamples("tokyo", kSampleStart, 1);
  EXPECT_EQ(Refusal(store, {}).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Refusal(store, Ask(kSampleStart, kSampleStart)).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Refusal(store, Ask(kSampleStart + 5, kHourAfter + 5)).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Refusal(store, Ask(kSampleStart, kHourAfter, 7)).code(), absl::StatusCode::kInvalidArgument);

  v1::GetTrafficRequest request = Ask(kSampleStart, kHourAfter);
  request.add_by(v1::DIMENSION_UNSPECIFIED);
  EXPECT_EQ(Refusal(store, request).code(), absl::StatusCode::kInvalidArgument);
  request.set_by(0, static_cast<v1::Dimension>(99));
  EXPECT_EQ(Refusal(store, request).message(), "by: 99 is not a dimension; 1 to 9 are");

  request = Ask(kSampleStart, kHourAfter);
  request.mutable_only()->set_access(static_cast<v1::Access>(16));
  EXPECT_EQ(Refusal(store, request).code(), absl::StatusCode::kInvalidArgument);

  request = Ask(kSampleStart, kHourAfter);
  request.add_points("kyoto");
  EXPECT_EQ(Refusal(store, request).code(), absl::StatusCode::kNotFound);
}

TEST(TrafficQuery, RefusesAnAnswerOfMoreThanAMillionRows) {
  ServedStore store;
  store.Welcome("tokyo");
  store.AddSamples("tokyo", kSampleStart, 1, 1);
  const absl::Status refused = Refusal(store, Ask(kSampleStart, kSampleStart + 10'000'010, 10));
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted) << refused;
}

TEST(TrafficQuery, IsEmptyBeforeAnyPointIsKnown) {
  ServedStore store;
  EXPECT_EQ(Answer(store, Ask(kSampleStart, kHourAfter, 300)).rows_size(), 0);
}

// A window with a TCP and a UDP class; one packet in ten was looked at.
v1::Measurement SampledWindow() {
  v1::Measurement measurement = SampleMeasurement(0, 0, /*darknet=*/false);
  for (const v1::Transport transport : {v1::TRANSPORT_TCP, v1::TRANSPORT_UDP}) {
    v1::Cell& cell = *measurement.add_cells();
    cell.mutable_traffic_class()->set_transport(transport);
    cell.set_packets(4);
    cell.set_ip_octets(400);
    cell.set_outer_ip_octets(436);
    cell.set_inner_ip_octets(400);
    cell.set_new_flows(3);
    cell.mutable_statistics()->mutable_flow_octets()->add_buckets(64);
    cell.mutable_statistics()->mutable_flow_octets()->add_counts(3);
    cell.mutable_estimate()->set_packets(40);
    cell.mutable_estimate()->set_ip_octets(4'000);
    cell.mutable_estimate()->mutable_ip_octets_variance()->set_low(3'600'000);
  }
  measurement.mutable_ledger()->set_tcp_flows_ended(7);
  measurement.mutable_ledger()->set_tcp_flows_one_sided(2);
  measurement.add_flags(v1::QUALITY_FLAG_SAMPLED);
  Canonicalize(measurement);
  return measurement;
}

TEST(TrafficQuery, RowsCarryEstimatesFlagsAndTcpFlows) {
  ServedStore store;
  store.Welcome("tokyo");
  store.Add("tokyo", kSampleStart, SampledWindow());
  v1::Measurement exact = SampleMeasurement(1, 0, /*darknet=*/false);
  exact.add_cells()->set_ip_octets(5);
  store.Add("tokyo", kSampleStart + 10, exact);

  const auto whole = Answer(store, Ask(kSampleStart, kSampleStart + 20));
  ASSERT_EQ(whole.rows_size(), 1);
  const v1::TrafficRow& row = whole.rows(0);
  EXPECT_EQ(row.cell().ip_octets(), 805u);
  EXPECT_EQ(row.cell().estimate().ip_octets(), 8'005u);
  EXPECT_EQ(row.cell().estimate().ip_octets_variance().low(), 7'200'000u);
  EXPECT_EQ(row.cell().outer_ip_octets(), 872u);
  EXPECT_EQ(row.cell().inner_ip_octets(), 800u);
  EXPECT_EQ(row.cell().new_flows(), 6u);
  EXPECT_EQ(row.tcp_new_flows(), 3u);
  EXPECT_EQ(row.tcp_flows_ended(), 7u);
  EXPECT_EQ(row.tcp_flows_one_sided(), 2u);
  ASSERT_EQ(row.flags_size(), 2);  // the sample window with seed 0 has late packets
  EXPECT_EQ(row.flags(0), v1::QUALITY_FLAG_LATE_PACKETS);
  EXPECT_EQ(row.flags(1), v1::QUALITY_FLAG_SAMPLED);

  const auto later = Answer(store, Ask(kSampleStart + 10, kSampleStart + 20));
  ASSERT_EQ(later.rows_size(), 1);
  EXPECT_FALSE(later.rows(0).cell().has_estimate());
  EXPECT_EQ(later.rows(0).flags_size(), 0);
  EXPECT_EQ(later.rows(0).tcp_flows_ended(), 0u);
}

TEST(TrafficQuery, RowsCarryStatisticsOnlyWhereAskedFor) {
  ServedStore store;
  store.Welcome("tokyo");
  store.Add("tokyo", kSampleStart, SampledWindow());
  v1::GetTrafficRequest request = Ask(kSampleStart, kSampleStart + 10);
  EXPECT_FALSE(Answer(store, request).rows(0).cell().has_statistics());
  request.set_statistics(true);
  const v1::FlowStatistics statistics = Answer(store, request).rows(0).cell().statistics();
  ASSERT_EQ(statistics.flow_octets().counts_size(), 1);
  EXPECT_EQ(statistics.flow_octets().counts(0), 6u);
}

}  // namespace
}  // namespace kansoku::aggregator
