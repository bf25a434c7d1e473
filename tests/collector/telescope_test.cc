// SPDX-License-Identifier: Apache-2.0
//
// The open captures of a darknet, of scans and of floods, as if every address in them were dark: what is told
// of their sources is what TShark saw.
#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/contract/darknet_sources.h"
#include "proto/contract/source_sketch.h"
#include "tests/collector/dark_captures.h"
#include "tests/collector/truth.h"
#include "tests/generator/generate.h"
#include "tests/testing/skip_or_fail.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::collector {
namespace {

// As kansoku-generate says.
constexpr char kGenerated[] = R"(  - {sensor: sensor-east, prefix: 203.0.113.0/24}
  - {sensor: sensor-west, prefix: 198.51.100.0/24}
  - {sensor: sensor-east, prefix: "2001:db8:dead::/48"}
)";

// By folder.
const std::multimap<std::string, std::string> kCaptures = {
    {"darknet", "ncsa-445_scan.pcap"},       {"darknet", "ncsa-backscatter.trace"},
    {"darknet", "ncsa-multiport_scan.pcap"}, {"darknet", "ncsa-port_scan.pcap"},
    {"", "esnet-masscan-tcp.pcap"},          {"", "ndpi-synscan.pcap"},
    {"", "stopddos-syn-ecn-cwr-flood.pcap"}, {"", "stopddos-synack-reflection.pcap"},
};

uint64_t IdOf(const std::string& text) {
  std::array<uint8_t, 16> octets{};
  if (inet_pton(AF_INET, text.c_str(), octets.data()) == 1) {
    return KnownHash().OfSource(IpAddress::Ipv4(uint32_t{octets[0]} << 24 | uint32_t{octets[1]} << 16 |
                                                uint32_t{octets[2]} << 8 | octets[3]));
  }
  EXPECT_EQ(inet_pton(AF_INET6, text.c_str(), octets.data()), 1) << text;
  return KnownHash().OfSource(IpAddress::FromOctets(octets));
}

// By the hash of each source. Of ICMP errors, which are told as their victims', TShark names the senders
// alone: they are left out.
std::map<uint64_t, uint64_t> TruePackets(const std::string& folder, const std::string& file) {
  static std::map<std::string, std::vector<Row>> tables;
  std::vector<Row>& rows = tables[folder];
  if (rows.empty()) rows = ReadGzippedCsv(TruthFolder(folder) / "TRUTH_FLOWS.csv.gz");
  std::map<uint64_t, uint64_t> packets;
  for (const Row& row : rows) {
    if (row.at("file") == file && row.at("level") == "inner" && row.at("proto") != "1")
      packets[IdOf(row.at("src"))] += std::stoull(row.at("frames"));
  }
  return packets;
}

uint64_t PacketsOf(const v1::DarknetSource& source) {
  return source.probe_packets() + source.backscatter_packets() + source.other_packets();
}

std::map<uint64_t, uint64_t> PacketsOf(const v1::DarknetSources& sources) {
  std::map<uint64_t, uint64_t> packets;
  for (const v1::DarknetSource& source : sources.sources()) packets[source.id()] = PacketsOf(source);
  return packets;
}

uint64_t PacketsOf(const v1::DarknetTally& tally) {
  uint64_t packets = 0;
  for (const v1::DarknetCell& cell : tally.cells()) packets += cell.packets();
  return packets;
}

uint64_t UniqueSources(const v1::DarknetTally& tally) {
  v1::SourceSketch all;
  for (const v1::SourceSketch& sketch : tally.sketches()) Merge(sketch, all);
  return EstimateSources(all);
}

