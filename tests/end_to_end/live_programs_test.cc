// SPDX-License-Identifier: Apache-2.0
//
// The programs on live links: from frames on two interfaces to what kansokuctl says.
#include <gmock/gmock.h>

#include <csignal>
#include <fstream>

#include "tests/end_to_end/live_system.h"
#include "tests/testing/packet_builder.h"

namespace kansoku::testing {
namespace {

using ::testing::HasSubstr;

class LivePrograms : public LiveSystemTest, public ::testing::WithParamInterface<const char*> {};

INSTANTIATE_TEST_SUITE_P(Capture, LivePrograms,
                         ::testing::Values("method: libpcap", "method: packet_ring",
                                           "method: packet_ring, workers: 3, cpus: [0]"));

TEST_P(LivePrograms, CountTwoLinksToThePacket) {
  ASSERT_TRUE(
      RunCommand("ip link add near type veth peer name far && ip link set near up && ip link set far up"));
  ASSERT_TRUE(WaitUntilUp("near") && WaitUntilUp("far"));
  ASSERT_NO_FATAL_FAILURE(StartAggregator());
  std::ofstream(dir_.File("collector.yaml")) << CollectorConfig(
      GetParam(),
      "  - {point: subscribers, interface: right, side: {received: upload, sent: download}}\n"
      "  - {point: tap, interface: far, side: {received: download}}\n");
  ChildProcess collector({KANSOKU_COLLECTOR, "--config", dir_.File("collector.yaml")});
  ASSERT_THAT(collector.WaitForLine("connected to"), HasSubstr(address_));

  for (uint16_t port = 1; port <= 40; ++port) {
    const auto v4 = PacketBuilder().Ethernet().Ipv4("192.0.2.1", "192.0.2.2").Udp(port, 9).Build();
    const auto v6 = PacketBuilder().Ethernet().Ipv6("2001:db8::2", "2001:db8::1").Udp(9, port).Build();
    SendFrames("left", v4, 30);
    SendFrames("right", v6, 20);
    SendFrames("near", v6, 10);
    SendFrames("far", v4, 5);  // a tap does not count what it sends
  }
  const std::map<std::string, uint64_t> expected = {{"subscribers", 40 * 50}, {"tap", 40 * 10}};
  ASSERT_TRUE(WaitForPackets(expected));
  collector.Signal(SIGTERM);
  EXPECT_THAT(collector.WaitForLine("reports closed"), HasSubstr("0 in the spool, 0 evicted"));
  EXPECT_EQ(collector.Wait(), 0);
  for (const auto& [point, packets] : expected) ExpectCounted(point, packets);
  ExpectIdentitiesHold();
}

}  // namespace
}  // namespace kansoku::testing
