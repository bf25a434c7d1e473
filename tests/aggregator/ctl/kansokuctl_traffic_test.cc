// SPDX-License-Identifier: Apache-2.0
//
// `kansokuctl traffic` and `kansokuctl flows`: what they ask for and how they print it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/aggregator/ctl/kansokuctl_run.h"

namespace kansoku::testing {
namespace {

class KansokuctlTraffic : public Kansokuctl {};

constexpr char kTraffic[] = R"(
  rows { range { start_unix_seconds: 1730419200 end_unix_seconds: 1730422800 } windows: 359 expected_windows: 360
         cell { traffic_class { access: ACCESS_FIXED direction: DIRECTION_DOWNLOAD } packets: 1234567
                wire_octets: 1800000000 ip_octets: 1750500000 flows: 9000 new_flows: 8000 } }
  rows { range { start_unix_seconds: 1730419200 end_unix_seconds: 1730422800 } windows: 360 expected_windows: 360
         cell { traffic_class { access: ACCESS_MOBILE } packets: 3 wire_octets: 180 ip_octets: 138 flows: 1 } })";

TEST_F(KansokuctlTraffic, ShowsTrafficWithRates) {
  Fill(kTraffic, server_.traffic);
  EXPECT_EQ(Output({"traffic"}),
            "from (UTC)           to (UTC)             access  direction      packets   volume         rate  "
            "new flows  "
            "windows\n"
            "2024-11-01 00:00:00  2024-11-01 01:00:00  fixed   download     1,234,567  1.75 GB  3.89 Mbit/s  "
            "    8,000  "
            "359/360\n"
            "2024-11-01 00:00:00  2024-11-01 01:00:00  mobile  unspecified          3    138 B      0 bit/s  "
            "        0  "
            "360/360\n");
  EXPECT_EQ(
      Output({"--csv", "traffic", "--by", "direction"}),
      "start,end,direction,packets,wire_octets,ip_octets,outer_ip_octets,inner_ip_octets,flows,new_flows,"
      "octets_basis,octets,octets_standard_error,bits_per_second,flags,windows,expected_windows\n"
      "2024-11-01T00:00:00Z,2024-11-01T01:00:00Z,download,1234567,1800000000,1750500000,0,0,9000,8000,"
      "l3,1750500000,,3890000,,359,360\n"
      "2024-11-01T00:00:00Z,2024-11-01T01:00:00Z,unspecified,3,180,138,0,0,1,0,l3,138,,0,,360,360\n");
}

// One packet in ten, and a tunnel around the second row.
constexpr char kSampledTraffic[] = R"(
  rows { range { start_unix_seconds: 1730419200 end_unix_seconds: 1730419210 } windows: 1 expected_windows: 1
         flags: QUALITY_FLAG_DROPS flags: QUALITY_FLAG_SAMPLED
         cell { traffic_class { carrier: CARRIER_NATIVE } packets: 4 wire_octets: 456 ip_octets: 400
                outer_ip_octets: 400 inner_ip_octets: 400 new_flows: 1
                estimate { packets: 40 wire_octets: 4560 ip_octets: 4000 packets_variance { low: 360 }
                           wire_octets_variance { low: 4678560 } ip_octets_variance { low: 3600000 } } } }
  rows { range { start_unix_seconds: 1730419200 end_unix_seconds: 1730419210 } windows: 1 expected_windows: 1
         cell { traffic_class { carrier: CARRIER_GTPU } packets: 2 wire_octets: 2000 ip_octets: 1900
                outer_ip_octets: 1972 inner_ip_octets: 1900 new_flows: 1 } })";

TEST_F(KansokuctlTraffic, ShowsEstimatesWithTheirStandardErrorAndBothEndsOfTunnels) {
  Fill(kSampledTraffic, server_.traffic);
  EXPECT_EQ(
      Output({"traffic", "--by", "carrier"}),
      R"(from (UTC)           to (UTC)             carrier  packets   volume  standard error         rate    outer    inner  new flows  windows  quality
2024-11-01 00:00:00  2024-11-01 00:00:10  native        40  4.00 kB       ± 1.90 kB  3.20 kbit/s    400 B    400 B          1      1/1  drops, sampled
2024-11-01 00:00:00  2024-11-01 00:00:10  gtpu           2  1.90 kB           exact  1.52 kbit/s  1.97 kB  1.90 kB          1      1/1
)");
  EXPECT_EQ(Output({"traffic", "--by", "carrier", "--csv"}),
            "start,end,carrier,packets,wire_octets,ip_octets,outer_ip_octets,inner_ip_octets,flows,new_flows,"
            "octets_basis,octets,octets_standard_error,bits_per_second,flags,windows,expected_windows\n"
            "2024-11-01T00:00:00Z,2024-11-01T00:00:10Z,native,4,456,400,400,400,0,1,l3,4000,1897,3200,"
            "drops;sampled,1,1\n"
            "2024-11-01T00:00:00Z,2024-11-01T00:00:10Z,gtpu,2,2000,1900,1972,1900,0,1,l3,1900,,1520,,1,1\n");
}

