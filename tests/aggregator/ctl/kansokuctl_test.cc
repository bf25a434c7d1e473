// SPDX-License-Identifier: Apache-2.0
//
// The real program against a real server: what it prints, where, and how it ends.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/aggregator/ctl/kansokuctl_run.h"
#include "tests/testing/child_process.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

constexpr char kPoints[] = R"(
  points { point: "uplink" collector: "edge-1" isp: "example" group: GROUP_A1 window_seconds: 10 windows: 1234
           last_window { start_unix_seconds: 1730419190 end_unix_seconds: 1730419200 }
           held { start_unix_seconds: 1730406860 end_unix_seconds: 1730419200 } }
  points { point: "tap" collector: "edge-2" isp: "example" window_seconds: 10 })";

TEST_F(Kansokuctl, ListsPoints) {
  Fill(kPoints, server_.points);
  EXPECT_EQ(Output({"points"}),
            "point   collector  isp      group  window  windows  first (UTC)          last ended (UTC)\n"
            "uplink  edge-1     example  a1       10 s    1,234  2024-10-31 20:34:20  2024-11-01 00:00:00\n"
            "tap     edge-2     example  none     10 s        0  never                never\n");
  EXPECT_EQ(Output({"points", "--csv"}),
            "point,collector,isp,group,window_seconds,windows,held_start,held_end,last_window_start,last_"
            "window_end,region\n"
            "uplink,edge-1,example,a1,10,1234,2024-10-31T20:34:20Z,2024-11-01T00:00:00Z,2024-10-31T23:59:50Z,"
            "2024-11-01T00:00:00Z,\n"
            "tap,edge-2,example,none,10,0,,,,,\n");
}

TEST_F(Kansokuctl, ListsRegionsWhereAnyPointSaysOne) {
  Fill(kPoints, server_.points);
  server_.points.mutable_points(1)->set_region("kanto");
  EXPECT_EQ(
      Output({"points"}),
      "point   collector  isp      group  window  windows  first (UTC)          last ended (UTC)     region\n"
      "uplink  edge-1     example  a1       10 s    1,234  2024-10-31 20:34:20  2024-11-01 00:00:00\n"
      "tap     edge-2     example  none     10 s        0  never                never                "
      "kanto\n");
  const std::string csv = Output({"points", "--csv"});
  EXPECT_TRUE(csv.ends_with("\ntap,edge-2,example,none,10,0,,,,,kanto\n")) << csv;
}

TEST_F(Kansokuctl, FailsOnSilentPointsOnlyIfAsked) {
  Fill(kPoints, server_.points);
  const Finished silent = Run({"points", "--silent-after", "90s"});
  EXPECT_EQ(silent.exit_status, 1);
  EXPECT_EQ(silent.out, Output({"points"}));
  EXPECT_EQ(silent.err,
            "kansokuctl: point uplink is silent: its last window ended 2024-11-01 00:00:00 UTC\n"
            "kansokuctl: point tap is silent: no window ever came\n");
  server_.points.mutable_points()->RemoveLast();
  EXPECT_EQ(Run({"points", "--silent-after", "3653d"}).exit_status, 0);
}

constexpr char kDarknet[] = R"(
  rows { range { start_unix_seconds: 1730419200 end_unix_seconds: 1730422800 } address_seconds: 9216000
         cell { protocol: 6 destination_port: 23 packets: 71000 wire_octets: 4260000 ip_octets: 2840000 } }
  rows { range { start_unix_seconds: 1730419200 end_unix_seconds: 1730422800 } address_seconds: 9216000
         cell { protocol: 50 packets: 2 wire_octets: 120 ip_octets: 92 } })";

TEST_F(Kansokuctl, ShowsDarknetPackets) {
  Fill(kDarknet, server_.darknet);
  EXPECT_EQ(Output({"darknet", "--by", "protocol,port", "--top", "10", "--sensor", "west"}),
            "from (UTC)           to (UTC)             protocol  port  packets   volume\n"
            "2024-11-01 00:00:00  2024-11-01 01:00:00  tcp         23   71,000  2.84 MB\n"
            "2024-11-01 00:00:00  2024-11-01 01:00:00  50           0        2     92 B\n");
  EXPECT_EQ(server_.darknet_asked.top(), 10);
  ASSERT_EQ(server_.darknet_asked.sensors_size(), 1);
  EXPECT_EQ(server_.darknet_asked.sensors(0), "west");
  EXPECT_EQ(Output({"darknet", "--by", "protocol,port", "--csv"}),
            "start,end,protocol,port,packets,wire_octets,ip_octets,address_seconds,rules,flags\n"
            "2024-11-01T00:00:00Z,2024-11-01T01:00:00Z,6,23,71000,4260000,2840000,9216000,,\n"
            "2024-11-01T00:00:00Z,2024-11-01T01:00:00Z,50,0,2,120,92,9216000,,\n");
}

