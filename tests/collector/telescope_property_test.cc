// SPDX-License-Identifier: Apache-2.0
//
// What reached a telescope is told the same however its packets are shared out over collectors, and whatever
// windows these count in: counters and sketches of all reports, merged in any order, are those of one
// collector with one window.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "collector/meter_burst.h"
#include "proto/contract/darknet_sources.h"
#include "proto/contract/identity.h"
#include "proto/contract/measurement.h"
#include "tests/collector/classify/planning.h"
#include "tests/testing/packet_builder.h"

namespace kansoku::collector {
namespace {

using testing::PacketBuilder;

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kStartNs = 1'730'386'800 * kSecond;  // of a window of 300 s
constexpr int kPackets = 3'000;

constexpr char kPlan[] = R"(telescopes:
  - {sensor: east, prefix: 203.0.113.0/24}
  - {sensor: west, prefix: 198.51.100.0/25}
  - {sensor: west, prefix: "2001:db8:dead::/48"}
)";

// One of every class, from one of some hundred sources.
std::vector<uint8_t> RandomFrame(std::mt19937_64& random) {
  const uint64_t host = random() % 200;
  const std::string from = absl::StrCat("198.18.", host / 20, ".", host % 20 + 1);
  const std::string to = absl::StrCat(random() % 2 == 0 ? "203.0.113." : "198.51.100.", random() % 100);
  const auto port = static_cast<uint16_t>(1 + random() % 8);
  const auto sequence = static_cast<uint32_t>(random());
  constexpr std::array<uint8_t, 8> kFlags = {kTcpSyn, kTcpSyn, kTcpSyn | kTcpAck,          kTcpRst, kTcpAck,
                                             kTcpFin, 0,       kTcpFin | kTcpPsh | kTcpUrg};
  PacketBuilder frame = PacketBuilder().Ethernet();
  switch (random() % 8) {
    case 0:
      return frame.Ipv4(from, to).Udp(port, port).Payload(8).Build();
    case 1:
      return frame.Ipv4(from, to).Icmp(8, 0).Payload(8).Build();
    case 2:
      return frame.Ipv4(from, to).Icmp(3, 1).Ipv4(to, "192.0.2.7").Tcp(50'000, 80, kTcpSyn).Build();
    case 3:
      return frame.Ipv4(from, to, {.fragment_offset = 1'480}).Payload(100).Build();
    case 4:
      return frame.Ipv6(absl::StrCat("2001:db8:2::", host), "2001:db8:dead::1")
          .Tcp(40'000, port, kTcpSyn, sequence)
          .Build();
    default:
      return frame.Ipv4(from, to).Tcp(40'000, port, kFlags[random() % kFlags.size()], sequence).Build();
  }
}

struct Packet {
  std::vector<uint8_t> frame;
  PacketView view;
};

std::vector<Packet> RandomPackets(std::mt19937_64& random) {
  std::vector<Packet> packets(kPackets);
  int64_t now = kStartNs;
  for (Packet& packet : packets) {
    packet.frame = RandomFrame(random);
    packet.view = testing::ViewOf(packet.frame);
    if (random() % 50 == 0) packet.view = testing::Cut(packet.view, 34 + random() % 10);
    packet.view.captured_unix_ns = now += static_cast<int64_t>(random() % (290 * kSecond / kPackets));
  }
  return packets;
}

// Packets of one collector through its chain.
std::vector<v1::WindowReport> Reports(const std::vector<const Packet*>& packets, uint32_t window_seconds,
                                      uint32_t entries, uint64_t seed) {
  static const SourceHash hash = SourceHash::FromKey({1, 2, 3}).value();
  const auto plan = CompilePlan(kPlan).value();
  std::vector<v1::WindowReport> reports;
  LinkMeter meter(
      {.point = "p", .window_seconds = window_seconds, .flow_hash_seed = seed, .sensors = plan->sensors()},
      [&](v1::WindowReport report) { reports.push_back(std::move(report)); });
  meter.TellSourcesApart({.hash = hash, .entries = entries, .max_reported = entries});
  const Classifier classifier(plan, v1::LinkConfig());
  CaptureStats stats;
  for (const Packet* packet : packets) {
    ++stats.received_packets;
    MeterBurst(
        std::span(&packet->view, 1), DecodeOptions(), classifier, meter, [&] { return stats; },
        [](const PacketView&, Refusal, const DecodedPacket&) {});
  }
  meter.Finish(stats, false);
  return reports;
}

struct Sum {
  v1::Measurement measurement;
  v1::DarknetSources east, west;
};

Sum SumOf(const std::vector<v1::WindowReport>& reports) {
  Sum sum;
  for (const v1::WindowReport& report : reports) {
    Merge(report.measurement(), sum.measurement);
    for (const v1::DarknetSources& sources : report.darknet_sources()) {
      EXPECT_EQ(Merge(sources, sources.sensor() == "east" ? sum.east : sum.west), absl::OkStatus());
    }
  }
  for (const Identity& identity : CaptureIdentities(sum.measurement))
    EXPECT_TRUE(identity.holds()) << identity.statement;
  return sum;
}

// Counters and sketches of all sensors.
std::string TextOf(const v1::Measurement& measurement) {
  std::string text;
  for (const v1::DarknetTally& tally : measurement.darknet()) text += tally.DebugString();
  return text;
}

// Pairs and their marks are left out: a SYN that goes to another collector, or falls into another window,
// than the one before it from the same source is compared with another one, or with none.
std::string TextButForPairs(v1::DarknetSources sources) {
  for (v1::DarknetSource& source : *sources.mutable_sources()) {
    if (!source.has_marks()) continue;
    source.mutable_marks()->clear_nmap();
    source.mutable_marks()->clear_unicornscan();
    source.mutable_marks()->clear_pairs();
    if (source.marks().ByteSizeLong() == 0) source.clear_marks();
  }
  return sources.DebugString();
}

class TelescopeProperty : public ::testing::TestWithParam<uint64_t> {};

TEST_P(TelescopeProperty, AnySplitOverCollectorsAndWindowsAddsUpToTheSame) {
  std::mt19937_64 random(GetParam());
  const std::vector<Packet> packets = RandomPackets(random);
  std::vector<const Packet*> all;
  for (const Packet& packet : packets) all.push_back(&packet);
  const Sum whole = SumOf(Reports(all, 300, 4'096, 1));
  ASSERT_EQ(whole.measurement.windows(), 1u);
  ASSERT_EQ(whole.measurement.darknet_size(), 2);
  EXPECT_EQ(whole.measurement.ledger().captured_packets(), uint64_t{kPackets});
  EXPECT_EQ(whole.east.further_packets() + whole.west.further_packets(), 0u);

  for (const uint32_t window_seconds : {1u, 10u, 60u, 300u}) {
    std::vector<std::vector<const Packet*>> shares(1 + random() % 7);
    for (const Packet& packet : packets) shares[random() % shares.size()].push_back(&packet);
    // Eight entries: single sources give way to each other, and nothing else changes.
    for (const uint32_t entries : {4'096u, 8u}) {
      std::vector<v1::WindowReport> reports;
      for (const auto& share : shares) {
        auto of_share = Reports(share, window_seconds, entries, random());
        std::move(of_share.begin(), of_share.end(), std::back_inserter(reports));
      }
      std::shuffle(reports.begin(), reports.end(), random);
      const Sum sum = SumOf(reports);
      EXPECT_EQ(TextOf(sum.measurement), TextOf(whole.measurement))
          << shares.size() << " collectors, windows of " << window_seconds << " s";
      if (entries == 8) continue;
      EXPECT_EQ(TextButForPairs(sum.east), TextButForPairs(whole.east)) << window_seconds;
      EXPECT_EQ(TextButForPairs(sum.west), TextButForPairs(whole.west)) << window_seconds;
    }
  }
}

// Of one window, pairs too, where all packets from a source to a sensor go to the same collector.
TEST_P(TelescopeProperty, ASplitThatKeepsSourcesTogetherAddsUpToTheSamePairs) {
  std::mt19937_64 random(GetParam());
  const std::vector<Packet> packets = RandomPackets(random);
  std::vector<const Packet*> all;
  for (const Packet& packet : packets) all.push_back(&packet);
  const Sum whole = SumOf(Reports(all, 300, 4'096, 1));
  std::vector<std::vector<const Packet*>> shares(2 + random() % 6);
  for (const Packet* packet : all) {
    DecodedPacket decoded;
    if (Decode(packet->view, decoded) != Refusal::kNone) continue;
    shares[(decoded.source.low & 0xffff) % shares.size()].push_back(packet);
  }
  std::vector<v1::WindowReport> reports;
  for (const auto& share : shares) {
    auto of_share = Reports(share, 300, 4'096, random());
    std::move(of_share.begin(), of_share.end(), std::back_inserter(reports));
  }
  const Sum sum = SumOf(reports);
  EXPECT_EQ(sum.east.DebugString(), whole.east.DebugString());
  EXPECT_EQ(sum.west.DebugString(), whole.west.DebugString());
  uint64_t pairs = 0;
  for (const v1::DarknetSource& source : whole.east.sources()) pairs += source.marks().pairs();
  EXPECT_GT(pairs, 0u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, TelescopeProperty, ::testing::Range(uint64_t{1}, uint64_t{7}));

}  // namespace
}  // namespace kansoku::collector