TEST_F(KansokuctlTraffic, CountsOctetsOnTheBasisAskedFor) {
  Fill(kSampledTraffic, server_.traffic);
  const auto octets = [this](const std::string& basis) {
    const std::string csv = Output({"traffic", "--by", "none", "--csv", "--basis", basis});
    std::vector<std::string> columns;
    const std::vector<std::string> lines = absl::StrSplit(csv, '\n', absl::SkipEmpty());
    for (const std::string& line : lines) {
      const std::vector<std::string> cells = absl::StrSplit(line, ',');
      columns.push_back(absl::StrCat(cells[9], " ", cells[10], " ", cells[11]));
    }
    return columns;
  };
  using Columns = std::vector<std::string>;
  EXPECT_EQ(octets("l3"), (Columns{"octets_basis octets octets_standard_error", "l3 4000 1897", "l3 1900 "}));
  EXPECT_EQ(octets("l2"), (Columns{"octets_basis octets octets_standard_error", "l2 4560 2163", "l2 2000 "}));
  // 4 octets more for each of the 40 packets estimated and of the 2 counted.
  EXPECT_EQ(octets("l2_fcs"),
            (Columns{"octets_basis octets octets_standard_error", "l2_fcs 4720 2239", "l2_fcs 2008 "}));
}

// 64 is the bucket of 1,024 to 1,151; 80 that of 4,096 to 4,607; 120 that of 131,072 to 147,455.
constexpr char kFlows[] = R"(
  rows { range { start_unix_seconds: 1730419200 end_unix_seconds: 1730419210 } windows: 1 expected_windows: 1
         flags: QUALITY_FLAG_ONE_SIDED tcp_new_flows: 8 tcp_flows_ended: 4 tcp_flows_one_sided: 3
         cell { traffic_class { access: ACCESS_FIXED direction: DIRECTION_DOWNLOAD } flows: 1200 new_flows: 10
                statistics {
                  packet_octets { buckets: 10 buckets: 64 counts: 50 counts: 50 }
                  flow_octets { buckets: 15 buckets: 80 counts: 89 counts: 11 }
                  flow_milliseconds { buckets: 0 counts: 100 }
                  handshake_microseconds { buckets: 120 counts: 3 }
                  tcp_segments: 400 tcp_retransmitted_segments: 5 tcp_reset_flows: 2 } } }
  rows { range { start_unix_seconds: 1730419200 end_unix_seconds: 1730419210 } windows: 1 expected_windows: 1
         cell { traffic_class { access: ACCESS_MOBILE } flows: 1 } })";

TEST_F(KansokuctlTraffic, ShowsHowFlowsWereMade) {
  Fill(kFlows, server_.traffic);
  EXPECT_EQ(
      Output({"flows", "--by", "access"}),
      R"(from (UTC)           to (UTC)             access  new  active  ended                 flow size    flow duration               packet size                          handshake  retransmitted    reset  one-sided  windows  quality
2024-11-01 00:00:00  2024-11-01 00:00:10  fixed    10   1,200    100  15 B / 4.35 kB / 4.35 kB  0 s / 0 s / 0 s  10 B / 1.09 kB / 1.09 kB  139.26 ms / 139.26 ms / 139.26 ms         1.25 %  25.00 %    75.00 %      1/1  one_sided
2024-11-01 00:00:00  2024-11-01 00:00:10  mobile    0       1      0                         -                -                         -                                  -              -        -          -      1/1

Sizes, durations and handshakes: 50 % / 90 % / 99 % are at or below, within 6.25 %. An active flow counts in each of its
windows. One-sided: of all TCP flows that ended at the row's points. Where packets were sampled, flows are those of the sample.
)");
  EXPECT_EQ(
      Output({"flows", "--by", "access", "--csv"}),
      "start,end,access,new_flows,flows,ended_flows,flow_octets_p50,flow_octets_p90,flow_octets_p99,"
      "flow_milliseconds_p50,flow_milliseconds_p90,flow_milliseconds_p99,packet_octets_p50,packet_octets_p90,"
      "packet_octets_p99,handshake_microseconds_p50,handshake_microseconds_p90,handshake_microseconds_p99,"
      "tcp_segments,tcp_retransmitted_segments,tcp_new_flows,tcp_reset_flows,tcp_flows_ended,"
      "tcp_flows_one_sided,flags,windows,expected_windows\n"
      "2024-11-01T00:00:00Z,2024-11-01T00:00:10Z,fixed,10,1200,100,15,4352,4352,0,0,0,10,1088,1088,139264,"
      "139264,139264,400,5,8,2,4,3,one_sided,1,1\n"
      "2024-11-01T00:00:00Z,2024-11-01T00:00:10Z,mobile,0,1,0,,,,,,,,,,,,,0,0,0,0,0,0,,1,1\n");
}