TEST_F(Kansokuctl, ShowsTheQualityOfDarknetPackets) {
  Fill(kDarknet, server_.darknet);
  server_.darknet.mutable_rows(0)->add_flags(v1::QUALITY_FLAG_DROPS);
  server_.darknet.mutable_rows(0)->add_flags(v1::QUALITY_FLAG_SAMPLED);
  EXPECT_EQ(Output({"darknet", "--by", "port"}),
            "from (UTC)           to (UTC)             port  packets   volume  quality\n"
            "2024-11-01 00:00:00  2024-11-01 01:00:00    23   71,000  2.84 MB  drops, sampled\n"
            "2024-11-01 00:00:00  2024-11-01 01:00:00     0        2     92 B\n");
  EXPECT_EQ(Output({"darknet", "--by", "port", "--csv"}),
            "start,end,port,packets,wire_octets,ip_octets,address_seconds,rules,flags\n"
            "2024-11-01T00:00:00Z,2024-11-01T01:00:00Z,23,71000,4260000,2840000,9216000,,drops;sampled\n"
            "2024-11-01T00:00:00Z,2024-11-01T01:00:00Z,0,2,120,92,9216000,,\n");
}

TEST_F(Kansokuctl, ShowsByWhichRulesDarknetPacketsWereToldApart) {
  Fill(kDarknet, server_.darknet);
  server_.darknet.mutable_rows(0)->set_rules(2);
  EXPECT_EQ(Output({"darknet", "--by", "port"}),
            "from (UTC)           to (UTC)             port  packets   volume  rules\n"
            "2024-11-01 00:00:00  2024-11-01 01:00:00    23   71,000  2.84 MB      2\n"
            "2024-11-01 00:00:00  2024-11-01 01:00:00     0        2     92 B\n");
  EXPECT_EQ(Output({"darknet", "--by", "port", "--csv"}),
            "start,end,port,packets,wire_octets,ip_octets,address_seconds,rules,flags\n"
            "2024-11-01T00:00:00Z,2024-11-01T01:00:00Z,23,71000,4260000,2840000,9216000,2,\n"
            "2024-11-01T00:00:00Z,2024-11-01T01:00:00Z,0,2,120,92,9216000,,\n");
  EXPECT_NE(Output({"darknet", "--by", "port", "--json"}).find("\"rules\":2"), std::string::npos);
}

constexpr char kFigures[] = R"(
  figures { id: "traffic_rate" labels { key: "direction" value: "download" } labels { key: "access" value: "fixed" }
            value: "38900000000000" standard_error: "1250000000" unit: "bit/s" windows: 359 expected_windows: 360 flags: QUALITY_FLAG_PARTIAL
            flags: QUALITY_FLAG_DROPS method: "8 x octets, by seconds"
            period { start_unix_seconds: 1730419200 end_unix_seconds: 1730422800 } }
  figures { id: "darknet_packets" value: "1234567" unit: "packets" windows: 360 expected_windows: 360 method: "sum"
            darknet_rules: 2 period { start_unix_seconds: 1730419200 end_unix_seconds: 1730422800 } }
  figures { id: "darknet_port_share" value: "0.2500" unit: "ratio" windows: 360 expected_windows: 360 method: "share"
            period { start_unix_seconds: 1730419200 end_unix_seconds: 1730422800 } }
  figures { id: "darknet_packets_per_address" unit: "packets" withheld_because: "no address was monitored"
            withheld_reason: WITHHELD_REASON_NO_DARK_ADDRESSES
            period { start_unix_seconds: 1730419200 end_unix_seconds: 1730422800 } })";

