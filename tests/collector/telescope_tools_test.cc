// SPDX-License-Identifier: Apache-2.0
//
// Captures of scanning tools from frames to the judgement of a day: each source is told by its tool, into
// whatever windows and over however many workers its packets are divided.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>

#include "aggregator/figures/day_sources.h"
#include "tests/collector/dark_captures.h"
#include "tests/collector/truth.h"
#include "tests/generator/generate.h"
#include "tests/testing/skip_or_fail.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::collector {
namespace {

using Tools = std::map<std::string, std::pair<uint64_t, uint64_t>>;  // sources and packets, by tool

constexpr char kAllIsDark[] = "  - {sensor: all, prefix: 0.0.0.0/0}\n";
// As kansoku-generate says.
constexpr char kGenerated[] = R"(  - {sensor: sensor-east, prefix: 203.0.113.0/24}
  - {sensor: sensor-west, prefix: 198.51.100.0/24}
)";

struct Division {
  uint32_t window_seconds;
  size_t workers;
};
constexpr Division kDivisions[] = {{300, 1}, {300, 2}, {300, 5}, {10, 1}, {10, 3}};

// What a day says that has the capture's packets alone.
Tools ToolsOf(const std::filesystem::path& capture, const std::string& telescopes, Division by) {
  aggregator::DaySources sources(1 << 20);
  MeterDarkShared(capture, telescopes, by.window_seconds, by.workers, 1 + by.workers,
                  [&](v1::WindowReport report) {
                    for (const v1::DarknetSources& of_sensor : report.darknet_sources()) {
                      const absl::Status added =
                          sources.Add(report.window_start_unix_seconds(), report.window_seconds(), of_sensor);
                      EXPECT_TRUE(added.ok()) << added;
                    }
                  });
  v1::SourcesDay day;
  google::protobuf::RepeatedPtrField<v1::PortDay> ports;
  sources.Judge({}, day, ports);
  Tools tools;
  for (const v1::ToolDay& of : day.tools())
    if (of.sources() > 0) tools[of.tool()] = {of.sources(), of.packets()};
  return tools;
}

// Of its 1,993 pairs 1,893 repeat the sequence number before. The scanned host answers, and uses no tool.
TEST(TelescopeTools, TellARealScanByNmap) {
  if (!HasTruth("")) return testing::SkipOrFail("no captures in ../shared/captures");
  for (const Division& by : kDivisions) {
    EXPECT_EQ(ToolsOf(TruthFolder("") / "ndpi-synscan.pcap", kAllIsDark, by), (Tools{{"nmap", {1, 1'994}}}))
        << by.workers << " workers, windows of " << by.window_seconds << " s";
  }
}

TEST(TelescopeTools, TellARealScanByMasscan) {
  if (!HasTruth("")) return testing::SkipOrFail("no captures in ../shared/captures");
  const Tools whole = ToolsOf(TruthFolder("") / "esnet-masscan-tcp.pcap", kAllIsDark, {300, 1});
  ASSERT_TRUE(whole.contains("masscan"));
  EXPECT_EQ(whole.at("masscan").first, 1u);
  for (const Division& by : kDivisions) {
    EXPECT_EQ(ToolsOf(TruthFolder("") / "esnet-masscan-tcp.pcap", kAllIsDark, by), whole);
  }
}

TEST(TelescopeTools, TellNoToolOfAFlood) {
  if (!HasTruth("")) return testing::SkipOrFail("no captures in ../shared/captures");
  EXPECT_EQ(ToolsOf(TruthFolder("") / "stopddos-syn-ecn-cwr-flood.pcap", kAllIsDark, {300, 1}), Tools());
}

TEST(TelescopeTools, TellEveryScannerOfTheGeneratorHoweverItsPacketsAreDivided) {
  const testing::TempDir folder;
  const std::string capture = folder.File("x.pcap");
  ASSERT_EQ(generator::Generate(
                generator::Scene::kTelescope,
                {.packets = 60'000, .seconds = 30, .start_unix_seconds = 1'700'000'100, .scanners = true},
                capture, folder.File("x.json")),
            "");
  const Tools whole = ToolsOf(capture, kGenerated, {300, 1});
  EXPECT_EQ(whole.at("nmap").first, 1u);
  EXPECT_EQ(whole.at("unicornscan").first, 2u) << "on machines of either byte order";
  EXPECT_EQ(whole.at("masscan").first, 2u);
  EXPECT_EQ(whole.at("zmap").first, 2u) << "the old one, and a host whose few probes all are like its";
  EXPECT_TRUE(whole.contains("mirai"));
  for (const Division& by : kDivisions) {
    EXPECT_EQ(ToolsOf(capture, kGenerated, by), whole)
        << by.workers << " workers, windows of " << by.window_seconds << " s";
  }
}

}  // namespace
}  // namespace kansoku::collector
