// SPDX-License-Identifier: Apache-2.0
//
// Every packet of every capture, cut at each length and damaged at random: decoded as promised and accounted
// for.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "collector/capture/capture_file.h"
#include "tests/collector/chain.h"
#include "tests/collector/decode/promises.h"
#include "tests/collector/truth.h"
#include "tests/generator/random.h"
#include "tests/testing/skip_or_fail.h"

namespace kansoku::collector {
namespace {

constexpr size_t kMostPrefixOctets = 2048;  // no packet here has a header beyond
constexpr size_t kHeaderOctets = 256;       // where damage does most
constexpr uint32_t kLinkTypes = static_cast<uint32_t>(LinkType::kUnsupported) + 1;
constexpr uint64_t kMutations = 1'000'000;

// A packet with memory of its own, so that a sanitizer sees a read past its end.
struct OwnPacket {
  std::vector<uint8_t> bytes;
  PacketView view;
};

OwnPacket CopyOf(const PacketView& packet) {
  OwnPacket own{{packet.bytes.begin(), packet.bytes.end()}, packet};
  own.view.bytes = own.bytes;  // moving a vector leaves its memory where it is
  return own;
}

std::vector<OwnPacket> PacketsOf(const std::filesystem::path& path) {
  std::vector<OwnPacket> packets;
  absl::StatusOr<std::unique_ptr<PacketSource>> source = OpenCaptureFile(path);
  EXPECT_TRUE(source.ok()) << source.status();
  if (!source.ok()) return packets;
  absl::StatusOr<PollState> state = PollState::kMore;
  while (state.ok() && *state != PollState::kEnd) {
    state = (*source)->Poll([&](std::span<const PacketView> burst) {
      for (const PacketView& packet : burst) packets.push_back(CopyOf(packet));
    });
  }
  return packets;
}

std::vector<std::vector<OwnPacket>> Captures() {
  std::vector<std::vector<OwnPacket>> captures;
  for (const std::string& folder : kTruthFolders) {
    if (!HasTruth(folder)) continue;
    for (const Row& row : ReadCsv(TruthFolder(folder) / "TRUTH.csv")) {
      captures.push_back(PacketsOf(TruthFolder(folder) / row.at("file")));
    }
  }
  return captures;
}

// Meters packets one by one and keeps the books beside.
class Books {
 public:
  explicit Books(uint32_t flow_table_entries) : chain_({}, flow_table_entries) {}

  void Meter(const PacketView& packet) {
    const std::string broken = BrokenPromise(packet);
    ASSERT_TRUE(broken.empty()) << broken << " of packet " << packets_;
    chain_.Meter({&packet, 1});
    ++packets_;
    wire_octets_ += packet.wire_octets;
  }

  void Check() {
    const v1::Measurement sum = chain_.Finish();
    EXPECT_EQ(ViolatedIdentities(sum), "");
    EXPECT_EQ(sum.ledger().captured_packets(), packets_);
    EXPECT_EQ(sum.ledger().captured_wire_octets(), wire_octets_);
  }

  uint64_t packets() const { return packets_; }

 private:
  Chain chain_;
  uint64_t packets_ = 0;
  uint64_t wire_octets_ = 0;
};

// One of so many parts, each a test of its own, because together they take minutes under a sanitizer.
constexpr size_t kParts = 8;
class EveryPrefix : public ::testing::TestWithParam<size_t> {};

TEST_P(EveryPrefix, OfRealPacketsIsAccountedFor) {
  const std::vector<std::vector<OwnPacket>> captures = Captures();
  if (captures.empty()) return testing::SkipOrFail(TruthFolder("").string() + " is missing");
  Books books(64);
  size_t number = 0;
  for (const std::vector<OwnPacket>& packets : captures) {
    for (const OwnPacket& packet : packets) {
      if (number++ % kParts != GetParam()) continue;
      const size_t most = std::min(packet.bytes.size(), kMostPrefixOctets);
      std::vector<uint8_t> copy;
      for (size_t octets = 0; octets <= most; ++octets) {
        // As the snap length leaves it, and as a frame that ended there.
        copy.assign(packet.bytes.begin(), packet.bytes.begin() + static_cast<std::ptrdiff_t>(octets));
        copy.shrink_to_fit();
        PacketView prefix = packet.view;
        prefix.bytes = copy;
        books.Meter(prefix);
        prefix.wire_octets = static_cast<uint32_t>(octets);
        books.Meter(prefix);
        if (HasFatalFailure()) return;
      }
    }
  }
  books.Check();
  EXPECT_GT(books.packets(), 30'000'000u / kParts);
}
INSTANTIATE_TEST_SUITE_P(Parts, EveryPrefix, ::testing::Range(size_t{0}, kParts));

TEST(Mutation, AMillionDamagedPacketsAreAccountedFor) {
  const std::vector<std::vector<OwnPacket>> captures = Captures();
  if (captures.empty()) return testing::SkipOrFail(TruthFolder("").string() + " is missing");
  generator::Random random(20241101);
  Books books(64);
  while (books.packets() < kMutations) {
    const std::vector<OwnPacket>& packets = captures[random.Below(static_cast<uint32_t>(captures.size()))];
    if (packets.empty()) continue;
    OwnPacket packet = CopyOf(packets[random.Below(static_cast<uint32_t>(packets.size()))].view);
    const auto headers = static_cast<uint32_t>(std::min(packet.bytes.size(), kHeaderOctets));
    for (uint32_t damaged = random.Between(1, 8); damaged > 0 && headers > 0; --damaged) {
      packet.bytes[random.Below(headers)] = static_cast<uint8_t>(random.Next32());
    }
    if (random.OneIn(16)) packet.view.link_type = static_cast<LinkType>(random.Below(kLinkTypes));
    if (random.OneIn(16)) packet.view.wire_octets = random.Next32();
    if (random.OneIn(16)) packet.view.wire_packets = static_cast<uint16_t>(random.Next32());
    if (random.OneIn(64)) packet.view.captured_unix_ns = static_cast<int64_t>(random.Next());
    books.Meter(packet.view);
    if (HasFatalFailure()) return;
  }
  books.Check();
}

}  // namespace
}  // namespace kansoku::collector
