// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/pcap_file_source.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "collector/capture/mapped_file_source.h"
#include "tests/testing/capture_writer.h"
#include "tests/testing/packet_builder.h"

namespace kansoku::collector {
namespace {

using testing::CaptureFormat;
using testing::CaptureWriter;

constexpr int64_t kTime = 1'700'000'000'123'456'789;

struct Captured {
  std::vector<uint8_t> bytes;
  uint32_t wire_octets;
  LinkType link_type;
  int64_t captured_unix_ns;
};

class PcapFileSourceTest : public ::testing::Test {
 protected:
  PcapFileSourceTest() : path_(std::filesystem::path(::testing::TempDir()) / FileName()) {}
  ~PcapFileSourceTest() override { std::filesystem::remove(path_); }

  static std::string FileName() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    return std::to_string(getpid()) + test->name() + ".pcap";
  }

  void Write(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }

  // Reads to the end, or to the error.
  static absl::StatusOr<PollState> ReadAll(PacketSource& source, std::vector<Captured>& packets) {
    for (;;) {
      auto state = source.Poll([&](std::span<const PacketView> burst) {
        for (const PacketView& packet : burst) {
          packets.push_back({{packet.bytes.begin(), packet.bytes.end()},
                             packet.wire_octets,
                             packet.link_type,
                             packet.captured_unix_ns});
        }
      });
      if (!state.ok() || *state != PollState::kMore) return state;
    }
  }

