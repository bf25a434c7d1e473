// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/darknet_sources.h"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace kansoku {
namespace {

using google::protobuf::util::MessageDifferencer;

v1::DarknetSources Text(const std::string& text) {
  v1::DarknetSources sources;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &sources)) << text;
  return sources;
}

// One packet, and what a table made of it.
struct Packet {
  uint64_t source = 0;
  uint32_t port = 0;
  enum class Kind { kProbe, kProbeWithoutRoom, kBackscatter, kOther, kShed } kind = Kind::kProbe;
  bool is_mirai = false;
  int dark_address = 0;
  bool is_listed = false;
};

std::vector<Packet> RandomPackets(size_t number, std::mt19937_64& engine) {
  std::vector<Packet> packets(number);
  for (Packet& packet : packets) {
    packet = {.source = engine() % 40 * 0x0666666666666666,
              .port = static_cast<uint32_t>(engine() % 6),
              .kind = static_cast<Packet::Kind>(engine() % 5),
              .is_mirai = engine() % 2 == 0,
              .dark_address = static_cast<int>(engine() % 64),
              .is_listed = engine() % 9 == 0};
  }
  return packets;
}

// Counted plainly.
v1::DarknetSources SourcesOf(const std::vector<Packet>& packets) {
  v1::DarknetSources all =
      Text(R"(sensor: "east" source_key: 77 rules: 1 lists { name: "misp" version: "7" })");
  std::map<uint64_t, v1::DarknetSource> sources;
  std::map<uint64_t, std::map<std::pair<uint32_t, uint32_t>, uint64_t>> ports;
  for (const Packet& packet : packets) {
    if (packet.kind == Packet::Kind::kShed) {
      all.set_further_packets(all.further_packets() + 1);
      all.set_most_of_one(all.most_of_one() + 1);
      continue;
    }
    v1::DarknetSource& source = sources[packet.source];
    source.set_addresses(source.addresses() | uint64_t{1} << packet.dark_address);
    if (packet.is_listed) source.set_lists(1);
    // A collector of an earlier version does not say it.
    if (packet.dark_address % 4 == 0)
      source.set_family(packet.source % 2 == 0 ? v1::FAMILY_IPV4 : v1::FAMILY_IPV6);
    if (packet.kind == Packet::Kind::kBackscatter)
      source.set_backscatter_packets(source.backscatter_packets() + 1);
    if (packet.kind == Packet::Kind::kOther) source.set_other_packets(source.other_packets() + 1);
    if (packet.kind != Packet::Kind::kProbe && packet.kind != Packet::Kind::kProbeWithoutRoom) continue;
    source.set_probe_packets(source.probe_packets() + 1);
    if (packet.port % 2 == 0) {
      source.set_tcp_syns(source.tcp_syns() + 1);
      if (packet.is_mirai) source.mutable_marks()->set_mirai(source.marks().mirai() + 1);
    }
    if (packet.kind == Packet::Kind::kProbe) {
      ++ports[packet.source][{packet.port % 2 == 0 ? 6 : 17, packet.port}];
    } else {
      source.set_further_packets(source.further_packets() + 1);
    }
  }
  for (auto& [id, source] : sources) {
    source.set_id(id);
    for (const auto& [key, count] : ports[id]) {
      v1::PortPackets& port = *source.add_ports();
      port.set_protocol(key.first);
      port.set_port(key.second);
      port.set_packets(count);
    }
    *all.add_sources() = source;
  }
  return all;
}

TEST(DarknetSources, OfAnySplitAndOrderAddUpToTheSame) {
  std::mt19937_64 engine(20241101);
  for (int round = 0; round < 200; ++round) {
    const std::vector<Packet> packets = RandomPackets(1 + engine() % 600, engine);
    std::vector<std::vector<Packet>> parts(2 + engine() % 6);
    for (const Packet& packet : packets) parts[engine() % parts.size()].push_back(packet);
    v1::DarknetSources in_turn, even, odd;
    for (size_t i = 0; i < parts.size(); ++i) {
      ASSERT_TRUE(Merge(SourcesOf(parts[i]), in_turn).ok());
      ASSERT_TRUE(Merge(SourcesOf(parts[i]), i % 2 == 0 ? even : odd).ok());
    }
    ASSERT_TRUE(Merge(even, odd).ok());
    const std::string whole = SourcesOf(packets).SerializeAsString();
    EXPECT_EQ(in_turn.SerializeAsString(), whole);
    EXPECT_EQ(odd.SerializeAsString(), whole);
  }
}

