// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/flow_records.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/collector/meter/packets.h"
#include "tests/collector/meter/permutation_key.h"

namespace kansoku::collector {
namespace {

constexpr uint8_t kSyn = 0x02, kAck = 0x10, kFin = 0x01;

FlowRecords Plain(size_t positions = 8, uint32_t max_records = 8) {
  return FlowRecords(positions, max_records, std::nullopt);
}

constexpr v1::FlowRecord::EndReason kGoesOn = v1::FlowRecord::END_REASON_ACTIVE_TIMEOUT;

// A TCP flow from host `n` to host 1000, begun `n` milliseconds after the start. Counters are forward ones.
Flow FlowOf(uint8_t ip_version, uint32_t n, uint64_t octets = 100, uint32_t packets = 1) {
  DecodedPacket packet;
  packet.source = HostAt(ip_version, n);
  packet.destination = HostAt(ip_version, 1000);
  packet.source_port = static_cast<uint16_t>(40000 + n);
  packet.destination_port = 443;
  packet.ip_version = ip_version;
  packet.protocol = kProtocolTcp;
  return {.key = FlowKey::Of(packet),
          .first_seen_unix_ns = kStartNs + n * int64_t{1'000'000},
          .last_seen_unix_ns = kStartNs + n * int64_t{1'000'000} + 1'999'999,
          .ip_octets = {octets, 0},
          .packets = {packets, 0}};
}

void Take(FlowRecords& records, size_t position, const Flow& flow,
          v1::FlowRecord::EndReason reason = kGoesOn) {
  records.Take(position, flow, ClassOf(flow.key.ip_version(), v1::DIRECTION_UPLOAD), reason);
}

v1::WindowReport Moved(FlowRecords& records) {
  v1::WindowReport report;
  records.MoveTo(report);
  return report;
}

std::string Bytes(const IpAddress& address, uint8_t ip_version) {
  std::string bytes;
  for (const uint64_t half : {address.high, address.low}) {
    for (int i = 7; i >= 0; --i) bytes.push_back(static_cast<char>(half >> 8 * i));
  }
  return ip_version == 4 ? bytes.substr(12) : bytes;
}

class FlowRecordsOf : public ::testing::TestWithParam<uint8_t> {};

TEST_P(FlowRecordsOf, SayWhatIpfixSays) {
  FlowRecords records = Plain();
  records.Begin(3);
  records.Observe(3, kSyn);
  records.Observe(3, kAck);
  Flow flow = FlowOf(GetParam(), 7);
  flow.ip_octets = {1500, 60};
  flow.packets = {3, 1};
  Take(records, 3, flow);
  const v1::WindowReport report = Moved(records);
  ASSERT_EQ(report.flow_records_size(), 1);
  const v1::FlowRecord& record = report.flow_records(0);
  EXPECT_EQ(record.source_address(), Bytes(HostAt(GetParam(), 7), GetParam()));
  EXPECT_EQ(record.destination_address(), Bytes(HostAt(GetParam(), 1000), GetParam()));
  EXPECT_EQ(record.source_port(), 40007u);
  EXPECT_EQ(record.destination_port(), 443u);
  EXPECT_EQ(record.protocol(), 6u);
  EXPECT_EQ(TrafficClass(record.traffic_class()), ClassOf(GetParam(), v1::DIRECTION_UPLOAD));
  EXPECT_EQ(record.octets(), 1500u);
  EXPECT_EQ(record.packets(), 3u);
  EXPECT_EQ(record.reverse_octets(), 60u);
  EXPECT_EQ(record.reverse_packets(), 1u);
  EXPECT_EQ(record.start_unix_milliseconds(), kStart * 1000 + 7);
  EXPECT_EQ(record.end_unix_milliseconds(), kStart * 1000 + 8);
  EXPECT_EQ(record.tcp_control_bits(), uint32_t{kSyn | kAck});
  EXPECT_EQ(record.end_reason(), kGoesOn);
  EXPECT_TRUE(record.addresses_are_plain());
  EXPECT_FALSE(report.has_measurement());
}

TEST_P(FlowRecordsOf, PermuteAddressesAndNothingElse) {
  auto permutation = AddressPermutation::FromKey(kReferenceKey);
  ASSERT_TRUE(permutation.ok());
  const std::string source = Bytes(*permutation->Permute(HostAt(GetParam(), 7), GetParam()), GetParam());
  const std::string destination =
      Bytes(*permutation->Permute(HostAt(GetParam(), 1000), GetParam()), GetParam());
  FlowRecords permuted(1, 1, *std::move(permutation));
  FlowRecords plain = Plain(1, 1);
  for (FlowRecords* records : {&permuted, &plain}) {
    records->Begin(0);
    Take(*records, 0, FlowOf(GetParam(), 7), v1::FlowRecord::END_REASON_FORCED_END);
  }
  const v1::WindowReport report = Moved(permuted);
  EXPECT_EQ(report.flow_records(0).source_address(), source);
  EXPECT_EQ(report.flow_records(0).destination_address(), destination);
  EXPECT_FALSE(report.flow_records(0).addresses_are_plain());
  v1::FlowRecord expected = Moved(plain).flow_records(0);
  expected.set_source_address(source);
  expected.set_destination_address(destination);
  expected.set_addresses_are_plain(false);
  EXPECT_EQ(report.flow_records(0).SerializeAsString(), expected.SerializeAsString());
}

INSTANTIATE_TEST_SUITE_P(Families, FlowRecordsOf, ::testing::Values(4, 6),
                         [](const auto& family) { return "Ipv" + std::to_string(family.param); });

TEST(FlowRecords, HoldOnlyWhatCameInTheWindow) {
  FlowRecords records = Plain();
  records.Begin(0);
  records.Observe(0, kSyn);
  Take(records, 0, FlowOf(4, 1, 1000, 10));
  EXPECT_EQ(Moved(records).flow_records(0).octets(), 1000u);

  Take(records, 0, FlowOf(4, 1, 1000, 10));
  EXPECT_EQ(Moved(records).flow_records_size(), 0) << "silent in this window";

  records.Observe(0, kFin);
  Flow grown = FlowOf(4, 1, 1300, 12);
  grown.ip_octets[1] = 40;
  grown.packets[1] = 1;
  Take(records, 0, grown);
  const v1::WindowReport third = Moved(records);
  EXPECT_EQ(third.flow_records(0).octets(), 300u);
  EXPECT_EQ(third.flow_records(0).packets(), 2u);
  EXPECT_EQ(third.flow_records(0).reverse_octets(), 40u);
  EXPECT_EQ(third.flow_records(0).reverse_packets(), 1u);
  EXPECT_EQ(third.flow_records(0).tcp_control_bits(), uint32_t{kSyn | kFin}) << "of the flow so far";
  EXPECT_EQ(third.flow_records(0).start_unix_milliseconds(), kStart * 1000 + 1) << "of the flow";
}

TEST(FlowRecords, StartFromNothingWhenAnotherFlowTakesThePosition) {
  FlowRecords records = Plain();
  records.Begin(0);
  records.Observe(0, kSyn);
  Take(records, 0, FlowOf(4, 1, 1000, 10), v1::FlowRecord::END_REASON_LACK_OF_RESOURCES);
  records.Begin(0);
  Take(records, 0, FlowOf(4, 2, 70, 1));
  const v1::WindowReport report = Moved(records);
  ASSERT_EQ(report.flow_records_size(), 2);
  EXPECT_EQ(report.flow_records(0).end_reason(), v1::FlowRecord::END_REASON_LACK_OF_RESOURCES);
  EXPECT_EQ(report.flow_records(1).octets(), 70u);
  EXPECT_EQ(report.flow_records(1).tcp_control_bits(), 0u);
  EXPECT_EQ(report.flow_records(1).source_port(), 40002u);
}

TEST(FlowRecords, CountOnWherePacketCountersWrap) {
  FlowRecords records = Plain();
  records.Begin(0);
  Take(records, 0, FlowOf(6, 1, 1000, 0xffff'fffe));
  Moved(records);
  Take(records, 0, FlowOf(6, 1, 1500, 3));
  EXPECT_EQ(Moved(records).flow_records(0).packets(), 5u);
}

TEST(FlowRecords, KeepTheLargestAndCountTheRest) {
  FlowRecords records = Plain(100, 5);
  std::vector<uint32_t> order(100);
  for (uint32_t i = 0; i < 100; ++i) order[i] = i;
  std::shuffle(order.begin(), order.end(), std::mt19937(3));
  for (const uint32_t n : order) {
    records.Begin(n);
    Take(records, n, FlowOf(4, n, 1000 + n));
  }
  const v1::WindowReport report = Moved(records);
  ASSERT_EQ(report.flow_records_size(), 5);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(report.flow_records(i).octets(), 1095u + static_cast<uint64_t>(i));
  EXPECT_EQ(report.measurement().ledger().flow_records_dropped(), 95u);
  EXPECT_EQ(Moved(records).measurement().ledger().flow_records_dropped(), 0u) << "counted once";
}

TEST(FlowRecords, HaveEqualBytesWhateverTheOrderOfTheFlows) {
  std::vector<uint32_t> order(50);
  for (uint32_t i = 0; i < 50; ++i) order[i] = i;
  std::string expected;
  for (uint32_t seed = 0; seed < 5; ++seed) {
    std::shuffle(order.begin(), order.end(), std::mt19937(seed));
    FlowRecords records = Plain(50, 20);
    for (size_t position = 0; position < order.size(); ++position) {
      // Ten sizes and five starts among fifty flows: ties everywhere.
      Flow flow = FlowOf(6, order[position], 100 + order[position] % 10);
      flow.first_seen_unix_ns = kStartNs + order[position] % 5;
      records.Begin(position);
      Take(records, position, flow);
    }
    const std::string bytes = Moved(records).SerializeAsString();
    if (seed == 0) expected = bytes;
    EXPECT_EQ(bytes, expected) << seed;
  }
}

TEST(FlowRecords, OfTwoWorkersBecomeOneBoundedList) {
  v1::WindowReport reports[2];
  for (const uint32_t worker : {0u, 1u}) {
    FlowRecords records = Plain(10, 10);
    for (uint32_t n = 0; n < 10; ++n) {
      records.Begin(n);
      Take(records, n, FlowOf(4, 2 * n + worker, 100 + 2 * n + worker),
           v1::FlowRecord::END_REASON_ACTIVE_TIMEOUT);
    }
    records.MoveTo(reports[worker]);
  }
  reports[0].mutable_measurement()->mutable_ledger()->set_flow_records_dropped(3);
  reports[0].mutable_flow_records()->MergeFrom(reports[1].flow_records());
  BoundFlowRecords(12, reports[0]);
  ASSERT_EQ(reports[0].flow_records_size(), 12);
  for (int i = 0; i < 12; ++i)
    EXPECT_EQ(reports[0].flow_records(i).octets(), 108u + static_cast<uint64_t>(i));
  EXPECT_EQ(reports[0].measurement().ledger().flow_records_dropped(), 3u + 8u);
}

}  // namespace
}  // namespace kansoku::collector
