// SPDX-License-Identifier: Apache-2.0
//
// What a user gets wrong, with the real programs: exit status 2 and a text that says what, where and what to
// do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "tests/testing/capture_writer.h"
#include "tests/testing/child_process.h"
#include "tests/testing/packet_builder.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

using ::testing::HasSubstr;

class BadInput : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(dir_.File(name), std::ios::binary) << text;
    return dir_.File(name);
  }
  std::string CollectorYaml(const std::string& more) {
    return absl::StrCat("collector: c\nisp: i\naggregator: {address: \"127.0.0.1:1\"}\nspool: {path: ",
                        dir_.File("spool.db"), "}\n", more);
  }
  std::string AggregatorYaml() {
    return absl::StrCat(
        "listen: 127.0.0.1:0\nmetrics_listen: 127.0.0.1:0\nstore_path: ", dir_.File("store.db"), "\n");
  }
  void ExpectRefused(const std::vector<std::string>& command, const std::vector<std::string>& texts) {
    const Finished run = RunProgram(command, 30);
    EXPECT_EQ(run.exit_status, 2) << run.out << run.err;
    for (const std::string& text : texts) EXPECT_THAT(run.err, HasSubstr(text));
  }
  void ExpectCollectorRefuses(const std::string& more, const std::vector<std::string>& texts) {
    ExpectRefused({KANSOKU_COLLECTOR, "--config", Write("collector.yaml", CollectorYaml(more))}, texts);
  }

  TempDir dir_;
};

TEST_F(BadInput, MissingConfigFile) {
  ExpectRefused({KANSOKU_COLLECTOR, "--config", dir_.File("no.yaml")},
                {dir_.File("no.yaml"), "No such file"});
  ExpectRefused({KANSOKU_AGGREGATOR, "--config", dir_.File("no.yaml")},
                {dir_.File("no.yaml"), "No such file"});
}

TEST_F(BadInput, AFolderAsConfigFile) {
  ExpectRefused({KANSOKU_COLLECTOR, "--config", dir_.path()}, {dir_.path(), "Is a directory"});
  ExpectRefused({KANSOKU_AGGREGATOR, "--config", dir_.path()}, {dir_.path(), "Is a directory"});
}

TEST_F(BadInput, UnknownOption) {
  ExpectRefused({KANSOKU_COLLECTOR, "--nonsense"}, {"--nonsense"});
  ExpectRefused({KANSOKU_AGGREGATOR, "--nonsense"}, {"--config"});
  ExpectRefused({KANSOKU_CTL, "--nonsense"}, {"--nonsense"});
}

TEST_F(BadInput, UnknownConfigKey) {
  ExpectCollectorRefuses("links:\n  - point: p\n    interfase: eth0\n",
                         {"collector.yaml:7", "interfase", "interface"});
}

TEST_F(BadInput, OverlappingPrefixes) {
  ExpectCollectorRefuses(
      "links: [{point: p, interface: lo}]\nsubscribers:\n  - {prefix: 192.0.2.0/24, access: fixed}\n"
      "  - {prefix: 192.0.2.0/24, access: mobile}\n",
      {"collector.yaml:8", "192.0.2.0/24"});
}

TEST_F(BadInput, RangesThatAreDarkTwiceOrInUse) {
  const std::string live = "links: [{point: p, interface: lo}]\n";
  ExpectCollectorRefuses(
      live +
          "telescopes:\n  - {sensor: a, prefix: 203.0.113.0/24}\n"
          "  - {sensor: b, prefix: 203.0.113.128/25}\n",
      {"collector.yaml:8", "203.0.113.128/25 lies inside telescopes[0].prefix", "dark at the same time"});
  ExpectCollectorRefuses(live +
                             "subscribers:\n  - {prefix: 203.0.113.0/24, access: fixed}\n"
                             "telescopes:\n  - {sensor: a, prefix: 203.0.113.128/25}\n",
                         {"collector.yaml:9", "203.0.113.128/25 lies inside subscribers[0].prefix",
                          "either dark or a subscriber's"});
}