TEST(DarknetSources, AddByIdAndPort) {
  v1::DarknetSources sum = Text(R"(
    sensor: "east" source_key: 77 rules: 1 further_packets: 3 most_of_one: 2
    sources { id: 5 probe_packets: 3 ports { protocol: 6 port: 23 packets: 2 } ports { protocol: 17 port: 53 packets: 1 }
              tcp_syns: 2 marks { mirai: 1 zmap: 2 masscan: 3 nmap: 4 unicornscan: 5 pairs: 6 } addresses: 3 lists: 1 }
    sources { id: 7 other_packets: 1 family: FAMILY_IPV6 })");
  ASSERT_TRUE(Merge(Text(R"(
    sensor: "west" source_key: 77 rules: 1 further_packets: 5 most_of_one: 4
    sources { id: 2 backscatter_packets: 9 family: FAMILY_IPV6 }
    sources { id: 5 probe_packets: 4 ports { protocol: 6 port: 22 packets: 1 } ports { protocol: 6 port: 23 packets: 2 }
              further_packets: 1 backscatter_packets: 6 other_packets: 7 tcp_syns: 1
              marks { mirai: 10 zmap: 20 masscan: 30 nmap: 40 unicornscan: 50 pairs: 60 } addresses: 6 lists: 4
              family: FAMILY_IPV4 })"),
                    sum)
                  .ok());
  EXPECT_TRUE(MessageDifferencer::Equals(sum, Text(R"(
    sensor: "east" source_key: 77 rules: 1 further_packets: 8 most_of_one: 6
    sources { id: 2 backscatter_packets: 9 family: FAMILY_IPV6 }
    sources { id: 5 probe_packets: 7 ports { protocol: 6 port: 22 packets: 1 } ports { protocol: 6 port: 23 packets: 4 }
              ports { protocol: 17 port: 53 packets: 1 } further_packets: 1 backscatter_packets: 6 other_packets: 7
              tcp_syns: 3 marks { mirai: 11 zmap: 22 masscan: 33 nmap: 44 unicornscan: 55 pairs: 66 } addresses: 7 lists: 5
              family: FAMILY_IPV4 }
    sources { id: 7 other_packets: 1 family: FAMILY_IPV6 })")))
      << sum.DebugString();
}

TEST(DarknetSources, OfOtherKeysRulesOrListsAreNotAdded) {
  const v1::DarknetSources east = Text(R"(
    sensor: "east" source_key: 77 rules: 1 lists { name: "misp" version: "7" } lists { name: "own" version: "1" }
    sources { id: 5 probe_packets: 3 })");
  struct Other {
    std::string text;
    std::string message;
  };
  for (const Other& other : std::vector<Other>{
           {"source_key: 78 rules: 1", "were hashed with another key"},
           {"rules: 1", "were hashed with another key"},
           {"source_key: 77 rules: 2", "were judged by rules 2, the others by 1"},
           {"source_key: 77 rules: 1", "were looked up in other survey lists"},
           {"source_key: 77 rules: 1 lists { name: 'misp' version: '7' }",
            "were looked up in other survey lists"},
           {"source_key: 77 rules: 1 lists { name: 'misp' version: '8' } lists { name: 'own' version: '1' }",
            "were looked up in other survey lists"},
           {"source_key: 77 rules: 1 lists { name: 'own' version: '1' } lists { name: 'misp' version: '7' }",
            "were looked up in other survey lists"}}) {
    v1::DarknetSources sum = east;
    const absl::Status status = Merge(Text("sensor: 'west' sources { id: 5 } " + other.text), sum);
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << other.text;
    EXPECT_EQ(std::string(status.message()),
              "sources of sensor west: " + other.message + "; they can only be told apart, not added up");
    EXPECT_EQ(sum.SerializeAsString(), east.SerializeAsString()) << other.text;
  }
}

TEST(EstimateAddresses, CountsLinearly) {
  EXPECT_EQ(EstimateAddresses(0), 0u);
  EXPECT_EQ(EstimateAddresses(1), 1u);
  EXPECT_EQ(EstimateAddresses(uint64_t{1} << 63 | 1), 2u);
  EXPECT_EQ(EstimateAddresses(0xffffffff), 44u);     // 64 ln 2
  EXPECT_EQ(EstimateAddresses(~uint64_t{1}), 266u);  // 64 ln 64
  EXPECT_EQ(EstimateAddresses(~uint64_t{0}), 266u);
}

// The standard error of one map is 64^0.5 (e^t - t - 1)^0.5 for t = number / 64 (theorem of the paper).
TEST(EstimateAddresses, IsWithinFiveStandardErrorsOnAverage) {
  std::mt19937_64 engine(7);
  constexpr int kRounds = 1'000;
  for (const int number : {1, 10, 30, 64, 128}) {
    double sum = 0;
    for (int round = 0; round < kRounds; ++round) {
      uint64_t bitmap = 0;
      for (int i = 0; i < number; ++i) bitmap |= uint64_t{1} << engine() % 64;
      sum += static_cast<double>(EstimateAddresses(bitmap));
    }
    const double t = number / 64.0;
    const double error = std::sqrt(64 * (std::exp(t) - t - 1) / kRounds);
    // The bias of so small a map, (e^t - t - 1) / 2, and the half that rounding may be off.
    EXPECT_NEAR(sum / kRounds, number + (std::exp(t) - t - 1) / 2, 5 * error + 0.5) << number;
  }
}

}  // namespace
}  // namespace kansoku