  const std::filesystem::path path_;
  const std::vector<uint8_t> packet_ =
      testing::PacketBuilder().Ethernet().Ipv4("192.0.2.1", "198.51.100.2").Udp(1, 2).Payload(100).Build();
};

TEST_F(PcapFileSourceTest, ReadsEveryByteOrderAndResolution) {
  for (const auto byte_order : {CaptureFormat::ByteOrder::kLittle, CaptureFormat::ByteOrder::kBig}) {
    for (const auto resolution :
         {CaptureFormat::Resolution::kMicroseconds, CaptureFormat::Resolution::kNanoseconds}) {
      CaptureWriter({.byte_order = byte_order, .resolution = resolution, .snap_length = 64})
          .Add(kTime, packet_)
          .Add(kTime + 1'000'000, packet_, 1514)
          .WriteTo(path_);
      auto source = PcapFileSource::Open(path_);
      ASSERT_TRUE(source.ok()) << source.status();
      std::vector<Captured> packets;
      const auto state = ReadAll(**source, packets);
      ASSERT_TRUE(state.ok()) << state.status();
      EXPECT_EQ(*state, PollState::kEnd);
      ASSERT_EQ(packets.size(), 2u);
      EXPECT_EQ(packets[0].bytes, std::vector<uint8_t>(packet_.begin(), packet_.begin() + 64));
      EXPECT_EQ(packets[0].wire_octets, packet_.size());
      EXPECT_EQ(packets[1].wire_octets, 1514u);
      EXPECT_EQ(packets[0].link_type, LinkType::kEthernet);
      const int64_t expected = resolution == CaptureFormat::Resolution::kNanoseconds ? kTime : kTime - 789;
      EXPECT_EQ(packets[0].captured_unix_ns, expected);
      EXPECT_EQ(packets[1].captured_unix_ns, expected + 1'000'000);
    }
  }
}

TEST_F(PcapFileSourceTest, KnowsEverySupportedLinkType) {
  const std::vector<std::pair<uint32_t, LinkType>> link_types = {
      {0, LinkType::kBsdNull},       {1, LinkType::kEthernet},       {9, LinkType::kPpp},
      {50, LinkType::kPppHdlc},      {51, LinkType::kPppoeSession},  {101, LinkType::kRawIp},
      {104, LinkType::kCiscoHdlc},   {107, LinkType::kFrameRelay},   {108, LinkType::kBsdLoop},
      {113, LinkType::kLinuxCooked}, {228, LinkType::kRawIp},        {229, LinkType::kRawIp},
      {239, LinkType::kNflog},       {276, LinkType::kLinuxCookedV2}};
  for (const auto& [number, link_type] : link_types) {
    CaptureWriter({.link_type = number}).Add(kTime, packet_).WriteTo(path_);
    for (const auto open : {&PcapFileSource::Open, &MappedFileSource::Open}) {
      auto source = open(path_);
      ASSERT_TRUE(source.ok()) << source.status();
      std::vector<Captured> packets;
      ASSERT_TRUE(ReadAll(**source, packets).ok());
      ASSERT_EQ(packets.size(), 1u);
      EXPECT_EQ(packets[0].link_type, link_type) << number;
    }
  }
}

TEST_F(PcapFileSourceTest, RefusesAnotherLinkTypeByName) {
  CaptureWriter({.link_type = 105}).WriteTo(path_);
  const auto source = PcapFileSource::Open(path_);
  EXPECT_EQ(source.status().code(), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(source.status().message(),
            path_.string() +
                ": link type IEEE802_11 is not supported; supported are Ethernet, Linux cooked (SLL, SLL2), "
                "raw IP, BSD null and loop, PPP (also in HDLC framing and as PPPoE), Cisco HDLC, Frame Relay "
                "and NFLOG");
}

TEST_F(PcapFileSourceTest, DeliversEverythingBeforeTheEndIsTornOff) {
  const std::string whole = CaptureWriter().Add(kTime, packet_).Add(kTime, packet_).bytes();
  const size_t second_record_at = whole.size() - 16 - packet_.size();
  for (size_t size = second_record_at + 1; size < whole.size(); ++size) {
    Write(whole.substr(0, size));
    auto source = PcapFileSource::Open(path_);
    ASSERT_TRUE(source.ok()) << source.status();
    std::vector<Captured> packets;
    EXPECT_EQ(ReadAll(**source, packets).status().code(), absl::StatusCode::kDataLoss) << size;
    ASSERT_EQ(packets.size(), 1u);
    EXPECT_EQ(packets[0].bytes, packet_);
    EXPECT_EQ((*source)->Stats().received_packets, 1u);
  }
}

TEST_F(PcapFileSourceTest, DeliversABoundedNumberOfPacketsPerCall) {
  CaptureWriter writer;
  for (int i = 0; i < 3000; ++i) writer.Add(kTime + i, packet_);
  writer.WriteTo(path_);
  auto source = PcapFileSource::Open(path_);
  ASSERT_TRUE(source.ok()) << source.status();
  size_t packets = 0;
  const auto count = [&](std::span<const PacketView> burst) { packets += burst.size(); };
  for (const size_t expected : {1024, 2048}) {
    const auto state = (*source)->Poll(count);
    ASSERT_TRUE(state.ok());
    EXPECT_EQ(*state, PollState::kMore);
    EXPECT_EQ(packets, expected);
  }
  const auto state = (*source)->Poll(count);
  ASSERT_TRUE(state.ok());
  EXPECT_EQ(*state, PollState::kEnd);
  EXPECT_EQ(packets, 3000u);
  const CaptureStats stats = (*source)->Stats();
  EXPECT_EQ(stats.received_packets, 3000u);
  EXPECT_EQ(stats.kernel_dropped_packets, 0u);
  EXPECT_EQ(stats.interface_dropped_packets, 0u);
}

TEST_F(PcapFileSourceTest, ReadsACaptureWithoutPackets) {
  CaptureWriter().WriteTo(path_);
  auto source = PcapFileSource::Open(path_);
  ASSERT_TRUE(source.ok()) << source.status();
  std::vector<Captured> packets;
  const auto state = ReadAll(**source, packets);
  ASSERT_TRUE(state.ok());
  EXPECT_EQ(*state, PollState::kEnd);
  EXPECT_TRUE(packets.empty());
}

TEST_F(PcapFileSourceTest, NamesAMissingFile) {
  const auto source = PcapFileSource::Open(path_);
  EXPECT_EQ(source.status().code(), absl::StatusCode::kNotFound);
  EXPECT_NE(source.status().message().find(path_.string()), std::string::npos) << source.status();
}

TEST_F(PcapFileSourceTest, RefusesWhatIsNotACapture) {
  for (const std::string& bytes :
       {std::string(), std::string("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n")}) {
    Write(bytes);
    const auto source = PcapFileSource::Open(path_);
    EXPECT_EQ(source.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_NE(source.status().message().find("not a capture file"), std::string::npos) << source.status();
  }
  EXPECT_EQ(PcapFileSource::Open(::testing::TempDir()).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace kansoku::collector