TEST(Telescope, TellsTheSourcesOfRealCapturesApart) {
  for (const auto& [folder, file] : kCaptures) {
    if (!HasTruth(folder)) return testing::SkipOrFail("no captures in ../shared/captures");
    const std::map<uint64_t, uint64_t> expected = TruePackets(folder, file);
    ASSERT_GT(expected.size(), 0u) << file;
    const Observed observed = ObserveAllDark(TruthFolder(folder) / file, 1 << 18);
    EXPECT_EQ(observed.sources.further_packets(), 0u) << file;
    std::map<uint64_t, uint64_t> told = PacketsOf(observed.sources);
    uint64_t icmp_packets = 0;
    for (const v1::DarknetCell& cell : observed.tally.cells())
      icmp_packets += cell.protocol() == 1 ? cell.packets() : 0;
    for (auto& [source, packets] : told) {
      const auto of_truth = expected.find(source);
      const uint64_t more = packets - (of_truth == expected.end() ? 0 : of_truth->second);
      ASSERT_LE(more, icmp_packets) << file;
      icmp_packets -= more;
      packets -= more;
    }
    EXPECT_EQ(icmp_packets, 0u) << file;
    std::erase_if(told, [](const auto& of) { return of.second == 0; });
    EXPECT_EQ(told, expected) << file;
    const auto unique = static_cast<double>(observed.sources.sources_size());
    EXPECT_NEAR(static_cast<double>(UniqueSources(observed.tally)), unique, 0.5 + 5 * 0.0081 * unique)
        << file;
  }
}

// The table changes what is said of single sources, and nothing else.
TEST(Telescope, SaysTheSameOfAllSourcesWhereTheTableIsTooSmall) {
  for (const auto& [folder, file] : kCaptures) {
    if (!HasTruth(folder)) return testing::SkipOrFail("no captures in ../shared/captures");
    const Observed roomy = ObserveAllDark(TruthFolder(folder) / file, 65536);
    const Observed tight = ObserveAllDark(TruthFolder(folder) / file, 8);
    EXPECT_EQ(tight.tally.SerializeAsString(), roomy.tally.SerializeAsString()) << file;
    const std::map<uint64_t, uint64_t> sent = PacketsOf(roomy.sources);
    uint64_t told = tight.sources.further_packets();
    for (const auto& [id, packets] : PacketsOf(tight.sources)) {
      EXPECT_LE(packets, sent.at(id)) << file;
      EXPECT_GE(packets + tight.sources.most_of_one(), sent.at(id)) << file;
      told += packets;
    }
    EXPECT_EQ(told, PacketsOf(tight.tally)) << file;
  }
}

// The numbers of DARKNET 2.3 and 5.
TEST(Telescope, CountsProbesPortsMarksAndBackscatterOfEachSource) {
  if (!HasTruth("") || !HasTruth("darknet")) return testing::SkipOrFail("no captures in ../shared/captures");
  const Observed nmap = ObserveAllDark(TruthFolder("") / "ndpi-synscan.pcap", 65536);
  const auto* scanner = &nmap.sources.sources(0);
  for (const v1::DarknetSource& source : nmap.sources.sources())
    if (source.tcp_syns() > scanner->tcp_syns()) scanner = &source;
  EXPECT_EQ(scanner->tcp_syns(), 1994u);
  EXPECT_EQ(scanner->marks().zmap(), 0u) << "one has ZMap's identification by chance, with Nmap's window";
  EXPECT_EQ(scanner->marks().nmap(), 100u);
  EXPECT_EQ(scanner->marks().pairs(), 100u) << "it has three sequence numbers: most pairs repeat theirs";
  EXPECT_EQ(scanner->ports_size(), 1000) << "those that Nmap looks at unless told";
  EXPECT_EQ(scanner->further_packets(), 0u);
  uint64_t with_port = 0;
  for (const v1::PortPackets& port : scanner->ports()) with_port += port.packets();
  EXPECT_EQ(with_port, scanner->probe_packets());
  EXPECT_EQ(EstimateAddresses(scanner->addresses()), 1u);

  const Observed backscatter = ObserveAllDark(TruthFolder("darknet") / "ncsa-backscatter.trace", 65536);
  uint64_t answers = 0;
  for (const v1::DarknetSource& source : backscatter.sources.sources())
    answers += source.backscatter_packets();
  EXPECT_EQ(answers, 3431u + 1310 + 28);
}

