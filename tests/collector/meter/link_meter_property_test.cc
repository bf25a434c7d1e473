// SPDX-License-Identifier: Apache-2.0
//
// What holds for any stream of packets.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "proto/contract/identity.h"
#include "proto/contract/measurement.h"
#include "tests/collector/meter/metering.h"

namespace kansoku::collector {
namespace {

// A pure function of flow, direction and side, as the meter wants it.
TrafficClass ClassOfFlow(const DecodedPacket& packet) {
  const uint64_t direction = packet.source.low + packet.source_port * 3u + static_cast<uint64_t>(packet.side);
  return ClassOf(packet.ip_version, static_cast<v1::Direction>(1 + direction % 4));
}

// A stream of both families, drawn from its seed: traffic, darknet, refusals, drops, late packets and gaps.
void Feed(uint64_t seed, Metering& metering) {
  std::mt19937_64 random(seed);
  int64_t now = kStartNs + static_cast<int64_t>(random() % 5) * kNsPerSecond;
  for (int i = 0; i < 5000; ++i) {
    now += static_cast<int64_t>(random() % 50'000'000) + (random() % 1000 == 0 ? 45 * kNsPerSecond : 0);
    if (random() % 200 == 0) metering.Drop(random() % 5, random() % 3);
    if (random() % 20 == 0) {
      metering.Refuse(now, static_cast<Refusal>(1 + random() % (kRefusalCount - 1)),
                      static_cast<uint32_t>(random() % 1500));
      continue;
    }
    const uint8_t ip_version = random() % 2 == 0 ? 4 : 6;
    DecodedPacket packet = UdpPacket(ip_version, now - (random() % 50 == 0 ? 12 * kNsPerSecond : 0));
    packet.source = HostAt(ip_version, static_cast<uint32_t>(random() % 20));
    packet.destination_port = static_cast<uint16_t>(random() % 30);
    packet.wire_octets = static_cast<uint32_t>(random() % 1500);
    packet.ip_octets = static_cast<uint32_t>(random() % 1500);
    packet.remarks = static_cast<uint8_t>(random() % 40 == 0 ? random() % 64 : 0);
    packet.wire_packets = static_cast<uint16_t>(random() % 10 == 0 ? random() % 5 : 1);
    packet.header_octets = static_cast<uint16_t>(random() % 80);
    packet.side = static_cast<Side>(random() % 3);
    if (random() % 2 == 0) packet = Reversed(packet);
    if (random() % 5 == 0) {
      metering.CountDark(packet, random() % 2, static_cast<v1::DarknetClass>(1 + random() % 16));
    } else {
      metering.Count(packet, ClassOfFlow(packet));
    }
  }
  metering.Finish();
}

LinkMeterOptions Options(uint64_t seed) {
  return {.point = "uplink",
          .flow_table_entries = 4096,
          .flow_hash_seed = seed,
          .every_window = seed % 2 == 0,
          .sensors = {"east", "west"},
          .address_seconds = SecondsOfOneAddress};
}

v1::Measurement Sum(const std::vector<v1::WindowReport>& reports) {
  v1::Measurement sum;
  for (const v1::WindowReport& report : reports) Merge(report.measurement(), sum);
  return sum;
}

class LinkMeterStream : public ::testing::TestWithParam<uint64_t> {};

TEST_P(LinkMeterStream, IsReportedCanonicallyAndBalanced) {
  Metering metering(Options(GetParam()));
  Feed(GetParam(), metering);
  ASSERT_GT(metering.reports().size(), 10u);
  int64_t previous = 0;
  for (const v1::WindowReport& report : metering.reports()) {
    EXPECT_TRUE(IsCanonical(report.measurement()));
    for (const Identity& identity : CaptureIdentities(report.measurement())) {
      EXPECT_TRUE(identity.holds()) << identity.statement << ": " << identity.left
                                    << " != " << identity.right;
    }
    EXPECT_EQ(report.window_start_unix_seconds() % 10, 0);
    // A file's packets are late; a live link's have times of a clock that was set.
    const auto& flags = report.measurement().flags();
    const bool is_partial = std::find(flags.begin(), flags.end(), v1::QUALITY_FLAG_PARTIAL) != flags.end();
    EXPECT_TRUE(report.window_start_unix_seconds() > previous || is_partial);
    previous = report.window_start_unix_seconds();
    for (const v1::Cell& cell : report.measurement().cells()) EXPECT_LE(cell.new_flows(), cell.flows());
  }
  const v1::Measurement sum = Sum(metering.reports());
  EXPECT_EQ(sum.ledger().captured_packets(), 5000u);
  EXPECT_EQ(sum.ledger().received_packets(), metering.stats().received_packets);
  EXPECT_EQ(sum.ledger().kernel_dropped_packets(), metering.stats().kernel_dropped_packets);
  EXPECT_EQ(sum.ledger().interface_dropped_packets(), metering.stats().interface_dropped_packets);
  EXPECT_GT(Totals(sum).refused_packets, 0u);
  EXPECT_GT(Totals(sum).darknet_packets, 0u);
}

TEST_P(LinkMeterStream, TotalsDoNotDependOnTheFlowTable) {
  const auto without_flows = [&](uint32_t flow_table_entries) {
    LinkMeterOptions options = Options(GetParam());
    options.flow_table_entries = flow_table_entries;
    Metering metering(options);
    Feed(GetParam(), metering);
    std::vector<std::string> texts;
    for (v1::WindowReport report : metering.reports()) {
      v1::Measurement& measurement = *report.mutable_measurement();
      for (v1::Cell& cell : *measurement.mutable_cells()) {
        cell.clear_flows();
        cell.clear_new_flows();
        if (!cell.has_statistics()) continue;
        v1::Histogram packet_octets = cell.statistics().packet_octets();
        cell.clear_statistics();
        cell.mutable_statistics()->mutable_packet_octets()->Swap(&packet_octets);
      }
      // A cell may exist for its flows alone.
      auto& cells = *measurement.mutable_cells();
      cells.erase(std::remove_if(cells.begin(), cells.end(),
                                 [](const v1::Cell& cell) { return cell.packets() == 0; }),
                  cells.end());
      measurement.mutable_ledger()->clear_flows_evicted();
      measurement.mutable_ledger()->clear_tcp_flows_ended();
      measurement.mutable_ledger()->clear_tcp_flows_one_sided();
      auto& flags = *measurement.mutable_flags();
      flags.erase(std::remove(flags.begin(), flags.end(), v1::QUALITY_FLAG_FLOW_TABLE_FULL), flags.end());
      texts.push_back(report.ShortDebugString());
    }
    return texts;
  };
  const std::vector<std::string> large = without_flows(65536);
  EXPECT_EQ(without_flows(1), large);
  EXPECT_EQ(without_flows(9), large);
}

TEST_P(LinkMeterStream, ASmallFlowTableOnlyRaisesFlowCounts) {
  const auto flows = [&](uint32_t flow_table_entries) {
    LinkMeterOptions options = Options(GetParam());
    options.flow_table_entries = flow_table_entries;
    Metering metering(options);
    Feed(GetParam(), metering);
    uint64_t sum = 0;
    for (const v1::WindowReport& report : metering.reports()) {
      for (const v1::Cell& cell : report.measurement().cells()) sum += cell.flows();
    }
    return sum;
  };
  EXPECT_GT(flows(1), flows(65536));
}

TEST_P(LinkMeterStream, AnySplitOfItsReportsAddsUpToTheSame) {
  Metering metering(Options(GetParam()));
  Feed(GetParam(), metering);
  const std::string expected = Sum(metering.reports()).SerializeAsString();
  std::mt19937_64 random(GetParam());
  for (int round = 0; round < 20; ++round) {
    std::vector<v1::WindowReport> shuffled = metering.reports();
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    std::vector<std::vector<v1::WindowReport>> parts(1 + random() % 7);
    for (v1::WindowReport& report : shuffled) parts[random() % parts.size()].push_back(std::move(report));
    v1::Measurement sum;
    for (const auto& part : parts) Merge(Sum(part), sum);
    EXPECT_TRUE(IsCanonical(sum));
    EXPECT_EQ(sum.SerializeAsString(), expected);
  }
}

TEST_P(LinkMeterStream, TheSameStreamGivesTheSameBytes) {
  const auto bytes = [&] {
    Metering metering(Options(GetParam()));
    Feed(GetParam(), metering);
    std::string all;
    for (const v1::WindowReport& report : metering.reports()) all += report.SerializeAsString();
    return all;
  };
  EXPECT_EQ(bytes(), bytes());
}

INSTANTIATE_TEST_SUITE_P(Seeds, LinkMeterStream, ::testing::Range(uint64_t{1}, uint64_t{9}));

}  // namespace
}  // namespace kansoku::collector
