// SPDX-License-Identifier: Apache-2.0
//
// Packets of the real world, and what is left of them when they are cut or damaged. Sanitizers judge the
// reads.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <random>
#include <string_view>
#include <vector>

#include "collector/capture/pcap_file_source.h"
#include "collector/decode/decoder.h"
#include "tests/testing/skip_or_fail.h"

namespace kansoku::collector {
namespace {

// Behind these octets no capture here has a header left.
constexpr size_t kMaxPrefixOctets = 200;

// An allocation of its own for each length, so that a read past the end is seen.
class ExactOctets {
 public:
  std::span<const uint8_t> Copy(std::span<const uint8_t> octets) {
    std::unique_ptr<uint8_t[]>& copy = copies_[octets.size()];
    if (!copy) copy = std::make_unique<uint8_t[]>(octets.size());
    std::copy(octets.begin(), octets.end(), copy.get());
    return {copy.get(), octets.size()};
  }

 private:
  std::array<std::unique_ptr<uint8_t[]>, kMaxPrefixOctets + 1> copies_;
};

void ExpectPossible(Refusal refusal, const DecodedPacket& decoded, const PacketView& packet) {
  ASSERT_LT(static_cast<size_t>(refusal), kRefusalCount);
  if (refusal != Refusal::kNone) return;
  ASSERT_TRUE(decoded.ip_version == 4 || decoded.ip_version == 6);
  ASSERT_GE(decoded.ip_octets, decoded.ip_version == 4 ? 20u : 40u);
  ASSERT_GE(decoded.ip_headers, 1);
  ASSERT_EQ(decoded.inner_ip_octets, decoded.ip_octets);
  ASSERT_EQ(decoded.wire_octets, packet.wire_octets);
}

class Captures : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::filesystem::exists(kFolder)) return;
    testing::SkipOrFail(std::string(kFolder) + " is missing");
  }

  // Each packet of each file that libpcap opens.
  template <typename Visit>
  static size_t ForEachPacket(Visit visit) {
    size_t packets = 0;
    for (const auto& file : std::filesystem::directory_iterator(kFolder)) {
      if (file.path().extension() != ".pcap" && file.path().extension() != ".pcapng") continue;
      auto source = PcapFileSource::Open(file.path());
      if (!source.ok()) continue;
      absl::StatusOr<PollState> state = PollState::kMore;
      while (state.ok() && *state != PollState::kEnd) {
        state = (*source)->Poll([&](std::span<const PacketView> burst) {
          packets += burst.size();
          for (const PacketView& packet : burst) visit(packet);
        });
      }
    }
    return packets;
  }

  static inline const std::filesystem::path kFolder =
      std::filesystem::path(KANSOKU_SOURCE_DIR) / "../shared/captures";
};

TEST_F(Captures, DecodeAtEveryPrefix) {
  ExactOctets exact;
  const size_t packets = ForEachPacket([&](const PacketView& packet) {
    DecodedPacket decoded;
    const Refusal whole = Decode(packet, decoded);
    ExpectPossible(whole, decoded, packet);
    const size_t longest = std::min(packet.bytes.size(), kMaxPrefixOctets);
    for (size_t octets = 0; octets < longest; ++octets) {
      PacketView prefix = packet;
      prefix.bytes = exact.Copy(packet.bytes.first(octets));
      const Refusal refusal = Decode(prefix, decoded);
      ExpectPossible(refusal, decoded, packet);
      // What is missing is the capture's fault, whatever was there.
      ASSERT_TRUE(refusal == Refusal::kNone || refusal == whole || refusal == Refusal::kLinkShort ||
                  refusal == Refusal::kNetworkShort);
    }
  });
  EXPECT_GT(packets, 200'000u);
}

TEST_F(Captures, DecodeWithDamage) {
  std::mt19937 random(1);
  ExactOctets exact;
  std::vector<uint8_t> damaged;
  size_t mutations = 0;
  ForEachPacket([&](const PacketView& packet) {
    for (int round = 0; round < 5; ++round) {
      damaged.assign(packet.bytes.begin(),
                     packet.bytes.begin() + std::min<ptrdiff_t>(packet.bytes.size(), kMaxPrefixOctets));
      if (damaged.empty()) return;
      for (int flips = 0; flips < 4; ++flips)
        damaged[random() % std::min<size_t>(damaged.size(), 100)] = static_cast<uint8_t>(random());
      PacketView view = packet;
      view.bytes = exact.Copy(damaged);
      view.link_type = random() % 4 != 0 ? packet.link_type : static_cast<LinkType>(random() % 12);
      DecodedPacket decoded;
      ExpectPossible(Decode(view, decoded), decoded, view);
      ++mutations;
    }
  });
  EXPECT_GT(mutations, 1'000'000u);
}

}  // namespace
}  // namespace kansoku::collector
