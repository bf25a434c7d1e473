// SPDX-License-Identifier: Apache-2.0
//
// Whether a report tells who was measured: each capture is metered twice, the second time with other hosts in
// the same networks. Reports that are equal then hold nothing of an address, in whatever form it might be
// written.
#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "collector/capture/capture_file.h"
#include "tests/collector/chain.h"
#include "tests/collector/truth.h"
#include "tests/testing/skip_or_fail.h"

namespace kansoku::collector {
namespace {

constexpr uint8_t kOther = 0x55;
// Enough for the largest: which flows are forgotten for want of room is a matter of hashes.
constexpr uint32_t kFlowTableEntries = 1 << 16;

// Some of its damaged packets have addresses that TShark does not print: they cannot be exchanged.
constexpr char kDamaged[] = "ndpi-fuzz-2006-bigendian.pcap";

// Source and destination side by side, as headers have them.
using Ends4 = std::array<uint8_t, 8>;
using Ends6 = std::array<uint8_t, 32>;

struct Conversations {
  std::set<Ends4> ipv4;
  std::set<Ends6> ipv6;
};

template <typename Ends>
void AddIfOf(int family, const Row& row, std::set<Ends>& conversations) {
  Ends ends;
  if (inet_pton(family, row.at("src").c_str(), ends.data()) != 1) return;
  if (inet_pton(family, row.at("dst").c_str(), ends.data() + ends.size() / 2) == 1)
    conversations.insert(ends);
}

// By capture, who TShark saw talking, in headers outside and inside of tunnels.
std::map<std::string, Conversations> ConversationsOfCaptures(const std::string& folder) {
  std::map<std::string, Conversations> captures;
  for (const Row& row : ReadGzippedCsv(TruthFolder(folder) / "TRUTH_FLOWS.csv.gz")) {
    Conversations& conversations = captures[row.at("file")];
    AddIfOf(AF_INET, row, conversations.ipv4);
    AddIfOf(AF_INET6, row, conversations.ipv6);
  }
  return captures;
}

// If `bytes` begin with a conversation, changes the last octets of both its ends.
template <typename Ends>
size_t ExchangeHere(const std::set<Ends>& conversations, size_t host_octets, std::span<uint8_t> bytes) {
  Ends ends;
  if (bytes.size() < ends.size()) return 0;
  std::copy_n(bytes.begin(), ends.size(), ends.begin());
  if (!conversations.contains(ends)) return 0;
  for (const size_t end : {ends.size() / 2, ends.size()})
    for (uint8_t& octet : bytes.subspan(end - host_octets, host_octets)) octet ^= kOther;
  return ends.size();
}

// Gives every conversation other hosts of the same networks, behind the same NAT64. How many it found.
size_t Exchange(const Conversations& conversations, std::span<uint8_t> packet) {
  size_t found = 0;
  for (size_t at = 0; at < packet.size();) {
    size_t octets = ExchangeHere(conversations.ipv6, 4, packet.subspan(at));
    if (octets == 0) octets = ExchangeHere(conversations.ipv4, 1, packet.subspan(at));
    found += octets > 0;
    at += std::max<size_t>(octets, 1);
  }
  return found;
}

struct Metered {
  v1::Measurement as_captured;
  v1::Measurement of_others;
  size_t exchanged = 0;
};

Metered MeterTwice(const std::filesystem::path& path, const Conversations& conversations) {
  Metered metered;
  absl::StatusOr<std::unique_ptr<PacketSource>> source = OpenCaptureFile(path);
  EXPECT_TRUE(source.ok()) << source.status();
  if (!source.ok()) return metered;
  Chain as_captured({}, kFlowTableEntries), of_others({}, kFlowTableEntries);
  absl::StatusOr<PollState> state = PollState::kMore;
  while (state.ok() && *state != PollState::kEnd) {
    state = (*source)->Poll([&](std::span<const PacketView> burst) {
      as_captured.Meter(burst);
      for (PacketView packet : burst) {
        std::vector<uint8_t> bytes(packet.bytes.begin(), packet.bytes.end());
        metered.exchanged += Exchange(conversations, bytes);
        packet.bytes = bytes;
        of_others.Meter(std::span(&packet, 1));
      }
    });
  }
  metered.as_captured = as_captured.Finish();
  metered.of_others = of_others.Finish();
  return metered;
}

// The first line in which they differ: whole reports fill the screen.
std::string Difference(const v1::Measurement& left, const v1::Measurement& right) {
  const std::vector<std::string> a = absl::StrSplit(left.DebugString(), '\n');
  const std::vector<std::string> b = absl::StrSplit(right.DebugString(), '\n');
  const auto [in_a, in_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (in_a == a.end() && in_b == b.end()) return "";
  return absl::StrCat("line ", in_a - a.begin() + 1, ": ", in_a == a.end() ? "nothing" : *in_a, " against ",
                      in_b == b.end() ? "nothing" : *in_b);
}

TEST(Secrecy, ReportsOfEveryCaptureAreTheSameForOtherHosts) {
  for (const std::string& folder : kTruthFolders) {
    if (!HasTruth(folder)) return testing::SkipOrFail("no captures in ../shared/captures");
    for (const auto& [file, conversations] : ConversationsOfCaptures(folder)) {
      if (file == kDamaged) continue;
      const Metered metered = MeterTwice(TruthFolder(folder) / file, conversations);
      EXPECT_EQ(Difference(metered.as_captured, metered.of_others), "") << file;
      EXPECT_GT(metered.exchanged, 0u) << file;
    }
  }
}

}  // namespace
}  // namespace kansoku::collector