TEST_F(Kansokuctl, ShowsFigures) {
  Fill(kFigures, server_.figures);
  EXPECT_EQ(
      Output({"figures", "--from", "2024-11-01", "--to", "2024-11-01T01:00:00Z"}),
      R"(figure                       labels                                                value  from (UTC)           to (UTC)             windows  rules  quality
traffic_rate                 access=fixed direction=download  38.90 Tbit/s ± 1.25 Gbit/s  2024-11-01 00:00:00  2024-11-01 01:00:00  359/360         partial, drops
darknet_packets                                                        1,234,567 packets  2024-11-01 00:00:00  2024-11-01 01:00:00  360/360      2
darknet_port_share                                                          0.2500 ratio  2024-11-01 00:00:00  2024-11-01 01:00:00  360/360
darknet_packets_per_address                                                     withheld  2024-11-01 00:00:00  2024-11-01 01:00:00      0/0         no address was monitored
)");
  EXPECT_EQ(server_.figures_asked.back().range().start_unix_seconds(), 1730419200);
  EXPECT_EQ(server_.figures_asked.back().range().end_unix_seconds(), 1730422800);
  EXPECT_EQ(
      Output({"figures", "--csv"}),
      "figure,labels,value,standard_error,unit,start,end,windows,expected_windows,flags,withheld_reason,"
      "withheld_because,method,rules\n"
      "traffic_rate,access=fixed;direction=download,38900000000000,1250000000,bit/s,2024-11-01T00:00:00Z,"
      "2024-11-01T01:00:00Z,359,360,partial;drops,,,\"8 x octets, by seconds\",\n"
      "darknet_packets,,1234567,,packets,2024-11-01T00:00:00Z,2024-11-01T01:00:00Z,360,360,,,,sum,2\n"
      "darknet_port_share,,0.2500,,ratio,2024-11-01T00:00:00Z,2024-11-01T01:00:00Z,360,360,,,,share,\n"
      "darknet_packets_per_address,,,,packets,2024-11-01T00:00:00Z,2024-11-01T01:00:00Z,0,0,,no_dark_"
      "addresses,no address was "
      "monitored,,\n");
}

constexpr char kLedger[] = R"(
  collectors { collector: "edge-1" isp: "example" software_version: "0.1.0" connected: true
               last_heard_unix_seconds: 1730419200 reports_closed: 1000 reports_acknowledged: 997 reports_spooled: 2
               reports_evicted: 1 duplicate_reports: 4 missing_reports: 0
               identities { name: "delivered_reports" statement: "closed = acknowledged + spooled" left: 1000
                            right: 1000 holds: true }
               points { point: "uplink" cell_packets: 60 darknet_packets: 20 refused_packets: 10 evicted_windows: 1
                        ledger { received_packets: 100 captured_packets: 90 kernel_dropped_packets: 7
                                 interface_dropped_packets: 3
                                 refused { reason: REFUSAL_REASON_NOT_IP packets: 8 }
                                 refused { reason: REFUSAL_REASON_LINK_SHORT packets: 2 } }
                        identities { name: "captured_packets" statement: "captured = cells + refused" left: 90
                                     right: 90 holds: true } } })";

constexpr char kReportsAndPackets[] =
    "Reports\n"
    "collector  isp      version  connected  last heard (UTC)     closed  acknowledged  in spool  evicted  "
    "duplicate  "
    "missing\n"
    "edge-1     example  0.1.0    yes        2024-11-01 00:00:00   1,000           997         2        1    "
    "      4  "
    "      0\n"
    "\n"
    "Packets\n"
    "point   received  captured  kernel drops  interface drops  cells  darknet  refused  lost windows  "
    "refused because\n"
    "uplink       100        90             7                3     60       20       10             1  "
    "not_ip 8, "
    "link_short 2\n"
    "\n"
    "Identities\n";