TEST_F(BadInput, SurveyListsThatCannotBeReadOrHaveExpired) {
  const auto refused = [&](const std::string& keys, const std::vector<std::string>& texts) {
    ExpectRefused({KANSOKU_COLLECTOR, "--check-config", "--config",
                   Write("c.yaml", CollectorYaml(absl::StrCat(
                                       "links: [{point: p, interface: lo}]\ndarknet_sources:\n  key_path: k\n"
                                       "  survey_lists: [{name: l, version: '1', path: ",
                                       dir_.File("l.csv"), keys, "}]\n")))},
                  texts);
  };
  refused("", {dir_.File("l.csv"), "No such file", "survey_lists"});
  Write("l.csv", "prefix\n192.0.2.1/24\n");
  refused("", {"l.csv:2: \"192.0.2.1/24\"", "192.0.2.0/24 was probably meant"});
  Write("l.csv", "network\n192.0.2.0/24\n");
  refused("", {"l.csv:1: unknown column \"network\"", "prefix"});
  Write("l.csv", "prefix\n192.0.2.0/24\n");
  refused(", valid_until: '2025-01-01T00:00:00Z'",
          {"l.csv: the list l 1 expired at 2025-01-01T00:00:00+00:00", "give a newer version"});
  refused(", valid_until: tomorrow", {"c.yaml:", "valid_until", "2024-11-01T00:00:00Z"});
}

TEST_F(BadInput, SubscribersWithoutAccess) {
  ExpectCollectorRefuses(
      "links: [{point: p, interface: lo}]\nsubscribers:\n  - {prefix: 192.0.2.0/24, access: none}\n",
      {"collector.yaml:7: subscribers[0].access: say fixed or mobile"});
}

TEST_F(BadInput, PlainTextBeyondLoopback) {
  ExpectRefused({KANSOKU_COLLECTOR, "--check-config", "--config",
                 Write("c.yaml",
                       "collector: c\nisp: i\naggregator: {address: \"192.0.2.1:50051\"}\nspool: {path: s}\n"
                       "links: [{point: p, interface: lo}]\n")},
                {"c.yaml:3", "192.0.2.1:50051", "plain text"});
}

TEST_F(BadInput, MissingCapture) {
  ExpectCollectorRefuses(absl::StrCat("links: [{point: p, file: ", dir_.File("no.pcap"), "}]\n"),
                         {dir_.File("no.pcap"), "No such file"});
  ExpectRefused({KANSOKU_COLLECTOR, "measure", dir_.File("no.pcap")}, {dir_.File("no.pcap"), "No such file"});
}

TEST_F(BadInput, MissingInterface) {
  ExpectCollectorRefuses("links: [{point: p, interface: nosuch0}]\n", {"nosuch0"});
}

TEST_F(BadInput, NotACapture) {
  const std::string file = Write("text.pcap", "this is no capture, whatever its name says");
  ExpectRefused({KANSOKU_COLLECTOR, "measure", file}, {file});
}

TEST_F(BadInput, UnknownLinkType) {
  // A header of LINKTYPE_USB_LINUX, 189, little-endian.
  const std::string file =
      Write("usb.pcap", std::string("\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\xbd\0\0\0", 24));
  ExpectRefused({KANSOKU_COLLECTOR, "measure", file}, {file, "USB_LINUX"});
}

