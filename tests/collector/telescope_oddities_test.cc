// SPDX-License-Identifier: Apache-2.0
//
// What has made other telescope software stall or count wrong, through `kansoku-collector measure`: months of
// silence within a capture, windows without packets, a clock that steps back, and the octets of ICMP.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "collector/measure.h"
#include "tests/testing/capture_writer.h"
#include "tests/testing/packet_builder.h"
#include "tests/testing/skip_or_fail.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::collector {
namespace {

using Json = nlohmann::json;
using testing::CaptureWriter;
using testing::PacketBuilder;

constexpr int64_t kSecond = 1'000'000'000, kDay = 86'400 * kSecond;
constexpr int64_t kStartNs = 1'700'000'400 * kSecond;  // the start of a window: 2023-11-14T22:20:00Z
constexpr char kTelescopes[] = "telescopes: [{sensor: s, prefix: 203.0.113.0/24}]\n";

std::vector<uint8_t> ToDark(const std::string& from = "198.18.0.1") {
  return PacketBuilder().Ethernet().Ipv4(from, "203.0.113.9").Tcp(40000, 23, 2).Build();
}

class TelescopeOddities : public ::testing::Test {
 protected:
  Json MeasureFile(const std::string& path, const std::string& telescopes = kTelescopes) {
    std::ofstream(dir_.File("c.yaml")) << "collector: c\nisp: i\naggregator: {address: \"127.0.0.1:1\"}\n"
                                          "spool: {path: unused}\nlinks: [{point: p, file: unused}]\n"
                                       << telescopes;
    std::ostringstream out, complaints;
    const absl::StatusOr<bool> clean =
        Measure({.files = {path}, .config_path = dir_.File("c.yaml"), .json = true}, out, complaints);
    EXPECT_TRUE(clean.ok() && *clean) << clean.status() << complaints.str();
    Json json = Json::parse(out.str());
    for (const auto& [name, holds] : json["ledger"]["identities"].items()) EXPECT_TRUE(holds) << name;
    return json;
  }
  Json Measured(const CaptureWriter& capture, const std::string& telescopes = kTelescopes) {
    capture.WriteTo(dir_.File("x.pcap"));
    return MeasureFile(dir_.File("x.pcap"), telescopes);
  }

  static std::map<std::string, uint64_t> PacketsOfClasses(const Json& json) {
    std::map<std::string, uint64_t> packets;
    for (const Json& cell : json["darknet"])
      packets[cell["class"].get<std::string>()] += cell["packets"].get<uint64_t>();
    return packets;
  }

  const testing::TempDir dir_;
};

using Classes = std::map<std::string, uint64_t>;

TEST_F(TelescopeOddities, SilenceOfAnyLengthCostsNothing) {
  for (const int64_t gap : {10 * kSecond, 30 * kSecond, 6 * kDay, 30 * kDay, 400 * kDay}) {
    SCOPED_TRACE(gap / kSecond);
    const Json json = Measured(CaptureWriter().Add(kStartNs, ToDark()).Add(kStartNs + gap, ToDark()));
    EXPECT_EQ(PacketsOfClasses(json), (Classes{{"tcp_syn", 2}}));
    EXPECT_EQ(json["ledger"]["windows"], 2);  // a file's silence says nothing
    EXPECT_EQ(json["frames"], 2);
    EXPECT_EQ(json["ts_backwards"], 0);
    EXPECT_EQ(json["ts_max_unix_ns"], kStartNs + gap);
  }
}

TEST_F(TelescopeOddities, AClockThatStepsBackLosesNoPacket) {
  for (const int64_t step : {kSecond, 3600 * kSecond, 30 * kDay}) {
    SCOPED_TRACE(step / kSecond);
    CaptureWriter capture;
    for (int i = 0; i < 5; ++i) capture.Add(kStartNs + i * 10 * kSecond, ToDark());
    for (int i = 0; i < 5; ++i) capture.Add(kStartNs + (40 + i * 10) * kSecond - step, ToDark());
    const Json json = Measured(capture);
    EXPECT_EQ(PacketsOfClasses(json), (Classes{{"tcp_syn", 10}}));
    EXPECT_EQ(json["ts_backwards"], 1);
    EXPECT_EQ(json["ledger"]["captured_packets"], 10);
    // Those older than the open window, which began 40 seconds after the start, count in it and are remarked.
    EXPECT_EQ(json["ledger"]["remarked"].value("late", 0), step == kSecond ? 1 : 5);
  }
}

// Whether a range is dark is judged at each packet's own time, whatever window is open.
TEST_F(TelescopeOddities, AClockThatStepsBackBeforeARangeWasDarkFindsItInUse) {
  CaptureWriter capture;
  capture.Add(kStartNs, ToDark()).Add(kStartNs - 60 * kSecond, ToDark()).Add(kStartNs + kSecond, ToDark());
  const Json json = Measured(
      capture, "telescopes: [{sensor: s, prefix: 203.0.113.0/24, valid_from: \"2023-11-14T22:20:00Z\"}]\n");
  EXPECT_EQ(PacketsOfClasses(json), (Classes{{"tcp_syn", 2}}));
  ASSERT_EQ(json["cells"].size(), 1u);
  EXPECT_EQ(json["cells"][0]["packets"], 1);
  EXPECT_EQ(json["cells"][0]["direction"], "transit");
}

// Type and code are an octet each: read as one number of the other byte order, 3/8 would be a request.
TEST_F(TelescopeOddities, IcmpIsReadByItsTypeNotItsCode) {
  const auto icmp = [](uint8_t type, uint8_t code) {
    return PacketBuilder().Ethernet().Ipv4("198.18.0.1", "203.0.113.9").Icmp(type, code).Payload(8).Build();
  };
  CaptureWriter capture;
  for (const auto& [type, code] : {std::pair<uint8_t, uint8_t>{3, 8}, {3, 13}, {11, 0}, {0, 8}, {14, 8}})
    capture.Add(kStartNs, icmp(type, code));
  for (const auto& [type, code] : {std::pair<uint8_t, uint8_t>{8, 0}, {8, 3}, {13, 11}})
    capture.Add(kStartNs, icmp(type, code));
  capture.Add(kStartNs, icmp(9, 8));
  EXPECT_EQ(PacketsOfClasses(Measured(capture)),
            (Classes{{"backscatter_icmp", 5}, {"icmp_request", 3}, {"icmp_other", 1}}));
}

TEST_F(TelescopeOddities, ADayOfARealTelescopeIsCountedByItsClasses) {
  const std::filesystem::path trace =
      std::filesystem::path(KANSOKU_SOURCE_DIR) / "../shared/captures/darknet/ncsa-backscatter.trace";
  if (!std::filesystem::exists(trace)) return testing::SkipOrFail(trace.string() + " is missing");
  const Json json = MeasureFile(trace, "telescopes: [{sensor: s, prefix: 0.0.0.0/0}]\n");
  EXPECT_EQ(PacketsOfClasses(json), (Classes{{"backscatter_syn_ack", 3431},
                                             {"backscatter_rst", 1310},
                                             {"backscatter_icmp", 28},
                                             {"udp_probe", 2}}));
  EXPECT_EQ(json["cells"].size(), 0u);
}

}  // namespace
}  // namespace kansoku::collector