TEST_F(Kansokuctl, ShowsClocksMissingWindowsAndTheQuarantineInTheLedger) {
  Fill(R"(
    collectors { collector: "edge-1" isp: "example" clock_offset_microseconds: -1250300
                 quarantined { reason: QUARANTINE_REASON_BEHIND reports: 1005 held: 1000 admitted: 2 discarded: 2
                               dropped: 1 }
                 points { point: "uplink"
                          gaps { quarantined_because: QUARANTINE_REASON_BEHIND windows: 4 }
                          gaps { evicted_because: REASON_SPOOL_FULL windows: 3 packets: 4500 } } })",
       server_.ledger);
  const std::string text = Output({"ledger"});
  const size_t at = text.find("\nClocks\n");
  ASSERT_NE(at, std::string::npos) << text;
  EXPECT_EQ(text.substr(at, text.find("\nIdentities\n") - at),
            "\nClocks\n"
            "collector  ahead by\n"
            "edge-1       -1.25s\n"
            "\nMissing windows\n"
            "point   missing because     windows  packets\n"
            "uplink  quarantined_behind        4\n"
            "uplink  spool_full                3    4,500\n"
            "\nQuarantine\n"
            "collector  reason  reports   held  admitted  discarded  dropped\n"
            "edge-1     behind    1,005  1,000         2          2        1\n");
}

TEST_F(Kansokuctl, ShowsALedgerThatHolds) {
  Fill(kLedger, server_.ledger);
  EXPECT_EQ(Output({"ledger"}),
            std::string(kReportsAndPackets) +
                "subject           identity           verdict  statement\n"
                "collector edge-1  delivered_reports  holds    closed = acknowledged + spooled\n"
                "point uplink      captured_packets   holds    captured = cells + refused\n");
  EXPECT_EQ(Output({"ledger", "--csv"}),
            "collector,point,identity,left,right,slack,holds\n"
            "edge-1,,delivered_reports,1000,1000,0,true\n"
            "edge-1,uplink,captured_packets,90,90,0,true\n");
}

TEST_F(Kansokuctl, ShowsWhatInterfacesCountedAndHowPacketsWereCorrected) {
  Fill(kLedger, server_.ledger);
  v1::PointLedger& point = *server_.ledger.mutable_collectors(0)->mutable_points(0);
  Fill(R"(received_packets: 100 captured_packets: 90 kernel_dropped_packets: 7 interface_dropped_packets: 3
          refused { reason: REFUSAL_REASON_NOT_IP packets: 8 }
          refused { reason: REFUSAL_REASON_LINK_SHORT packets: 2 }
          nic_packets: 1110 nic_octets: 123456 tap_packets: 1000 segmented_packets: 100 not_sampled_packets: 50
          ring_freezes: 2 tcp_flows_ended: 9 tcp_flows_one_sided: 4 flow_records_dropped: 1)",
       *point.mutable_ledger());
  Fill(
      R"(name: "nic_packets" statement: "nic = tap + segmented" left: 1110 right: 1100 slack: 65 holds: true)",
      *point.add_identities());
  const std::string text = Output({"ledger"});
  EXPECT_NE(
      text.find(
          "\nInterfaces and corrections\n"
          "point   nic packets  nic octets  tap packets  segmented  not sampled  ring freezes  tcp flows "
          "ended  one-sided  records dropped\n"
          "uplink        1,110     123,456        1,000        100           50             2            "
          "    9          4                1\n"),
      std::string::npos)
      << text;
  EXPECT_NE(
      text.find("point uplink      nic_packets        holds within 65 left=1110 right=1100  nic = tap + "
                "segmented\n"),
      std::string::npos)
      << text;
  EXPECT_NE(Output({"ledger", "--csv"}).find("\nedge-1,uplink,nic_packets,1110,1100,65,true\n"),
            std::string::npos);
}

TEST_F(Kansokuctl, AddsUpStoredHoursOnlyIfAsked) {
  Run({"ledger"});
  EXPECT_FALSE(server_.ledger_asked.stored_hours());
  Run({"ledger", "--stored-hours"});
  EXPECT_TRUE(server_.ledger_asked.stored_hours());
}

TEST_F(Kansokuctl, FailsOnAViolatedIdentity) {
  Fill(kLedger, server_.ledger);
  auto& identity = *server_.ledger.mutable_collectors(0)->mutable_points(0)->mutable_identities(0);
  identity.set_right(89);
  identity.set_holds(false);
  const Finished finished = Run({"ledger"});
  EXPECT_EQ(finished.exit_status, 1);
  EXPECT_EQ(
      finished.out,
      std::string(kReportsAndPackets) +
          "subject           identity           verdict                    statement\n"
          "collector edge-1  delivered_reports  holds                      closed = acknowledged + spooled\n"
          "point uplink      captured_packets   VIOLATED left=90 right=89  captured = cells + refused\n");
  EXPECT_EQ(
      finished.err,
      "kansokuctl: point uplink: captured_packets is violated: 90 is not 89 (captured = cells + refused)\n");
  EXPECT_EQ(Run({"ledger", "--csv"}).exit_status, 1);
  EXPECT_EQ(Run({"ledger", "--json"}).exit_status, 1);
}