TEST_F(BadInput, TruncatedCaptureIsCountedUpToTheDamage) {
  CaptureWriter writer;
  const auto packet =
      PacketBuilder().Ethernet().Ipv4("192.0.2.1", "192.0.2.2").Udp(1, 2).Payload(100).Build();
  writer.Add(1'000'000'000, packet);
  writer.Add(2'000'000'000, packet);
  std::string bytes = writer.bytes();
  bytes.resize(bytes.size() - 10);
  const std::string file = Write("cut.pcap", bytes);
  const Finished run = RunProgram({KANSOKU_COLLECTOR, "measure", "--format", "json", file});
  EXPECT_EQ(run.exit_status, 1);
  EXPECT_THAT(run.out, HasSubstr("\"frames\":1,"));
  EXPECT_THAT(run.err, HasSubstr(file));
}

TEST_F(BadInput, UnwritableSpool) {
  ExpectRefused(
      {KANSOKU_COLLECTOR, "--config",
       Write("c.yaml",
             absl::StrCat("collector: c\nisp: i\naggregator: {address: \"127.0.0.1:1\"}\nspool: {path: ",
                          dir_.File("nofolder/spool.db"), "}\nlinks: [{point: p, interface: lo}]\n"))},
      {dir_.File("nofolder/spool.db")});
}

TEST_F(BadInput, PortInUse) {
  const std::string config = Write("a.yaml", AggregatorYaml());
  ChildProcess first({KANSOKU_AGGREGATOR, "--config", config});
  const std::string line = first.WaitForLine("listening:");
  ASSERT_THAT(line, HasSubstr("grpc 127.0.0.1:"));
  const std::string address = line.substr(line.find("127.0.0.1:"), line.find(',') - line.find("127.0.0.1:"));
  ExpectRefused(
      {KANSOKU_AGGREGATOR, "--config",
       Write("b.yaml", absl::StrCat("listen: ", address, "\nmetrics_listen: 127.0.0.1:0\nstore_path: ",
                                    dir_.File("other.db"), "\n"))},
      {address});
}

TEST_F(BadInput, MetricsBeyondThisMachineAreProtectedOrAskedFor) {
  const auto checked = [&](const std::string& metrics) {
    const std::string config =
        Write("m.yaml",
              absl::StrCat("metrics_listen: 0.0.0.0:0\nstore_path: ", dir_.File("store.db"), "\n", metrics));
    return RunProgram({KANSOKU_AGGREGATOR, "--check-config", "--config", config});
  };
  const auto tls = absl::StrCat("certificate_path: a.crt, key_path: a.key");
  for (const std::string& metrics : {std::string(""), std::string("metrics: {user: u, password_path: p}\n"),
                                     absl::StrCat("metrics: {", tls, "}\n")}) {
    const Finished refused = checked(metrics);
    EXPECT_EQ(refused.exit_status, 2) << metrics;
    EXPECT_THAT(refused.err, HasSubstr("beyond loopback /metrics shows traffic to whoever asks"));
  }
  for (const std::string& metrics : {std::string("metrics: {unprotected: true}\n"),
                                     absl::StrCat("metrics: {", tls, ", user: u, password_path: p}\n"),
                                     absl::StrCat("metrics: {", tls, ", client_authorities_path: c}\n")}) {
    EXPECT_EQ(checked(metrics).exit_status, 0) << metrics << checked(metrics).err;
  }
  for (const char* const metrics : {"{certificate_path: a.crt}", "{client_authorities_path: c}", "{user: u}",
                                    "{user: 'u:v', password_path: p}"}) {
    EXPECT_EQ(checked(absl::StrCat("metrics: ", metrics, "\n")).exit_status, 2) << metrics;
  }
}

TEST_F(BadInput, StoreOfANewerVersion) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(dir_.File("store.db").c_str(), &db), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(db, "PRAGMA user_version = 1000", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(db);
  ExpectRefused({KANSOKU_AGGREGATOR, "--config", Write("a.yaml", AggregatorYaml())},
                {"store.db", "1000", "newer"});
}

TEST_F(BadInput, UnreachableAggregatorIsNamedAndNothingIsLost) {
  CaptureWriter writer;
  writer.Add(1'000'000'000, PacketBuilder().Ethernet().Ipv4("192.0.2.1", "192.0.2.2").Udp(1, 2).Build());
  const std::string capture = Write("one.pcap", writer.bytes());
  ChildProcess collector(
      {KANSOKU_COLLECTOR, "--config",
       Write("c.yaml", CollectorYaml(absl::StrCat("links: [{point: p, file: ", capture, "}]\n")))});
  EXPECT_THAT(collector.WaitForLine("127.0.0.1:1"), HasSubstr("next try"));
  collector.Signal(SIGTERM);
  EXPECT_THAT(collector.WaitForLine("in the spool"),
              HasSubstr("1 reports closed, 0 acknowledged, 1 in the spool"));
  EXPECT_EQ(collector.Wait(), 0);

  const Finished ctl = RunProgram({KANSOKU_CTL, "--aggregator", "127.0.0.1:1", "points"});
  EXPECT_EQ(ctl.exit_status, 1);
  EXPECT_THAT(ctl.err, HasSubstr("127.0.0.1:1"));
}

}  // namespace
}  // namespace kansoku::testing
