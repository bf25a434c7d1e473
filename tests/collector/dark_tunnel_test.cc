// SPDX-License-Identifier: Apache-2.0
#include "collector/dark_tunnel.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "collector/meter_burst.h"
#include "tests/collector/classify/planning.h"
#include "tests/testing/packet_builder.h"

namespace kansoku::collector {
namespace {

using testing::PacketBuilder;

constexpr char kPlan[] = R"(subscribers:
  - {prefix: 192.0.2.0/24, access: fixed}
telescopes:
  - {sensor: dark, prefix: 203.0.113.0/24}
  - {sensor: dark, prefix: "2001:db8:dead::/48"}
)";

PacketBuilder From(const std::string& source, const std::string& destination) {
  return PacketBuilder().Ethernet().Ipv4(source, destination);
}
PacketBuilder ToDark() { return From("198.51.100.1", "203.0.113.9"); }

// What comes of one packet.
v1::Measurement Metered(PacketBuilder frame, const char* plan = kPlan, const DecodeOptions& options = {}) {
  const auto compiled = CompilePlan(plan).value();
  const Classifier classifier(compiled, v1::LinkConfig());
  v1::Measurement measurement;
  LinkMeter meter({.point = "p", .statistics = false, .sensors = compiled->sensors()},
                  [&](v1::WindowReport report) { measurement = report.measurement(); });
  const std::vector<uint8_t> bytes = frame.Payload(50).Build();
  const PacketView view = testing::ViewOf(bytes);
  const CaptureStats stats{.received_packets = 1};
  MeterBurst(
      std::span(&view, 1), options, classifier, meter, [&] { return stats; },
      [](const PacketView&, Refusal, const DecodedPacket&) {});
  meter.Finish(stats, false);
  return measurement;
}

// The packet counts at the sensor as its outer header, and nowhere else.
void ExpectDark(const PacketBuilder& frame, uint32_t protocol, uint32_t port, uint64_t ip_octets) {
  const v1::Measurement measurement = Metered(frame);
  EXPECT_EQ(measurement.cells_size(), 0);
  ASSERT_EQ(measurement.darknet_size(), 1);
  ASSERT_EQ(measurement.darknet(0).cells_size(), 1);
  const v1::DarknetCell& cell = measurement.darknet(0).cells(0);
  EXPECT_EQ(cell.protocol(), protocol);
  EXPECT_EQ(cell.destination_port(), port);
  EXPECT_EQ(cell.packets(), 1u);
  EXPECT_EQ(cell.ip_octets(), ip_octets);
}

TEST(DarkTunnel, CountsAtItsSensorWhateverIsInside) {
  ExpectDark(ToDark().Ipv4("10.0.0.1", "8.8.8.8").Udp(1, 53), 4, 0, 20 + 20 + 8 + 50);
  ExpectDark(ToDark().Ipv6("2001:db8:2::1", "2001:db8:2::2").Udp(1, 53), 41, 0, 20 + 40 + 8 + 50);
  ExpectDark(ToDark().Gre().Ipv4("10.0.0.1", "8.8.8.8").Udp(1, 53), 47, 0, 20 + 4 + 20 + 8 + 50);
  ExpectDark(ToDark().Udp(5, 2152).Gtpu().Ipv4("10.0.0.1", "8.8.8.8").Udp(1, 53), 17, 2152,
             20 + 8 + 8 + 20 + 8 + 50);
  ExpectDark(PacketBuilder()
                 .Ethernet()
                 .Ipv6("2001:db8:2::1", "2001:db8:dead::1")
                 .Ipv4("10.0.0.1", "192.0.2.1")
                 .Udp(1, 53),
             4, 0, 40 + 20 + 8 + 50);
}

TEST(DarkTunnel, CountsAsItsInsideWhereThatIsDark) {
  ExpectDark(From("198.51.100.1", "198.51.100.2").Ipv4("10.0.0.1", "203.0.113.1").Udp(1, 53), 17, 53,
             20 + 8 + 50);
  ExpectDark(ToDark().Ipv4("10.0.0.1", "203.0.113.1").Udp(1, 53), 17, 53, 20 + 8 + 50);
}

TEST(DarkTunnel, IsTrafficWhereNeitherEndIsDark) {
  const v1::Measurement elsewhere =
      Metered(From("198.51.100.1", "198.51.100.2").Ipv4("10.0.0.1", "8.8.8.8").Udp(1, 53));
  ASSERT_EQ(elsewhere.cells_size(), 1);
  EXPECT_EQ(elsewhere.cells(0).ip_octets(), 20u + 8 + 50);
  EXPECT_EQ(elsewhere.darknet_size(), 0);

  const v1::Measurement of_a_subscriber =
      Metered(From("192.0.2.1", "203.0.113.9").Ipv4("10.0.0.1", "8.8.8.8").Udp(1, 53));
  EXPECT_EQ(of_a_subscriber.cells_size(), 1);
  EXPECT_EQ(of_a_subscriber.darknet_size(), 0);

  const v1::Measurement without_telescope =
      Metered(ToDark().Ipv4("10.0.0.1", "8.8.8.8").Udp(1, 53), "telescopes: []\n");
  EXPECT_EQ(without_telescope.cells_size(), 1);
}

TEST(DarkTunnel, IsJudgedByItsOuterHeaderAloneWhereThatCounts) {
  const v1::Measurement measurement =
      Metered(ToDark().Ipv4("10.0.0.1", "203.0.113.1").Udp(1, 53), kPlan, {.layer = Layer::kOuter});
  ASSERT_EQ(measurement.darknet_size(), 1);
  EXPECT_EQ(measurement.darknet(0).cells(0).protocol(), 4u);

  const v1::Measurement inside_alone =
      Metered(From("198.51.100.1", "198.51.100.2").Ipv4("10.0.0.1", "203.0.113.1").Udp(1, 53), kPlan,
              {.layer = Layer::kOuter});
  EXPECT_EQ(inside_alone.darknet_size(), 0);
}

}  // namespace
}  // namespace kansoku::collector