TEST_F(Kansokuctl, PassesOnWhatTheAggregatorRefuses) {
  server_.status = {grpc::StatusCode::INVALID_ARGUMENT, "range: edges must be multiples of 300 s"};
  const Finished finished = Run({"traffic"});
  EXPECT_EQ(finished.exit_status, 1);
  EXPECT_EQ(finished.out, "");
  EXPECT_EQ(finished.err, "kansokuctl: the aggregator at " + server_.address() +
                              " answered INVALID_ARGUMENT: range: edges must be multiples of 300 s\n");
}

TEST_F(Kansokuctl, FailsWhereItCannotPrint) {
  Fill(kPoints, server_.points);
  const Finished finished = RunProgram({"/bin/sh", "-c", "exec \"$0\" --aggregator \"$1\" points > /dev/full",
                                        KANSOKU_CTL, server_.address()});
  EXPECT_EQ(finished.exit_status, 1);
  EXPECT_EQ(finished.err, "kansokuctl: cannot write the answer to standard output\n");
}

TEST_F(Kansokuctl, TakesTheAggregatorFromTheFileUnlessAnOptionSaysOtherwise) {
  const TempDir folder;
  std::ofstream(folder.File("right.yaml")) << "aggregator: " << server_.address() << "\n";
  std::ofstream(folder.File("wrong.yaml")) << "aggregator: 127.0.0.1:1\n";
  EXPECT_EQ(RunProgram({KANSOKU_CTL, "--config", folder.File("right.yaml"), "points"}).exit_status, 0);
  EXPECT_EQ(RunProgram({KANSOKU_CTL, "--config", folder.File("wrong.yaml"), "points"}).exit_status, 1);
  EXPECT_EQ(Run({"--config", folder.File("wrong.yaml"), "points"}).exit_status, 0);
}

TEST(KansokuctlAlone, SaysThatNobodyListens) {
  const Finished finished = RunProgram({KANSOKU_CTL, "ledger", "--aggregator", "127.0.0.1:1"});
  EXPECT_EQ(finished.exit_status, 1);
  EXPECT_EQ(finished.out, "");
  EXPECT_EQ(finished.err,
            "kansokuctl: cannot reach the aggregator at 127.0.0.1:1 (connection refused); is it running? see "
            "--aggregator\n");
}

TEST(KansokuctlAlone, ChecksItsConfiguration) {
  const TempDir folder;
  const std::string path = folder.File("ctl.yaml");
  const auto check = [&](const char* yaml) {
    std::ofstream(path) << yaml;
    return RunProgram({KANSOKU_CTL, "--config", path, "--check-config"});
  };
  const Finished good = check("timeout_seconds: 3\n");
  EXPECT_EQ(good.exit_status, 0);
  EXPECT_EQ(good.out, path + ": ok, aggregator 127.0.0.1:50051\n");
  EXPECT_EQ(good.err, "");
  const Finished unknown = check("\ntimeout: 3\n");
  EXPECT_EQ(unknown.exit_status, 2);
  EXPECT_EQ(
      unknown.err,
      "kansokuctl: " + path +
          ":2: timeout: unknown key; known here: aggregator, timeout_seconds, tls; see kansokuctl --help\n");
  const Finished away = check("aggregator: 192.0.2.1:50051\n");
  EXPECT_EQ(away.exit_status, 2);
  EXPECT_EQ(away.err,
            "kansokuctl: " + path +
                ":1: aggregator: \"192.0.2.1:50051\": without tls in the configuration file plain text is "
                "spoken, so only loopback addresses are accepted; see kansokuctl --help\n");
}