// As text, so that a difference can be read.
std::string TextOf(const nlohmann::json& source) {
  uint64_t probes = 0, backscatter = 0;
  for (const auto& [label, packets] : source.at("classes").items()) {
    if (label == "tcp_syn" || label == "udp_probe") probes += packets.get<uint64_t>();
    if (label.starts_with("backscatter_")) backscatter += packets.get<uint64_t>();
  }
  std::map<std::pair<int, int>, uint64_t> ports;
  for (const auto& port : source.at("ports"))
    ports[{port.at("protocol"), port.at("port")}] = port.at("packets");
  std::string text = absl::StrCat(probes, " probes, ", backscatter, " backscatter, ",
                                  source.at("packets").get<uint64_t>() - probes - backscatter, " other, ",
                                  source.at("classes").value("tcp_syn", uint64_t{0}), " SYNs;");
  for (const char* mark : {"mirai", "zmap", "masscan", "nmap", "unicornscan"})
    absl::StrAppend(&text, " ", source.at("marks").value(mark, uint64_t{0}));
  absl::StrAppend(&text, " of ", source.at("pairs").get<uint64_t>(), " pairs;");
  for (const auto& [port, packets] : ports)
    absl::StrAppend(&text, " ", port.first, "/", port.second, ": ", packets);
  return text;
}

std::string TextOf(const v1::DarknetSource& source) {
  std::string text =
      absl::StrCat(source.probe_packets(), " probes, ", source.backscatter_packets(), " backscatter, ",
                   source.other_packets(), " other, ", source.tcp_syns(), " SYNs;");
  const v1::ScanMarks& marks = source.marks();
  for (const uint64_t mark :
       {marks.mirai(), marks.zmap(), marks.masscan(), marks.nmap(), marks.unicornscan()})
    absl::StrAppend(&text, " ", mark);
  absl::StrAppend(&text, " of ", marks.pairs(), " pairs;");
  for (const v1::PortPackets& port : source.ports())
    absl::StrAppend(&text, " ", port.protocol(), "/", port.port(), ": ", port.packets());
  return text;
}

// Scanners of every tool, a survey, worms and backscatter: what is told of each source in each window.
TEST(Telescope, TellsWhatTheGeneratorSaysOfEachSource) {
  const testing::TempDir folder;
  const std::string capture = folder.File("x.pcap"), truth_path = folder.File("x.json");
  ASSERT_EQ(generator::Generate(
                generator::Scene::kTelescope,
                {.packets = 100'000, .seconds = 30, .start_unix_seconds = 1'700'000'100, .scanners = true},
                capture, truth_path),
            "");
  std::ifstream file(truth_path);
  const nlohmann::json truth = nlohmann::json::parse(file);
  using Source = std::tuple<int64_t, std::string, uint64_t>;  // window, sensor, id
  std::map<Source, std::string> expected, told;
  for (const auto& window : truth.at("windows")) {
    for (const auto& source : window.at("sources")) {
      expected[{window.at("start_unix_seconds"), source.at("sensor"), IdOf(source.at("address"))}] =
          TextOf(source);
    }
  }
  MeterDark(capture, kGenerated, 10, 1 << 18, [&](v1::WindowReport report) {
    for (const v1::DarknetSources& sources : report.darknet_sources()) {
      EXPECT_EQ(sources.further_packets(), 0u);
      for (const v1::DarknetSource& source : sources.sources()) {
        EXPECT_EQ(source.further_packets(), 0u) << "every port is told";
        told[{report.window_start_unix_seconds(), sources.sensor(), source.id()}] = TextOf(source);
      }
    }
  });
  EXPECT_GT(expected.size(), 1000u);
  EXPECT_EQ(told.size(), expected.size());
  for (const auto& [source, text] : expected) ASSERT_EQ(told[source], text) << std::get<1>(source);
}

}  // namespace
}  // namespace kansoku::collector
