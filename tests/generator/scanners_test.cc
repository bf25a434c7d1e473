// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/scanners.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/generator/generate.h"
#include "tests/generator/plan.h"

namespace kansoku::generator {
namespace {

using Json = nlohmann::json;

// What one source sent in all windows and to all sensors.
struct Total {
  uint64_t packets = 0, syns = 0;
  std::map<uint16_t, uint64_t> ports;
  std::map<std::string, uint64_t> marks;
  std::map<std::string, uint64_t> addresses;  // by sensor; the most of any window
};

class ScannerTraffic : public testing::Test {
 protected:
  struct Written {
    std::string capture;
    Json truth;
  };

  static CaptureOptions Options() {
    CaptureOptions options;
    options.packets = 40'000;
    options.seconds = 20;
    options.start_unix_seconds = 1'700'000'100;
    options.scanners = true;
    return options;
  }

  Written Write(const CaptureOptions& options) {
    const std::string capture = folder_ / "x.pcap", truth = folder_ / "x.json";
    EXPECT_EQ(Generate(Scene::kTelescope, options, capture, truth), "");
    return {ReadAll(capture), Json::parse(ReadAll(truth))};
  }

  static Total TotalOf(const Json& truth, uint32_t host) {
    Total total;
    for (const Json& window : truth.at("windows")) {
      for (const Json& source : window.at("sources")) {
        if (source.at("address") != ToText(kServersIpv4.At(host))) continue;
        total.packets += source.at("packets").get<uint64_t>();
        total.syns += source.at("classes").value("tcp_syn", uint64_t{0});
        for (const Json& port : source.at("ports"))
          total.ports[port.at("port").get<uint16_t>()] += port.at("packets").get<uint64_t>();
        for (const auto& [mark, packets] : source.at("marks").items())
          total.marks[mark] += packets.get<uint64_t>();
        uint64_t& most = total.addresses[source.at("sensor").get<std::string>()];
        most = std::max(most, source.at("dark_addresses").get<uint64_t>());
      }
    }
    return total;
  }

  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

 private:
  static std::string ReadAll(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / ("kansoku-scanners-" + std::to_string(getpid()));
};

TEST_F(ScannerTraffic, IsTheSameForTheSameSeed) {
  const Written first = Write(Options()), second = Write(Options());
  EXPECT_EQ(first.capture, second.capture);
  EXPECT_EQ(first.truth, second.truth);
}

TEST_F(ScannerTraffic, IsThereOnlyIfAskedFor) {
  CaptureOptions without = Options();
  without.scanners = false;
  const Written written = Write(without);
  EXPECT_NE(written.capture, Write(Options()).capture);
  for (const Json& window : written.truth.at("windows")) EXPECT_FALSE(window.contains("sources"));
}

TEST_F(ScannerTraffic, HasASourceForEachDarkPacket) {
  const Json truth = Write(Options()).truth;
  ASSERT_EQ(truth.at("windows").size(), 2u);
  std::map<std::string, uint64_t> of_sources, of_cells;
  for (const Json& window : truth.at("windows")) {
    for (const Json& source : window.at("sources")) {
      uint64_t packets = 0, probes = 0;
      for (const auto& [name, count] : source.at("classes").items()) {
        of_sources[source.at("sensor").get<std::string>() + name] += count.get<uint64_t>();
        packets += count.get<uint64_t>();
      }
      for (const Json& port : source.at("ports")) probes += port.at("packets").get<uint64_t>();
      EXPECT_EQ(packets, source.at("packets").get<uint64_t>());
      EXPECT_EQ(probes, source.at("classes").value("tcp_syn", uint64_t{0}) +
                            source.at("classes").value("udp_probe", uint64_t{0}));
    }
  }
  for (const Json& cell : truth.at("darknet"))
    of_cells[cell.at("sensor").get<std::string>() + cell.at("class").get<std::string>()] +=
        cell.at("packets").get<uint64_t>();
  EXPECT_EQ(of_sources, of_cells);
}

TEST_F(ScannerTraffic, OfMiraiAsksTwoPortsNineToOne) {
  const Json truth = Write(Options()).truth;
  uint64_t packets = 0;
  for (uint32_t host = 0; host < ScannerHosts::kMirais; ++host) {
    const Total total = TotalOf(truth, ScannerHosts::kFirstMirai + host);
    EXPECT_EQ(total.ports.at(2323), (total.packets + 9) / 10);
    EXPECT_EQ(total.ports.at(23), total.packets - total.ports.at(2323));
    EXPECT_EQ(total.marks.at("mirai"), total.packets);
    packets += total.packets;
  }
  EXPECT_GT(packets, 4000u);
}

TEST_F(ScannerTraffic, OfZmapAndMasscanIsMarkedInEachSynOrNone) {
  const Json truth = Write(Options()).truth;
  const auto marks = [&](uint32_t host) { return TotalOf(truth, host).marks; };
  using Marks = std::map<std::string, uint64_t>;
  const auto packets = [&](uint32_t host) { return TotalOf(truth, host).packets; };
  EXPECT_EQ(marks(ScannerHosts::kZmapOld), (Marks{{"zmap", packets(ScannerHosts::kZmapOld)}}));
  EXPECT_EQ(marks(ScannerHosts::kZmapNew), Marks());
  for (const uint32_t host : {ScannerHosts::kMasscanOld, ScannerHosts::kMasscanNew})
    EXPECT_EQ(marks(host), (Marks{{"masscan", packets(host)}}));
  for (const uint32_t host :
       {ScannerHosts::kZmapOld, ScannerHosts::kZmapNew, ScannerHosts::kMasscanOld, ScannerHosts::kMasscanNew})
    EXPECT_GT(packets(host), 1000u);
}

// Three probes of Nmap have one sequence number, so that a third of its pairs is marked; each window has a
// pair less than probes.
TEST_F(ScannerTraffic, OfNmapAndUnicornscanIsMarkedInPairs) {
  const Json truth = Write(Options()).truth;
  const Total nmap = TotalOf(truth, ScannerHosts::kNmap);
  EXPECT_NEAR(static_cast<double>(nmap.marks.at("nmap")), static_cast<double>(nmap.syns) / 3, 2);
  EXPECT_GT(nmap.ports.size(), 900u);
  for (const uint32_t host : {ScannerHosts::kUnicornscanLittle, ScannerHosts::kUnicornscanBig}) {
    const Total total = TotalOf(truth, host);
    EXPECT_EQ(total.marks.at("unicornscan"), total.syns - 2 * 2);  // two sensors, two windows
  }
}

TEST_F(ScannerTraffic, OfTheSurveyAsksManyPortsOfEachAddress) {
  const Json truth = Write(Options()).truth;
  const Total survey = TotalOf(truth, ScannerHosts::kSurvey);
  EXPECT_EQ(survey.ports.size(), kSurveyPorts);
  EXPECT_EQ(survey.addresses, (std::map<std::string, uint64_t>{{"sensor-east", 256}, {"sensor-west", 256}}));
  EXPECT_GE(survey.packets, 2u * 512);
  EXPECT_TRUE(survey.marks.empty());
}

TEST_F(ScannerTraffic, OfTheVictimIsAStormOfAnswers) {
  const Json truth = Write(Options()).truth;
  const Total victim = TotalOf(truth, ScannerHosts::kVictim);
  EXPECT_GT(victim.packets, 1000u);
  EXPECT_EQ(victim.syns, 0u);
  EXPECT_TRUE(victim.ports.empty());
}

}  // namespace
}  // namespace kansoku::generator
