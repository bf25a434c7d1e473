// SPDX-License-Identifier: Apache-2.0
//
// The chain gives the same whatever bursts its packets come in.
#include "collector/meter_burst.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "proto/contract/identity.h"
#include "tests/collector/classify/planning.h"
#include "tests/testing/packet_builder.h"

namespace kansoku::collector {
namespace {

using testing::PacketBuilder;

constexpr int64_t kStartNs = 1'700'000'400'000'000'000;

constexpr char kPlan[] = R"(subscribers:
  - {prefix: 192.0.2.0/24, access: fixed}
  - {prefix: "2001:db8:1::/48", access: mobile}
telescopes:
  - {sensor: east, prefix: 203.0.113.0/24, valid_from: "2023-11-14T22:20:30Z"}
  - {sensor: west, prefix: "2001:db8:dead::/48"}
)";

std::vector<uint8_t> RandomFrame(std::mt19937_64& random) {
  const auto last = std::to_string(random() % 20);
  const auto port = static_cast<uint16_t>(1000 + random() % 5);
  PacketBuilder frame = PacketBuilder().Ethernet();
  switch (random() % 6) {
    case 0:
      return frame.Next(0x0806).Payload(28).Build();  // ARP
    case 1:
      return frame.Ipv4("198.51.100.1", "203.0.113." + last).Tcp(port, 23, kTcpSyn).Build();
    case 2:
      return frame.Ipv6("2001:db8:2::1", "2001:db8:dead::" + last).Udp(port, 53).Payload(20).Build();
    case 3:
      return frame.Ipv4("198.51.100.1", "192.0.2." + last).Tcp(443, port, kTcpAck).Payload(100).Build();
    case 4:
      return frame.Ipv6("2001:db8:1::" + last, "2001:db8:2::1").Tcp(port, 443, kTcpAck).Payload(9).Build();
    default:
      return frame.Ipv6("2001:db8:2::1", "2001:db8:1::" + last).Tcp(443, port, kTcpAck).Payload(99).Build();
  }
}

// Packets of a minute, some of them late, cut or merged.
struct Capture {
  std::vector<std::vector<uint8_t>> frames;
  std::vector<PacketView> views;

