// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/mapped_file_source.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "collector/capture/capture_file.h"
#include "tests/collector/capture/reading.h"
#include "tests/testing/capture_writer.h"
#include "tests/testing/packet_builder.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::collector {
namespace {

using testing::CaptureWriter;

constexpr int64_t kTime = 1'700'000'000'123'456'789;

class MappedFileSourceTest : public ::testing::Test {
 protected:
  // A capture of so many packets, a nanosecond apart.
  void Write(int packets, size_t octets = 200) const {
    CaptureWriter writer;
    const std::vector<uint8_t> packet(octets, 0x5a);
    for (int i = 0; i < packets; ++i) writer.Add(kTime + i, packet);
    writer.WriteTo(path_);
  }

  const testing::TempDir dir_;
  const std::string path_ = dir_.File("x.pcap");
};

// Octets of file mappings that are resident (proc(5), RssFile).
size_t ResidentFileOctets() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssFile:")) return std::stoull(line.substr(8)) * 1024;
  }
  ADD_FAILURE() << "no RssFile in /proc/self/status";
  return 0;
}

TEST_F(MappedFileSourceTest, DeliversBurstsAndABoundedNumberOfPacketsPerCall) {
  Write(2900);
  auto source = MappedFileSource::Open(path_);
  ASSERT_TRUE(source.ok()) << source.status();
  int64_t packets = 0;
  size_t bursts = 0;
  const auto count = [&](std::span<const PacketView> burst) {
    ++bursts;
    for (const PacketView& packet : burst) EXPECT_EQ(packet.captured_unix_ns, kTime + packets++);
    EXPECT_EQ((*source)->Stats().received_packets, packets) << "the burst in hand counts as received";
  };
  for (const int64_t expected : {1024, 2048}) {
    EXPECT_EQ((*source)->Poll(count).value(), PollState::kMore);
    EXPECT_EQ(packets, expected);
  }
  EXPECT_EQ(bursts, 64u);
  EXPECT_EQ((*source)->Poll(count).value(), PollState::kEnd);
  EXPECT_EQ(packets, 2900);
  const CaptureStats stats = (*source)->Stats();
  EXPECT_EQ(stats.kernel_dropped_packets, 0u);
  EXPECT_EQ(stats.interface_dropped_packets, 0u);
}

TEST_F(MappedFileSourceTest, KeepsABoundedPartOfTheFileResident) {
  constexpr size_t kOctets = 64 << 20, kPacketOctets = 16'384;
  Write(kOctets / kPacketOctets, kPacketOctets);
  auto source = MappedFileSource::Open(path_);
  ASSERT_TRUE(source.ok()) << source.status();
  const size_t before = ResidentFileOctets();
  size_t most = 0, packets = 0;
  const auto look = [&](std::span<const PacketView> burst) {
    for (const PacketView& packet : burst) {
      for (size_t i = 0; i < packet.bytes.size(); i += 512) ASSERT_EQ(packet.bytes[i], 0x5a);
    }
    packets += burst.size();
    most = std::max(most, ResidentFileOctets());
  };
  while ((*source)->Poll(look).value() == PollState::kMore) {
  }
  EXPECT_EQ(packets, kOctets / kPacketOctets);
  EXPECT_LT(most - before, size_t{6} << 20);
}

TEST_F(MappedFileSourceTest, SaysThatTheFileHasBecomeShorter) {
  constexpr int kPackets = 20'000, kPacketOctets = 1000;
  Write(kPackets, kPacketOctets);
  auto source = MappedFileSource::Open(path_);
  ASSERT_TRUE(source.ok()) << source.status();
  uint64_t packets = 0;
  const auto count = [&](std::span<const PacketView> burst) { packets += burst.size(); };
  ASSERT_EQ((*source)->Poll(count).value(), PollState::kMore);
  const auto size = std::filesystem::file_size(path_);
  std::filesystem::resize_file(path_, size - 1000);
  absl::StatusOr<PollState> state = PollState::kMore;
  while (state.ok() && *state == PollState::kMore) state = (*source)->Poll(count);
  EXPECT_EQ(state.status(),
            absl::DataLossError(path_ + ": has become shorter than the " + std::to_string(size) +
                                " octets it had when it was opened; the packets before were read"));
  EXPECT_EQ((*source)->Stats().received_packets, packets);
  EXPECT_GT(packets, 1024u);
  EXPECT_LT(packets, kPackets);
}

