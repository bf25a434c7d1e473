// SPDX-License-Identifier: Apache-2.0
//
// What `kansoku-collector measure` says of a capture, as its options ask.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "collector/decode/decoded_packet.h"
#include "collector/measure.h"
#include "tests/testing/capture_writer.h"
#include "tests/testing/packet_builder.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::collector {
namespace {

using Json = nlohmann::json;
using testing::CaptureWriter;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::PacketBuilder;

constexpr int64_t kStartNs = 1'700'000'400'000'000'000;

class MeasureOutput : public ::testing::TestWithParam<int> {
 protected:
  // 14 + 20 + 8 + 8 octets before an inner packet of 20 or 40 + 20.
  std::vector<uint8_t> Tunnelled() const {
    const PacketBuilder outer =
        PacketBuilder().Ethernet().Ipv4("203.0.113.1", "203.0.113.2").Udp(2152, 2152).Gtpu();
    return (is_v4() ? PacketBuilder(outer).Ipv4("10.0.0.1", "192.0.2.1")
                    : PacketBuilder(outer).Ipv6("2001:db8:1::1", "2001:db8:2::1"))
        .Tcp(40000, 443, kTcpSyn)
        .Build();
  }
  bool is_v4() const { return GetParam() == 4; }
  uint64_t inner_octets() const { return is_v4() ? 40 : 60; }

  std::string Write(const std::string& name, const std::string& content) const {
    std::ofstream(dir_.File(name), std::ios::binary) << content;
    return dir_.File(name);
  }
  static std::string Run(MeasureOptions options) {
    std::ostringstream out, complaints;
    const absl::StatusOr<bool> clean = Measure(options, out, complaints);
    EXPECT_TRUE(clean.ok() && *clean) << clean.status() << complaints.str();
    return out.str();
  }

  const testing::TempDir dir_;
};

TEST_P(MeasureOutput, TheTableHasOctetsOnThreeBasesAndOfBothHeaders) {
  const std::string path =
      Write("gtp.pcap", CaptureWriter().Add(kStartNs, Tunnelled()).Add(kStartNs, Tunnelled()).bytes());
  const uint64_t frame = 14 + 36 + inner_octets();
  const std::string counts = std::to_string(2 * (frame + 4)) + " +" + std::to_string(2 * frame) + " +";
  const std::string both =
      " +" + std::to_string(2 * (36 + inner_octets())) + " +" + std::to_string(2 * inner_octets()) + " +";
  const std::string family = is_v4() ? "ipv4" : "ipv6";
  EXPECT_THAT(Run({.files = {path}}), ContainsRegex(family + " +gtpu +tcp +2 +" + counts +
                                                    std::to_string(2 * inner_octets()) + both));
  EXPECT_THAT(
      Run({.files = {path}, .layer = Layer::kOuter}),
      ContainsRegex("ipv4 +native +udp +2 +" + counts + std::to_string(2 * (36 + inner_octets())) + both));
}

TEST_P(MeasureOutput, TheLayerThatCountsChangesNoColumnOfTheOthers) {
  const std::string path = Write("gtp.pcap", CaptureWriter().Add(kStartNs, Tunnelled()).bytes());
  Json inner = Json::parse(Run({.files = {path}, .layer = Layer::kInner, .json = true}));
  Json outer = Json::parse(Run({.files = {path}, .layer = Layer::kOuter, .json = true}));
  for (const char* changing : {"cells", "seconds", "packets_per_second"}) {
    inner.erase(changing);
    outer.erase(changing);
  }
  EXPECT_EQ(inner, outer);
  EXPECT_EQ(inner["tunnelled"], 1);
  EXPECT_EQ(inner["inner_tcp"], 1);
  EXPECT_EQ(inner["outer_udp"], 1);
  EXPECT_EQ(inner["ip_bytes_inner"], inner_octets());
}

TEST_P(MeasureOutput, SamplingIsTakenFromTheConfigurationAndScaledUp) {
  constexpr uint64_t kPackets = 10'000;
  CaptureWriter capture;
  for (uint64_t i = 0; i < kPackets; ++i) capture.Add(kStartNs, Tunnelled());
  const std::string path = Write("many.pcap", capture.bytes());
  const std::string config = Write("sampled.yaml", R"(collector: c
isp: i
aggregator: {address: "127.0.0.1:1"}
spool: {path: unused}
links: [{point: p, file: unused}]
capture: {sampling_interval: 10}
)");
  const Json json = Json::parse(Run({.files = {path}, .config_path = config, .json = true}));
  ASSERT_EQ(json["cells"].size(), 1u);
  const Json& cell = json["cells"][0];
  const uint64_t sampled = cell["packets"];
  EXPECT_EQ(json["ledger"]["not_sampled_packets"], kPackets - sampled);
  EXPECT_EQ(cell["estimate"]["packets"], 10 * sampled);
  EXPECT_NEAR(static_cast<double>(sampled), 1000, 150);  // five standard deviations
  EXPECT_EQ(json["frames"], kPackets);
  EXPECT_THAT(Run({.files = {path}, .config_path = config}), HasSubstr("scaled up from the sample"));
  EXPECT_THAT(Run({.files = {path}}), Not(HasSubstr("scaled up from the sample")));
}

TEST_P(MeasureOutput, TheFlowTableIsAsLargeAsConfiguredUnlessTheOptionSaysOtherwise) {
  CaptureWriter capture;
  for (uint16_t port = 1; port <= 3; ++port) {
    const PacketBuilder ip = is_v4() ? PacketBuilder().Ethernet().Ipv4("10.0.0.1", "192.0.2.1")
                                     : PacketBuilder().Ethernet().Ipv6("2001:db8:1::1", "2001:db8:2::1");
    capture.Add(kStartNs, PacketBuilder(ip).Udp(port, 53).Build());
  }
  const std::string path = Write("flows.pcap", capture.bytes());
  const std::string config = Write("small.yaml", R"(collector: c
isp: i
aggregator: {address: "127.0.0.1:1"}
spool: {path: unused}
links: [{point: p, file: unused}]
flow_table: {entries: 1}
)");
  const auto evicted = [&](MeasureOptions options) {
    options.files = {path};
    options.json = true;
    return Json::parse(Run(options))["ledger"]["flows_evicted"];
  };
  EXPECT_EQ(evicted({.config_path = config}), 2);
  EXPECT_EQ(evicted({.config_path = config, .flow_table_entries = 1024}), 0);
  EXPECT_EQ(evicted({}), 0);
}

INSTANTIATE_TEST_SUITE_P(Over, MeasureOutput, ::testing::Values(4, 6),
                         [](const auto& version) { return "Ipv" + std::to_string(version.param); });

}  // namespace
}  // namespace kansoku::collector