  explicit Capture(uint64_t seed) {
    std::mt19937_64 random(seed);
    for (int i = 0; i < 2000; ++i) frames.push_back(RandomFrame(random));
    int64_t now = kStartNs;
    for (const std::vector<uint8_t>& frame : frames) {
      now += static_cast<int64_t>(random() % 60'000'000) + (random() % 500 == 0 ? 30'000'000'000 : 0);
      PacketView view;
      view.bytes = std::span(frame).first(random() % 50 == 0 ? random() % frame.size() : frame.size());
      view.wire_octets = static_cast<uint32_t>(frame.size());
      view.side = static_cast<Side>(random() % 3);
      view.captured_unix_ns = now - (random() % 100 == 0 ? 15'000'000'000 : 0);
      view.wire_packets = static_cast<uint16_t>(random() % 20 == 0 ? random() % 4 : 1);
      views.push_back(view);
    }
  }
};

struct Outcome {
  std::vector<v1::WindowReport> reports;
  std::vector<const uint8_t*> observed;  // the frames that were looked at
  std::string bytes() const {
    std::string all;
    for (const v1::WindowReport& report : reports) all += report.SerializeAsString();
    return all;
  }
};

// A source that delivers the capture in bursts of so many packets.
Outcome Metered(const Capture& capture, size_t burst_packets, LinkMeterOptions options) {
  const auto plan = CompilePlan(kPlan).value();
  const Classifier classifier(plan, v1::LinkConfig());
  Outcome outcome;
  options.sensors = plan->sensors();
  LinkMeter meter(options, [&](v1::WindowReport report) { outcome.reports.push_back(std::move(report)); });
  CaptureStats stats;
  for (size_t at = 0; at < capture.views.size(); at += burst_packets) {
    const size_t size = std::min(burst_packets, capture.views.size() - at);
    stats.received_packets += size;
    MeterBurst(
        std::span(capture.views).subspan(at, size), DecodeOptions(), classifier, meter, [&] { return stats; },
        [&](const PacketView& packet, Refusal, const DecodedPacket&) {
          outcome.observed.push_back(packet.bytes.data());
        });
  }
  meter.Finish(stats, false);
  return outcome;
}

class MeterBurstOf : public ::testing::TestWithParam<size_t> {};

TEST_P(MeterBurstOf, CountsAsPacketByPacket) {
  for (const uint32_t sampling_interval : {1u, 3u}) {
    for (const uint32_t entries : {1u, 4096u}) {
      LinkMeterOptions options{
          .point = "p", .flow_table_entries = entries, .sampling_interval = sampling_interval};
      const Capture capture(GetParam());
      const Outcome expected = Metered(capture, 1, options);
      const Outcome outcome = Metered(capture, GetParam(), options);
      EXPECT_EQ(outcome.observed, expected.observed);
      ASSERT_EQ(outcome.reports.size(), expected.reports.size());
      if (entries > 1) {
        EXPECT_EQ(outcome.bytes(), expected.bytes());
      }
      for (const v1::WindowReport& report : outcome.reports) {
        for (const Identity& identity : CaptureIdentities(report.measurement())) {
          EXPECT_TRUE(identity.holds()) << identity.statement;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Packets, MeterBurstOf, ::testing::Values(2, 31, 32, 33, 100, 2000));

TEST(MeterBurst, ShowsEachPacketOnceAndInOrder) {
  const Capture capture(1);
  const Outcome outcome = Metered(capture, 100, {.point = "p"});
  std::vector<const uint8_t*> all;
  for (const PacketView& view : capture.views) all.push_back(view.bytes.data());
  EXPECT_EQ(outcome.observed, all);
}

TEST(MeterBurst, AsksForStatisticsOnlyWhereAWindowEnds) {
  Capture capture(1);
  for (size_t i = 0; i < capture.views.size(); ++i) {
    capture.views[i].captured_unix_ns = kStartNs + static_cast<int64_t>(i) * 10'000'000;  // two windows
  }
  const Classifier classifier(CompilePlan(kPlan).value(), v1::LinkConfig());
  LinkMeter meter({.point = "p", .sensors = {"east", "west"}}, [](v1::WindowReport) {});
  int asked = 0;
  const auto stats = [&] {
    ++asked;
    return CaptureStats{.received_packets = 2000};
  };
  MeterBurst(capture.views, DecodeOptions(), classifier, meter, stats,
             [](const PacketView&, Refusal, const DecodedPacket&) {});
  EXPECT_EQ(asked, 2);
}

TEST(LookForSensor, TakesAnErrorAsFromWhomItIsAbout) {
  const auto source_of = [](uint8_t icmp_type, const std::string& quoted_source) {
    const std::vector<uint8_t> bytes = PacketBuilder()
                                           .Ethernet()
                                           .Ipv4("198.51.100.0", "203.0.113.9")
                                           .Icmp(icmp_type, 1)
                                           .Ipv4(quoted_source, "198.51.100.77")
                                           .Tcp(50'000, 80, kTcpSyn)
                                           .Build();
    PacketView view = testing::ViewOf(bytes);
    view.captured_unix_ns = kStartNs + 60'000'000'000;
    PacketInHand in;
    EXPECT_EQ(Decode(view, in.packet), Refusal::kNone);
    LinkMeter meter({.point = "p", .sensors = {"east", "west"}}, [](v1::WindowReport) {});
    LookForSensor(view, {}, Classifier(CompilePlan(kPlan).value(), v1::LinkConfig()), meter, in);
    EXPECT_NE(in.sensor, PacketInHand::kNoSensor);
    EXPECT_EQ(in.soft_flags & ~kForeignQuote, kNetworkSource)
        << "who sent it looks odd, whomever it is about";
    return std::pair(in.packet.source, (in.soft_flags & kForeignQuote) != 0);
  };
  const IpAddress router = IpAddress::Ipv4(0xc6336400), victim = IpAddress::Ipv4(0xc633644d);
  EXPECT_EQ(source_of(3, "203.0.113.9"), std::pair(victim, false));
  EXPECT_EQ(source_of(0, "203.0.113.9"), std::pair(router, false)) << "an echo reply quotes nobody";
  EXPECT_EQ(source_of(3, "203.0.113.8"), std::pair(router, true)) << "about a packet of another address";
  EXPECT_EQ(source_of(0, "203.0.113.8"), std::pair(router, false));
}

}  // namespace
}  // namespace kansoku::collector
