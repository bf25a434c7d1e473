// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/cell_validation.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "aggregator/ingest/report_validation.h"
#include "proto/contract/estimate.h"

namespace kansoku::aggregator {
namespace {

// A cell of 10 packets, 1000 wire octets and 860 IP octets, and what else the text sets or overrides.
v1::Cell Cell(const std::string& text) {
  v1::Cell cell;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"(
      traffic_class { direction: DIRECTION_DOWNLOAD family: FAMILY_IPV6 carrier: CARRIER_4IN6
                      transport: TRANSPORT_WIREGUARD }
      packets: 10 wire_octets: 1000 ip_octets: 860)",
                                                            &cell));
  v1::Cell more;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &more)) << text;
  cell.MergeFrom(more);
  return cell;
}

absl::Status Validate(const v1::Cell& cell, uint32_t sampling_interval = 1) {
  CellSums sums;
  return ValidateCell({nullptr, "cell"}, cell, sampling_interval, sums);
}

// What collectors send for a sample of one in ten: ten packets alike.
constexpr char kOneInTen[] = R"(
    estimate { packets: 100 wire_octets: 10000 ip_octets: 8600 packets_variance { low: 900 }
               wire_octets_variance { low: 9000000 } ip_octets_variance { low: 6656400 } })";

TEST(CellValidation, TakesWhatACollectorSays) {
  EXPECT_EQ(Validate(Cell("")), absl::OkStatus());
  EXPECT_EQ(Validate(Cell(R"(
      outer_ip_octets: 900 inner_ip_octets: 860 flows: 3 new_flows: 3
      statistics { packet_octets { buckets: [0, 15, 495] counts: [8, 1, 1] } flow_octets {}
                   tcp_segments: 5 tcp_retransmitted_segments: 5 tcp_reset_flows: 9 })")),
            absl::OkStatus());
  EXPECT_EQ(Validate(Cell(kOneInTen), 10), absl::OkStatus());
}

TEST(CellValidation, TakesWhatTheContractEstimates) {
  for (const uint32_t sampling_interval : {2u, 10u, 1'000'000u}) {
    SampleSums sums;
    for (const uint64_t octets : {100u, 1'500u, 65'535u}) {
      sums.packets.Add(1);
      sums.wire_octets.Add(octets + 14);
      sums.ip_octets.Add(octets);
    }
    // As an offload hands it up: 44 packets as one, whose lengths together are one number.
    sums.packets.Add(44);
    sums.wire_octets.Add(44 * 1'514);
    sums.ip_octets.Add(44 * 1'500);
    v1::Cell cell = Cell("");
    cell.set_packets(sums.packets.sum);
    cell.set_wire_octets(sums.wire_octets.sum);
    cell.set_ip_octets(sums.ip_octets.sum);
    *cell.mutable_estimate() = EstimateFrom(sums, sampling_interval);
    EXPECT_EQ(Validate(cell, sampling_interval), absl::OkStatus());
  }
}

TEST(CellValidation, TakesFlowsWithoutPacketsOfASample) {
  v1::Cell cell = Cell("flows: 1");
  cell.clear_packets();
  cell.clear_wire_octets();
  cell.clear_ip_octets();
  EXPECT_EQ(Validate(cell, 10), absl::OkStatus());
  cell.mutable_estimate();
  EXPECT_EQ(std::string(Validate(cell, 10).message()),
            "cell.estimate: is there, though no packet was counted");
}

TEST(CellValidation, TakesTheEstimateOfOneLargePacket) {
  EXPECT_EQ(Validate(Cell(R"(packets: 1 wire_octets: 65535 ip_octets: 4294967295
      estimate { packets: 1000000 wire_octets: 65535000000 ip_octets: 4294967295000000
                 packets_variance { low: 999999000000 }
                 wire_octets_variance { high: 232 low: 15187305063159025088 }
                 ip_octets_variance { high: 999998999534 low: 6256737283242053056 } })"),
                     1'000'000),
            absl::OkStatus());
}

TEST(CellValidation, NamesTheBadField) {
  struct BadCell {
    std::string text;
    std::string message;
  };
  const std::vector<BadCell> cases = {
      {"outer_ip_octets: 72057594037927937",
       "cell.outer_ip_octets: 72057594037927937 brings the report above 72057594037927936"},
      {"inner_ip_octets: 72057594037927937",
       "cell.inner_ip_octets: 72057594037927937 brings the report above 72057594037927936"},
      {"flows: 1 new_flows: 2", "cell.new_flows: 2 is more than the 1 flows"},
      {"statistics { packet_octets { buckets: [1, 2] counts: 1 } }",
       "cell.statistics.packet_octets: 2 buckets with 1 counts"},
      {"statistics { flow_octets { buckets: [2, 1] counts: [1, 1] } }",
       "cell.statistics.flow_octets.buckets: do not rise"},
      {"statistics { flow_milliseconds { buckets: [2, 2] counts: [1, 1] } }",
       "cell.statistics.flow_milliseconds.buckets: do not rise"},
      {"statistics { handshake_microseconds { buckets: 496 counts: 1 } }",
       "cell.statistics.handshake_microseconds.buckets: 496 is above 495"},
      {"statistics { packet_octets { buckets: [1, 2] counts: [281474976710656, 1] } }",
       "cell.statistics.packet_octets: 1 brings the report above 281474976710656"},
      {"statistics { tcp_segments: 281474976710657 }",
       "cell.statistics.tcp_segments: 281474976710657 is above 281474976710656"},
      {"statistics { tcp_segments: 4 tcp_retransmitted_segments: 5 }",
       "cell.statistics.tcp_retransmitted_segments: 5 is more than the 4 segments"},
      {"statistics { tcp_reset_flows: 281474976710657 }",
       "cell.statistics.tcp_reset_flows: 281474976710657 is above 281474976710656"},
      {"packets: 0 wire_octets: 0 ip_octets: 0 outer_ip_octets: 1",
       "cell.outer_ip_octets: 1 octets in no packet"},
      {"packets: 0 wire_octets: 0 ip_octets: 0 inner_ip_octets: 1",
       "cell.inner_ip_octets: 1 octets in no packet"},
  };
  for (const BadCell& bad : cases) {
    v1::Cell cell = Cell(bad.text);
    // Merging text leaves zeros alone.
    if (bad.text.starts_with("packets: 0")) {
      cell.clear_packets();
      cell.clear_wire_octets();
      cell.clear_ip_octets();
    }
    const absl::Status status = Validate(cell);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << bad.message;
    EXPECT_EQ(std::string(status.message()), bad.message);
  }
}

TEST(CellValidation, NamesTheBadFieldOfAnEstimate) {
  struct BadEstimate {
    std::string text;  // merged into a cell of one in ten
    uint32_t sampling_interval;
    std::string message;
  };
  const std::vector<BadEstimate> cases = {
      {"", 0, "cell.estimate: is there, though every packet was looked at"},
      {"", 1, "cell.estimate: is there, though every packet was looked at"},
      {"", 11, "cell.estimate.packets: 100 is not 11 times the 10 that were counted"},
      {"estimate { packets: 99 }", 10, "cell.estimate.packets: 99 is not 10 times the 10 that were counted"},
      {"estimate { packets: 281474976710657 }", 10,
       "cell.estimate.packets: 281474976710657 brings the report above 281474976710656"},
      {"estimate { wire_octets: 10001 }", 10,
       "cell.estimate.wire_octets: 10001 is not 10 times the 1000 that were counted"},
      {"estimate { ip_octets: 860 }", 10,
       "cell.estimate.ip_octets: 860 is not 10 times the 860 that were counted"},
      // 90 times the sum of squares, which for 10 packets is 10, or at most 100 where an offload merged them.
      {"estimate { packets_variance { low: 810 } }", 10,
       "cell.estimate.packets_variance: none that 10 in 10 packets can have, one in 10"},
      {"estimate { packets_variance { low: 901 } }", 10,
       "cell.estimate.packets_variance: none that 10 in 10 packets can have, one in 10"},
      {"estimate { packets_variance { low: 9090 } }", 10,
       "cell.estimate.packets_variance: none that 10 in 10 packets can have, one in 10"},
      {"estimate { wire_octets_variance { low: 8999910 } }", 10,
       "cell.estimate.wire_octets_variance: none that 1000 in 10 packets can have, one in 10"},
      {"estimate { wire_octets_variance { high: 1 } }", 10,
       "cell.estimate.wire_octets_variance: none that 1000 in 10 packets can have, one in 10"},
      {"estimate { ip_octets_variance { low: 6656310 } }", 10,
       "cell.estimate.ip_octets_variance: none that 860 in 10 packets can have, one in 10"},
  };
  for (const BadEstimate& bad : cases) {
    v1::Cell cell = Cell(kOneInTen);
    cell.MergeFrom(Cell(bad.text));
    const absl::Status status = Validate(cell, bad.sampling_interval);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << bad.message;
    EXPECT_EQ(std::string(status.message()), bad.message);
  }
  EXPECT_EQ(std::string(Validate(Cell(""), 10).message()),
            "cell.estimate: is missing, though one packet in 10 was looked at");
}

TEST(CellValidation, BoundsWhatTheCellsOfAReportHaveTogether) {
  CellSums sums;
  const v1::Cell half = Cell("packets: 140737488355328");
  EXPECT_TRUE(ValidateCell({nullptr, "first"}, half, 1, sums).ok());
  EXPECT_TRUE(ValidateCell({nullptr, "second"}, half, 1, sums).ok());
  EXPECT_EQ(std::string(ValidateCell({nullptr, "third"}, half, 1, sums).message()),
            "third.packets: 140737488355328 brings the report above 281474976710656");
}

TEST(CellValidation, BoundsTheBucketsOfAReport) {
  v1::Cell cell = Cell("");
  for (uint32_t bucket = 0; bucket < 400; ++bucket) {
    cell.mutable_statistics()->mutable_flow_octets()->add_buckets(bucket);
    cell.mutable_statistics()->mutable_flow_octets()->add_counts(1);
  }
  CellSums sums;
  for (int i = 0; i < kMaxHistogramBuckets / 400; ++i)
    ASSERT_TRUE(ValidateCell({nullptr, "cell"}, cell, 1, sums).ok());
  EXPECT_EQ(std::string(ValidateCell({nullptr, "cell"}, cell, 1, sums).message()),
            "cell.statistics.flow_octets: more than 1000000 buckets in one report");
}

}  // namespace
}  // namespace kansoku::aggregator
