// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/pcap_reader.h"

#include <gtest/gtest.h>

#include "tests/collector/capture/reading.h"
#include "tests/testing/capture_writer.h"
#include "tests/testing/packet_builder.h"

namespace kansoku::collector {
namespace {

using testing::CaptureFormat;
using testing::CaptureWriter;
using testing::PacketBuilder;

constexpr int64_t kTime = 1'700'000'000'123'456'789;

class PcapReaderTest : public ::testing::Test {
 protected:
  const std::vector<uint8_t> v4_ =
      PacketBuilder().Ethernet().Ipv4("192.0.2.1", "198.51.100.2").Udp(1, 2).Payload(101).Build();
  const std::vector<uint8_t> v6_ =
      PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Udp(1, 2).Payload(33).Build();

  ReadPacket Expect(const std::vector<uint8_t>& packet, int64_t unix_ns, uint32_t wire_octets = 0) const {
    return {.bytes = packet,
            .wire_octets = wire_octets == 0 ? static_cast<uint32_t>(packet.size()) : wire_octets,
            .captured_unix_ns = unix_ns};
  }
};

TEST_F(PcapReaderTest, ReadsEveryVariantOfTheFormat) {
  for (const auto byte_order : {CaptureFormat::ByteOrder::kLittle, CaptureFormat::ByteOrder::kBig}) {
    for (const auto resolution :
         {CaptureFormat::Resolution::kMicroseconds, CaptureFormat::Resolution::kNanoseconds}) {
      for (const uint16_t version_minor : std::initializer_list<uint16_t>{0, 2, 3, 4}) {
        for (const bool patched : {false, true}) {
          const std::string file = CaptureWriter({.byte_order = byte_order,
                                                  .resolution = resolution,
                                                  .version_minor = version_minor,
                                                  .patched = patched})
                                       .Add(kTime, v4_)
                                       .Add(kTime + 1'000'000, v6_, 1514)
                                       .bytes();
          const bool nanoseconds = resolution == CaptureFormat::Resolution::kNanoseconds && !patched;
          const int64_t time = nanoseconds ? kTime : kTime - 789;
          const Reading reading = ReadGuarded(file);
          EXPECT_TRUE(reading.status.ok()) << reading.status;
          EXPECT_EQ(reading.packets,
                    (std::vector<ReadPacket>{Expect(v4_, time), Expect(v6_, time + 1'000'000, 1514)}));
        }
      }
    }
  }
}

// Writers of version 2.3 put the lengths in either order.
TEST_F(PcapReaderTest, TakesTheSmallerLengthOfVersion23AsCaptured) {
  std::string file = CaptureWriter({.snap_length = 40}).Add(kTime, v4_).bytes();
  file[6] = 3;
  const Reading reading = ReadGuarded(file);
  ASSERT_EQ(reading.packets.size(), 1u);
  EXPECT_EQ(reading.packets[0].bytes.size(), 40u);
  EXPECT_EQ(reading.packets[0].wire_octets, v4_.size());
}

TEST_F(PcapReaderTest, ReadsTimesUpToTheYear2106) {
  const int64_t last = int64_t{0xffff'ffff} * 1'000'000'000;
  const Reading reading = ReadGuarded(CaptureWriter().Add(0, v4_).Add(last, v4_).bytes());
  EXPECT_EQ(reading.packets, (std::vector<ReadPacket>{Expect(v4_, 0), Expect(v4_, last)}));
}

TEST_F(PcapReaderTest, GivesLengthsAsTheFileHasThem) {
  // Shorter on the wire than captured, absurdly long, and empty.
  const Reading reading =
      ReadGuarded(CaptureWriter().Add(kTime, v4_, 7).Add(kTime, v4_, 0xffff'ffff).Add(kTime, {}).bytes());
  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.packets, (std::vector<ReadPacket>{Expect(v4_, kTime, 7), Expect(v4_, kTime, 0xffff'ffff),
                                                      Expect({}, kTime)}));
}

TEST_F(PcapReaderTest, DoesNotBelieveTheSnapLength) {
  std::string file = CaptureWriter().Add(kTime, v4_).bytes();
  file[16] = 1, file[17] = 0, file[18] = 0, file[19] = 0;
  EXPECT_EQ(ReadGuarded(file).packets, (std::vector<ReadPacket>{Expect(v4_, kTime)}));
}

TEST_F(PcapReaderTest, IgnoresTheCheckSequenceBesideTheLinkType) {
  std::string file = CaptureWriter().Add(kTime, v4_).bytes();
  file[23] = 0x24;  // present, and its length
  EXPECT_EQ(ReadGuarded(file).packets, (std::vector<ReadPacket>{Expect(v4_, kTime)}));
}

TEST_F(PcapReaderTest, RefusesAnotherLinkTypeByName) {
  const Reading reading = ReadGuarded(CaptureWriter({.link_type = 105}).Add(kTime, v4_).bytes());
  EXPECT_EQ(reading.status.code(), absl::StatusCode::kUnimplemented);
  EXPECT_NE(reading.status.message().find("capture: link type IEEE802_11 "), absl::string_view::npos)
      << reading.status;
}

TEST_F(PcapReaderTest, RefusesOtherVersionsAndWhatIsNoCapture) {
  std::string newer = CaptureWriter().Add(kTime, v4_).bytes(), older = newer;
  newer[6] = 5;
  older[4] = 1;
  for (const std::string& file : {newer, older, newer.substr(0, 23), std::string(), std::string(64, 'x')}) {
    EXPECT_EQ(ReadGuarded(file).status.code(), absl::StatusCode::kInvalidArgument) << file.size();
  }
  EXPECT_NE(ReadGuarded(newer).status.message().find("version 2.5"), absl::string_view::npos);
}

TEST_F(PcapReaderTest, DeliversEverythingBeforeTheDamageAndSaysWhatItIs) {
  const std::string first = CaptureWriter().Add(kTime, v4_).bytes();
  const std::string whole = CaptureWriter().Add(kTime, v4_).Add(kTime, v6_).bytes();
  const auto expect_damage = [&](const std::string& file, const std::string& what) {
    const Reading reading = ReadGuarded(file);
    EXPECT_EQ(reading.packets, (std::vector<ReadPacket>{Expect(v4_, kTime)}));
    EXPECT_EQ(reading.status, absl::DataLossError("capture: cannot be read behind packet 1, from octet " +
                                                  std::to_string(first.size()) + " on (" + what +
                                                  "); the packets before were read"));
  };
  expect_damage(whole.substr(0, first.size() + 3), "the header of a packet is cut off after 3 octets");
  expect_damage(whole.substr(0, whole.size() - 1), "a packet of " + std::to_string(v6_.size()) +
                                                       " captured octets is cut off after " +
                                                       std::to_string(v6_.size() - 1));
  std::string lost = whole + std::string(300'000, '\0');
  lost[first.size() + 8] = 1, lost[first.size() + 9] = 0, lost[first.size() + 10] = 4;
  expect_damage(lost, "a packet of 262145 captured octets is announced; 262144 are the most there can be");
}

TEST_F(PcapReaderTest, FillsNoMoreThanTheBurst) {
  CaptureWriter writer;
  for (int i = 0; i < 10; ++i) writer.Add(kTime + i, v4_);
  for (const size_t burst_packets : {1, 3, 10, 64}) {
    const Reading reading = ReadGuarded(writer.bytes(), burst_packets);
    ASSERT_EQ(reading.packets.size(), 10u);
    for (int i = 0; i < 10; ++i) EXPECT_EQ(reading.packets[i], Expect(v4_, kTime + i));
  }
}

}  // namespace
}  // namespace kansoku::collector
