// SPDX-License-Identifier: Apache-2.0
#include "collector/classify/scan_marks.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "collector/capture/pcap_file_source.h"
#include "collector/classify/darknet_class.h"
#include "collector/classify/prefix.h"
#include "collector/decode/decoder.h"
#include "tests/generator/generate.h"
#include "tests/testing/skip_or_fail.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::collector {
namespace {

constexpr uint32_t kTarget = 0xcb00'7105;  // 203.0.113.5

DecodedPacket Syn(uint32_t sequence, uint16_t identification, uint16_t window, uint8_t header_octets,
                  uint32_t destination = kTarget) {
  return {.source = IpAddress::Ipv4(0xc633'6401),
          .destination = IpAddress::Ipv4(destination),
          .identification = identification,
          .tcp_sequence = sequence,
          .source_port = 40000,
          .destination_port = 23,
          .ip_version = 4,
          .protocol = kProtocolTcp,
          .tcp_flags = kTcpSyn,
          .has_tcp_flags = true,
          .tcp_header_octets = header_octets,
          .tcp_window = window};
}

uint8_t MarksOfPair(const DecodedPacket& before, const DecodedPacket& syn) {
  return collector::MarksOfPair(TraceOf(before), syn);
}

TEST(ScanMarks, OfAnOrdinarySynAreNone) {
  EXPECT_EQ(MarksOf(Syn(0x1234'5678, 7, 64240, 40)), 0);
  EXPECT_EQ(MarksOfPair(Syn(0x1234'5678, 7, 64240, 40), Syn(0x8765'4321, 8, 64240, 40)), 0);
}

TEST(ScanMarks, OfMiraiAreTheAddressAsSequenceNumber) {
  EXPECT_EQ(MarksOf(Syn(kTarget, 7, 5000, 20)), kMirai);
  EXPECT_EQ(MarksOf(Syn(kTarget ^ 1, 7, 5000, 20)), 0);
  EXPECT_EQ(MarksOf(Syn(kTarget, 7, 5000, 24)), 0);
}

TEST(ScanMarks, OfZmapUntil40AreIdentificationAndWindow) {
  EXPECT_EQ(MarksOf(Syn(9, 54321, 65535, 20)), kZmap);
  EXPECT_EQ(MarksOf(Syn(9, 54321, 65535, 24)), kZmap);
  EXPECT_EQ(MarksOf(Syn(9, 54321, 1024, 24)), 0);
  // Since 4.1: identification of the probe's own, and the options of Windows.
  EXPECT_EQ(MarksOf(Syn(9, 4711, 65535, 32)), 0);
  EXPECT_EQ(MarksOf(Syn(9, 54321, 65535, 32)), 0);
}

TEST(ScanMarks, OfMasscanAreTheMixedIdentificationAndEitherWindow) {
  const uint32_t sequence = 0x89ab'cdef;
  const uint16_t mixed = static_cast<uint16_t>(0x7105 ^ 23 ^ 0xcdef);
  EXPECT_EQ(MarksOf(Syn(sequence, mixed, 1024, 20)), kMasscan);
  EXPECT_EQ(MarksOf(Syn(sequence, mixed, 1025, 24)), kMasscan);
  EXPECT_EQ(MarksOf(Syn(sequence, mixed, 1024, 24)), 0);
  EXPECT_EQ(MarksOf(Syn(sequence, mixed, 1025, 20)), 0);
  EXPECT_EQ(MarksOf(Syn(sequence, mixed, 64240, 20)), 0);
  EXPECT_EQ(MarksOf(Syn(sequence, static_cast<uint16_t>(mixed ^ 1), 1024, 20)), 0);
}

TEST(ScanMarks, OfNmapAreHalvesThatDifferAlike) {
  const DecodedPacket first = Syn(0xdd52'8318, 1, 1024, 24);
  for (const uint16_t window : std::array<uint16_t, 4>{1024, 2048, 3072, 4096}) {
    EXPECT_EQ(MarksOfPair(first, Syn(0xdd53'8319, 2, window, 24)), kNmap);
  }
  EXPECT_EQ(MarksOfPair(first, Syn(0xdd53'8318, 2, 1024, 24)), 0);
  EXPECT_EQ(MarksOfPair(first, Syn(0xdd53'8319, 2, 1025, 24)), 0);
  EXPECT_EQ(MarksOfPair(first, Syn(0xdd53'8319, 2, 1024, 20)), 0);
  // The same number again says nothing.
  EXPECT_EQ(MarksOfPair(first, first), 0);
}

// As the scanner's machine makes its sequence number of an address it keeps in network byte order.
uint32_t Unicornscan(uint32_t key, uint32_t address, uint16_t source_port, uint16_t destination_port) {
  return key ^ address ^ ((uint32_t{destination_port} << 16) + source_port);
}

TEST(ScanMarks, OfUnicornscanAreAKeyThatStaysOnEitherKindOfMachine) {
  constexpr uint32_t kKey = 0x5eed'1234, kOther = 0xcb00'71fe;
  const auto probe = [](uint32_t key, uint32_t destination, uint16_t port, bool swapped) {
    const uint32_t read = swapped ? __builtin_bswap32(destination) : destination;
    DecodedPacket syn = Syn(Unicornscan(key, read, 40000, port), 7, 16384, 40, destination);
    syn.destination_port = port;
    return syn;
  };
  for (const bool swapped : {false, true}) {
    EXPECT_EQ(MarksOfPair(probe(kKey, kTarget, 23, swapped), probe(kKey, kOther, 8080, swapped)),
              kUnicornscan);
    EXPECT_EQ(MarksOfPair(probe(kKey, kTarget, 23, swapped), probe(kKey, kTarget, 23, swapped)), 0);
    EXPECT_EQ(MarksOfPair(probe(kKey, kTarget, 23, swapped), probe(kKey + 1, kOther, 23, swapped)), 0);
  }
  EXPECT_EQ(MarksOfPair(probe(kKey, kTarget, 23, false), probe(kKey, kOther, 23, true)), 0);
}

// Its sequence number is the address, so that what Unicornscan adds would be its ports alone.
TEST(ScanMarks, OfMiraiFromOnePortAreNotThoseOfUnicornscan) {
  EXPECT_EQ(MarksOfPair(Syn(kTarget, 7, 5000, 20), Syn(kTarget + 9, 8, 6000, 20, kTarget + 9)), 0);
}

TEST(ScanMarks, AreOfIpv4Only) {
  const auto ipv6 = [](DecodedPacket syn) {
    syn.ip_version = 6;
    syn.destination = {0x2001'0db8'dead'0000, syn.destination.low & 0xffff'ffff};
    return syn;
  };
  EXPECT_EQ(MarksOf(ipv6(Syn(kTarget, 54321, 65535, 20))), 0);
  EXPECT_EQ(MarksOfPair(ipv6(Syn(0xdd52'8318, 0, 1024, 24)), ipv6(Syn(0xdd53'8319, 0, 1024, 24))), 0);
}

// How many SYNs of a capture carry which marks, next to how many there are.
struct Census {
  uint64_t syns = 0;
  std::map<int, uint64_t> of_mark;
  friend bool operator==(const Census&, const Census&) = default;
};

// Pairs are those of one key: a source, or a source at one place.
template <typename Key>
void Count(const DecodedPacket& packet, const Key& key, std::map<Key, SynTrace>& traces, Census& census) {
  if (DarknetClassOf(packet) != v1::DARKNET_CLASS_TCP_SYN) return;
  ++census.syns;
  int marks = MarksOf(packet);
  const auto [trace, is_first] = traces.try_emplace(key);
  if (!is_first) marks |= collector::MarksOfPair(trace->second, packet);
  trace->second = TraceOf(packet);
  for (const int mark : {kMirai, kZmap, kMasscan, kNmap, kUnicornscan}) {
    if (marks & mark) ++census.of_mark[mark];
  }
}

template <typename Visit>
void ForEachPacket(const std::string& path, Visit visit) {
  auto source = PcapFileSource::Open(path);
  ASSERT_TRUE(source.ok()) << source.status();
  absl::StatusOr<PollState> state = PollState::kMore;
  while (state.ok() && *state != PollState::kEnd) {
    state = (*source)->Poll([&](std::span<const PacketView> burst) {
      for (const PacketView& packet : burst) {
        DecodedPacket decoded;
        if (Decode(packet, decoded) == Refusal::kNone) visit(decoded);
      }
    });
  }
}

class ScanMarksOf : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kFolder)) testing::SkipOrFail(kFolder.string() + " is missing");
  }

  static Census CensusOf(const std::string& file) {
    Census census;
    std::map<IpAddress, SynTrace> traces;
    ForEachPacket((kFolder / file).string(),
                  [&](const DecodedPacket& packet) { Count(packet, packet.source, traces, census); });
    return census;
  }

  static inline const std::filesystem::path kFolder =
      std::filesystem::path(KANSOKU_SOURCE_DIR) / "../shared/captures";
};

// One host, 1,994 SYNs with three sequence numbers, so that all but 100 repeat the number before. One has
// ZMap's identification by chance, but not its window.
TEST_F(ScanMarksOf, NmapAreThoseOfItsPairs) {
  EXPECT_EQ(CensusOf("ndpi-synscan.pcap"), (Census{1994, {{kNmap, 100}}}));
}

TEST_F(ScanMarksOf, MasscanAreInEachSyn) {
  EXPECT_EQ(CensusOf("esnet-masscan-tcp.pcap"), (Census{1001, {{kMasscan, 1001}}}));
}

// One of so many forged SYNs with ZMap's window has its identification too: a single mark is no proof.
TEST_F(ScanMarksOf, AFloodAreThereByChance) {
  EXPECT_EQ(CensusOf("stopddos-syn-ecn-cwr-flood.pcap"), (Census{9639, {{kZmap, 1}}}));
}

TEST_F(ScanMarksOf, BackscatterAreNone) { EXPECT_EQ(CensusOf("darknet/ncsa-backscatter.trace"), Census()); }

// Every tool, old and new, among worms, backscatter and the rest: each source carries the marks that the
// generator gave it, and no other.
TEST(ScanMarksOfTheGenerator, AreThoseThatItsTruthStates) {
  const testing::TempDir folder;
  const std::string capture = folder.File("x.pcap"), truth_path = folder.File("x.json");
  ASSERT_EQ(generator::Generate(
                generator::Scene::kTelescope,
                {.packets = 60'000, .seconds = 10, .start_unix_seconds = 1'700'000'100, .scanners = true},
                capture, truth_path),
            "");
  std::ifstream file(truth_path);
  const nlohmann::json truth = nlohmann::json::parse(file);
  const auto mark_of = [](const std::string& label) {
    const std::map<std::string, int> marks = {{"mirai", kMirai},
                                              {"zmap", kZmap},
                                              {"masscan", kMasscan},
                                              {"nmap", kNmap},
                                              {"unicornscan", kUnicornscan}};
    return marks.at(label);
  };
  using Source = std::pair<std::string, std::string>;  // sensor, address
  std::map<Source, Census> expected, found;
  ASSERT_EQ(truth.at("windows").size(), 1u);
  for (const auto& source : truth.at("windows")[0].at("sources")) {
    const uint64_t syns = source.at("classes").value("tcp_syn", uint64_t{0});
    if (syns == 0) continue;
    Census& census = expected[{source.at("sensor"), source.at("address")}];
    census.syns = syns;
    for (const auto& [label, packets] : source.at("marks").items()) census.of_mark[mark_of(label)] = packets;
  }
  std::map<Source, SynTrace> traces;
  const auto sensor_of = [](const IpAddress& dark) {
    if (!dark.is_ipv4()) return dark.high >> 16 == 0x2001'0db8'dead ? "sensor-east" : "";
    return dark.ipv4() >> 8 == 0xcb'0071 ? "sensor-east" : dark.ipv4() >> 8 == 0xc6'3364 ? "sensor-west" : "";
  };
  ForEachPacket(capture, [&](const DecodedPacket& packet) {
    const std::string sensor = sensor_of(packet.destination);
    if (sensor.empty() || DarknetClassOf(packet) != v1::DARKNET_CLASS_TCP_SYN) return;
    const Source source = {sensor, ToString(packet.source)};
    Count(packet, source, traces, found[source]);
  });
  EXPECT_GT(expected.size(), 1000u);
  EXPECT_EQ(found.size(), expected.size());
  for (const auto& [source, census] : expected) {
    EXPECT_EQ(found[source], census) << source.first << " " << source.second;
  }
}

}  // namespace
}  // namespace kansoku::collector