TEST_F(KansokuctlTraffic, AsksForStatisticsOnlyToShowThem) {
  Output({"flows", "--from", "2024-11-01", "--to", "2024-11-01T01:00:00Z", "--carrier", "gtpu", "--step",
          "10s"});
  v1::GetTrafficRequest expected;
  Fill(R"(range { start_unix_seconds: 1730419200 end_unix_seconds: 1730422800 } step_seconds: 10
          by: DIMENSION_ACCESS by: DIMENSION_DIRECTION only { carrier: CARRIER_GTPU } statistics: true)",
       expected);
  EXPECT_EQ(server_.traffic_asked.DebugString(), expected.DebugString());
  Output({"traffic"});
  EXPECT_FALSE(server_.traffic_asked.statistics());
}

TEST_F(KansokuctlTraffic, PrintsTheAnswerAsOneJsonObject) {
  Fill(kTraffic, server_.traffic);
  const auto json = nlohmann::json::parse(Output({"traffic", "--json"}), nullptr, /*allow_exceptions=*/false);
  ASSERT_FALSE(json.is_discarded());
  ASSERT_EQ(json["rows"].size(), 2);
  EXPECT_EQ(json["rows"][0]["cell"]["ip_octets"], "1750500000");
  EXPECT_EQ(json["rows"][0]["cell"]["traffic_class"]["access"], "ACCESS_FIXED");
  EXPECT_EQ(json["rows"][1]["cell"]["new_flows"], "0");
  EXPECT_EQ(json["rows"][0]["expected_windows"], "360");
}

TEST_F(KansokuctlTraffic, AsksForTheTrafficThatWasNamed) {
  Output({"traffic",     "--from",   "2024-11-01",   "--to",         "2024-11-01T00:09:00Z",
          "--step",      "5m",       "--by",         "access,point", "--by",
          "isp",         "--point",  "uplink,tap",   "--group",      "b3",
          "--access",    "mobile",   "--technology", "nr",           "--direction",
          "upload",      "--family", "ipv6",         "--carrier",    "pppoe",
          "--transport", "udp"});
  v1::GetTrafficRequest expected;
  Fill(R"(range { start_unix_seconds: 1730419200 end_unix_seconds: 1730419800 } step_seconds: 300
          by: DIMENSION_ACCESS by: DIMENSION_POINT by: DIMENSION_ISP points: "uplink" points: "tap"
          only { group: GROUP_B3 access: ACCESS_MOBILE technology: TECHNOLOGY_NR direction: DIRECTION_UPLOAD
                 family: FAMILY_IPV6 carrier: CARRIER_PPPOE transport: TRANSPORT_UDP })",
       expected);
  EXPECT_EQ(server_.traffic_asked.DebugString(), expected.DebugString());
}

TEST_F(KansokuctlTraffic, AsksForTheWholeInOneRowByNone) {
  Output({"traffic", "--from", "2024-11-01T00:00:01Z", "--to", "2024-11-01T00:00:12Z", "--by", "none"});
  EXPECT_EQ(server_.traffic_asked.by_size(), 0);
  EXPECT_EQ(server_.traffic_asked.step_seconds(), 0);
  EXPECT_EQ(server_.traffic_asked.range().start_unix_seconds(), 1730419200);
  EXPECT_EQ(server_.traffic_asked.range().end_unix_seconds(), 1730419220);
}

TEST_F(KansokuctlTraffic, MovesItsEdgesToTheWindowsOfThePointsAskedFor) {
  Fill(
      R"(points { point: "fast" window_seconds: 10 held { start_unix_seconds: 0 end_unix_seconds: 1800000000 } }
          points { point: "slow" window_seconds: 60 held { start_unix_seconds: 0 end_unix_seconds: 1800000000 } })",
      server_.points);
  const std::vector<std::string> times = {"--from", "2024-11-01T00:00:01Z", "--to", "2024-11-01T00:00:12Z"};
  const auto asked_for = [&](std::vector<std::string> words) {
    words.insert(words.end(), times.begin(), times.end());
    Output(words);
    return words[0] == "figures" ? server_.figures_asked.back().range().end_unix_seconds()
                                 : server_.traffic_asked.range().end_unix_seconds();
  };
  EXPECT_EQ(asked_for({"traffic"}), 1730419260);
  EXPECT_EQ(asked_for({"traffic", "--point", "fast"}), 1730419220);
  EXPECT_EQ(asked_for({"flows", "--point", "slow"}), 1730419260);
  EXPECT_EQ(asked_for({"traffic", "--step", "5s"}), 1730419215);
  EXPECT_EQ(asked_for({"figures"}), 1730419260);
}

TEST_F(KansokuctlTraffic, SaysNoneWhereNothingIsHeld) {
  EXPECT_EQ(Output({"traffic", "--by", "none"}),
            "from (UTC)  to (UTC)  packets  volume  rate  new flows  windows\n(none)\n");
}

}  // namespace
}  // namespace kansoku::testing