TEST_F(MappedFileSourceTest, DoesNotSeeWhatIsAppendedLater) {
  Write(10);
  auto source = MappedFileSource::Open(path_);
  ASSERT_TRUE(source.ok()) << source.status();
  std::ofstream(path_, std::ios::binary | std::ios::app) << std::string(100, 'x');
  const Reading reading = ReadSource(**source);
  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.packets.size(), 10u);
}

TEST_F(MappedFileSourceTest, GoesOnReadingAFileThatWasReplaced) {
  Write(20'000, 1000);
  auto source = MappedFileSource::Open(path_);
  ASSERT_TRUE(source.ok()) << source.status();
  std::filesystem::remove(path_);
  Write(1);
  const Reading reading = ReadSource(**source);
  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.packets.size(), 20'000u);
}

TEST_F(MappedFileSourceTest, SaysWhatCannotBeReadInPlace) {
  const auto code = [](const std::string& path) { return MappedFileSource::Open(path).status().code(); };
  EXPECT_EQ(code(path_), absl::StatusCode::kNotFound);
  EXPECT_EQ(code(dir_.path()), absl::StatusCode::kUnimplemented);
  std::ofstream(path_).flush();
  EXPECT_EQ(code(path_), absl::StatusCode::kUnimplemented);
  std::ofstream(path_) << "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n";
  EXPECT_EQ(code(path_), absl::StatusCode::kInvalidArgument);
  ASSERT_EQ(mkfifo(dir_.File("pipe").c_str(), 0600), 0);
  EXPECT_EQ(code(dir_.File("pipe")), absl::StatusCode::kUnimplemented);
}

TEST_F(MappedFileSourceTest, OpenCaptureFileTakesTheSourceThatCanReadIt) {
  Write(5);
  const auto mapped = OpenCaptureFile(path_);
  ASSERT_TRUE(mapped.ok()) << mapped.status();
  EXPECT_NE(dynamic_cast<MappedFileSource*>(mapped->get()), nullptr);
  EXPECT_EQ(ReadSource(**mapped).packets.size(), 5u);

  const std::string pipe = dir_.File("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  std::thread feeder([&] { std::ofstream(pipe, std::ios::binary) << std::ifstream(path_).rdbuf(); });
  const auto piped = OpenCaptureFile(pipe);
  feeder.join();
  ASSERT_TRUE(piped.ok()) << piped.status();
  EXPECT_EQ(dynamic_cast<MappedFileSource*>(piped->get()), nullptr);
  EXPECT_EQ(ReadSource(**piped).packets.size(), 5u);
}

TEST_F(MappedFileSourceTest, OpenCaptureFileNamesTheFileItCannotRead) {
  const auto expect = [](const std::string& path, absl::StatusCode code) {
    const absl::Status status = OpenCaptureFile(path).status();
    EXPECT_EQ(status.code(), code);
    EXPECT_NE(status.message().find(path), absl::string_view::npos) << status;
  };
  expect(dir_.File("missing"), absl::StatusCode::kNotFound);
  expect(dir_.path(), absl::StatusCode::kInvalidArgument);
  std::ofstream(path_).flush();
  expect(path_, absl::StatusCode::kInvalidArgument);
  CaptureWriter({.link_type = 105}).WriteTo(path_);
  expect(path_, absl::StatusCode::kUnimplemented);
}

}  // namespace
}  // namespace kansoku::collector