TEST(KansokuctlAlone, SaysWhoItIs) {
  const Finished version = RunProgram({KANSOKU_CTL, "--version"});
  EXPECT_EQ(version.exit_status, 0);
  EXPECT_EQ(version.out, "kansokuctl 0.1.0\n");
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{KANSOKU_CTL, "--help"}, {KANSOKU_CTL, "traffic", "--help"}}) {
    const Finished help = RunProgram(words);
    EXPECT_EQ(help.exit_status, 0);
    EXPECT_NE(help.out.find("Usage: kansokuctl"), std::string::npos) << help.out;
    EXPECT_EQ(help.err, "");
  }
}

TEST(KansokuctlAlone, RefusesBadUseWithTwoAndAReason) {
  const auto complaint = [](std::vector<std::string> words) {
    words.insert(words.begin(), KANSOKU_CTL);
    const Finished finished = RunProgram(words);
    EXPECT_EQ(finished.exit_status, 2) << finished.err;
    EXPECT_EQ(finished.out, "");
    const std::string end = "; see kansokuctl --help\n";
    EXPECT_TRUE(finished.err.starts_with("kansokuctl: ") && finished.err.ends_with(end)) << finished.err;
    return finished.err.substr(12, finished.err.size() - 12 - end.size());
  };
  EXPECT_EQ(complaint({}), "nothing to do: name a subcommand");
  EXPECT_EQ(complaint({"--nonsense"}), "The following argument was not expected: --nonsense");
  EXPECT_EQ(complaint({"nonsense"}), "The following argument was not expected: nonsense");
  EXPECT_EQ(complaint({"points", "--step", "5m"}), "The following arguments were not expected: 5m --step");
  EXPECT_EQ(complaint({"--json", "points", "--csv"}), "--json excludes --csv");
  EXPECT_EQ(complaint({"--check-config"}), "--check-config requires --config");
  EXPECT_EQ(complaint({"--config", "/nowhere.yaml", "points"}),
            "cannot read /nowhere.yaml: No such file or directory");
  EXPECT_EQ(complaint({"--config", "/", "points"}), "cannot read /: Is a directory");
  EXPECT_EQ(complaint({"--aggregator", "localhost", "points"}),
            "--aggregator: \"localhost\": expected host and port, such as 127.0.0.1:50051 or [::1]:50051");
  EXPECT_EQ(complaint({"--timeout", "0", "points"}), "--timeout: Value 0 not in range 1 to 600");
  EXPECT_EQ(complaint({"traffic", "--last", "soon"}),
            "--last: \"soon\": expected a time span such as 90s, 5m, 1h or 30d, up to ten years");
  EXPECT_EQ(complaint({"figures", "--from", "2024-11-01", "--to", "2024-10-01"}),
            "--from: 2024-11-01 is not before --to 2024-10-01");
  EXPECT_EQ(complaint({"darknet", "--step", "0"}),
            "--step: \"0\": expected a time span such as 90s, 5m, 1h or 30d, up to ten years");
  EXPECT_EQ(complaint({"points", "--silent-after", "x"}),
            "--silent-after: \"x\": expected a time span such as 90s, 5m, 1h or 30d, up to ten years");
  EXPECT_EQ(complaint({"darknet", "--by", "class,colour"}),
            "--by: \"colour\": expected one of sensor, class, family, protocol, port");
  EXPECT_EQ(complaint({"traffic", "--group", "none"}),
            "--group: \"none\": expected one of a1, a2, b1, b2, b3");
  EXPECT_EQ(complaint({"traffic", "--basis", "l4"}), "--basis: l4 not in {l3,l2,l2_fcs}");
  EXPECT_EQ(complaint({"flows", "--basis", "l3"}), "The following arguments were not expected: l3 --basis");
  EXPECT_EQ(complaint({"darknet", "--top", "-1"}), "Could not convert: --top = -1");
  EXPECT_EQ(complaint({"doctor", "--prometheus", "localhost:9090"}),
            "--prometheus: \"localhost:9090\": expected http://HOST:PORT, https://HOST:PORT or none");
  EXPECT_EQ(complaint({"doctor", "--metrics", "http://localhost"}),
            "--metrics: \"http://localhost\": expected http://HOST:PORT, https://HOST:PORT or none");
  EXPECT_EQ(complaint({"top", "--interval", "often"}),
            "--interval: \"often\": expected a time span such as 90s, 5m, 1h or 30d, up to ten years");
  EXPECT_EQ(complaint({"top", "--json"}), "--json, --csv: an export has a format of its own, and so has top");
}

}  // namespace
}  // namespace kansoku::testing
