// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/config_text.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "kansoku/v1/config.pb.h"

namespace kansoku {
namespace {

constexpr char kCollector[] = R"(collector: edge-1
isp: example
aggregator:
  address: 127.0.0.1:50051
spool:
  path: /var/lib/kansoku/spool.db
links:
  - point: uplink
    interface: eth0
)";

std::string MessageOf(const std::string& yaml) {
  v1::CollectorConfig config;
  const auto places = ParseConfig(yaml, "c.yaml", config);
  if (places.ok()) return "ok";
  EXPECT_EQ(places.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(places.status().message());
}

TEST(ParseConfig, FillsWhatTheFileSaysAndEveryDefault) {
  v1::CollectorConfig config;
  ASSERT_EQ(ParseConfig(kCollector, "c.yaml", config).status(), absl::OkStatus());
  EXPECT_EQ(config.collector(), "edge-1");
  EXPECT_EQ(config.links(0).interface(), "eth0");
  EXPECT_EQ(config.links(0).group(), v1::GROUP_NONE);
  EXPECT_EQ(config.window_seconds(), 10);
  EXPECT_EQ(config.aggregator().acknowledgement_deadline_seconds(), 20);
  EXPECT_EQ(config.aggregator().max_bytes_in_flight(), 4194304);
  EXPECT_EQ(config.spool().max_bytes(), 1073741824);
}

TEST(ParseConfig, FillsTheDefaultsOfAbsentSections) {
  v1::CollectorConfig config;
  ASSERT_EQ(ParseConfig(kCollector, "c.yaml", config).status(), absl::OkStatus());
  EXPECT_EQ(config.capture().snap_length(), 192);
  EXPECT_EQ(config.flow_table().entries(), 262144);
}

TEST(ParseConfig, LeavesOutAbsentSectionsThatHaveRequiredKeys) {
  v1::CollectorConfig config;
  ASSERT_EQ(ParseConfig(kCollector, "c.yaml", config).status(), absl::OkStatus());
  EXPECT_FALSE(config.links(0).has_side());
}

TEST(ParseConfig, ClearsWhatTheMessageHeldBefore) {
  v1::CtlConfig config;
  config.set_aggregator("old:1");
  config.set_timeout_seconds(3);
  ASSERT_EQ(ParseConfig("timeout_seconds: 4\n", "ctl.yaml", config).status(), absl::OkStatus());
  EXPECT_EQ(config.aggregator(), "127.0.0.1:50051");
  EXPECT_EQ(config.timeout_seconds(), 4);
}

TEST(ParseConfig, TakesAnEmptyFileAsAllDefaults) {
  for (const char* text : {"", "\n", "# nothing here\n", "---\n"}) {
    v1::CtlConfig config;
    ASSERT_EQ(ParseConfig(text, "ctl.yaml", config).status(), absl::OkStatus()) << text;
    EXPECT_EQ(config.timeout_seconds(), 10);
  }
}

TEST(ParseConfig, TakesAKeyWithoutAValueAsAnEmptySectionOrList) {
  v1::CollectorConfig config;
  ASSERT_EQ(ParseConfig(std::string(kCollector) + "capture:\nsubscribers:\n", "c.yaml", config).status(),
            absl::OkStatus());
  EXPECT_EQ(config.capture().snap_length(), 192);
  EXPECT_EQ(config.subscribers_size(), 0);
}

TEST(ParseConfig, ReadsEveryKindOfValue) {
  v1::CollectorConfig config;
  ASSERT_EQ(ParseConfig(std::string(kCollector) + R"(
capture: {promiscuous: true, ring_bytes: 1073741824}
subscribers:
  - {prefix: "2001:db8::/32", access: mobile, technology: nr}
telescopes:
  - {sensor: t, prefix: 192.0.2.0/24, valid_from: 2024-11-01T00:00:00+09:00}
)",
                        "c.yaml", config)
                .status(),
            absl::OkStatus());
  EXPECT_TRUE(config.capture().promiscuous());
  EXPECT_EQ(config.capture().ring_bytes(), 1073741824);
  EXPECT_EQ(config.subscribers(0).access(), v1::ACCESS_MOBILE);
  EXPECT_EQ(config.subscribers(0).technology(), v1::TECHNOLOGY_NR);
  EXPECT_EQ(config.telescopes(0).valid_from(), "2024-11-01T00:00:00+09:00");
}

struct BadInput {
  const char* name;
  std::string added;  // to kCollector, from its line 10 on
  const char* message;
};
void PrintTo(const BadInput& input, std::ostream* out) { *out << input.name; }

class ParseConfigRefuses : public testing::TestWithParam<BadInput> {};

TEST_P(ParseConfigRefuses, WithFileLineAndReason) {
  EXPECT_EQ(MessageOf(kCollector + GetParam().added), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Bad, ParseConfigRefuses,
    testing::Values(
        BadInput{
            "UnknownKey", "\nwindow: 10\n",
            "c.yaml:11: window: unknown key; known here: collector, isp, aggregator, spool, window_seconds, "
            "links, subscribers, subscriber_files, telescopes, capture, flow_table, tunnels, flow_records, "
            "darknet_sources, metrics_listen, metrics"},
        BadInput{"UnknownKeyInAList", "    grop: a1\n",
                 "c.yaml:10: links[0].grop: unknown key; known here: point, interface, file, group, side, "
                 "access, layer, region"},
        BadInput{"DoubledKey", "isp: other\n", "c.yaml:10: isp: this key is given twice"},
        BadInput{"DoubledKeyInASection", "capture:\n  promiscuous: true\n  promiscuous: true\n",
                 "c.yaml:12: capture.promiscuous: this key is given twice"},
        BadInput{"NotANumber", "window_seconds: ten\n",
                 "c.yaml:10: window_seconds: \"ten\": expected a whole number from 1 to 300"},
        BadInput{"Fraction", "window_seconds: 1.5\n",
                 "c.yaml:10: window_seconds: \"1.5\": expected a whole number from 1 to 300"},
        BadInput{"Negative", "window_seconds: -1\n",
                 "c.yaml:10: window_seconds: \"-1\": expected a whole number from 1 to 300"},
        BadInput{"Signed", "window_seconds: +1\n",
                 "c.yaml:10: window_seconds: \"+1\": expected a whole number from 1 to 300"},
        BadInput{"BelowRange", "window_seconds: 0\n",
                 "c.yaml:10: window_seconds: \"0\": expected a whole number from 1 to 300"},
        BadInput{"AboveRange", "window_seconds: 301\n",
                 "c.yaml:10: window_seconds: \"301\": expected a whole number from 1 to 300"},
        BadInput{
            "BeyondSixtyFourBits", "capture: {ring_bytes: 18446744073709617152}\n",
            "c.yaml:10: capture.ring_bytes: \"18446744073709617152\": expected a whole number from 65536 to "
            "1073741824"},
        BadInput{"BadBool", "capture:\n  promiscuous: yes\n",
                 "c.yaml:11: capture.promiscuous: \"yes\": expected true or false"},
        BadInput{"BadEnum", "    access: cable\n",
                 "c.yaml:10: links[0].access: \"cable\": expected one of none, fixed, mobile"},
        BadInput{"EnumInCapitals", "    access: ACCESS_FIXED\n",
                 "c.yaml:10: links[0].access: \"ACCESS_FIXED\": expected one of none, fixed, mobile"},
        BadInput{
            "UnspecifiedEnum", "    side: {received: unspecified}\n",
            "c.yaml:10: links[0].side.received: \"unspecified\": expected one of download, upload, internal, "
            "transit"},
        BadInput{"MissingInASection", "    side:\n      sent: upload\n",
                 "c.yaml:10: links[0].side.received: this key is missing"},
        BadInput{"MissingInAList", "subscribers:\n  - access: fixed\n",
                 "c.yaml:11: subscribers[0].prefix: this key is missing"},
        BadInput{"ListExpected", "subscribers: {prefix: 192.0.2.0/24}\n",
                 "c.yaml:10: subscribers: expected a list (lines that begin with a dash)"},
        BadInput{"SectionExpected", "capture: 5\n",
                 "c.yaml:10: capture: expected keys and values; known keys: snap_length, ring_bytes, "
                 "promiscuous, method, "
                 "workers, cpus, block_bytes, sampling_interval"},
        BadInput{
            "SectionExpectedInAList", "subscribers:\n  - 192.0.2.0/24\n",
            "c.yaml:11: subscribers[0]: expected keys and values; known keys: prefix, access, technology"},
        BadInput{"ValueExpected", "window_seconds: [10]\n", "c.yaml:10: window_seconds: expected one value"},
        BadInput{"ValueMissing", "window_seconds:\n", "c.yaml:10: window_seconds: expected one value"},
        BadInput{"KeyThatIsNoWord", "? [a, b]\n: c\n", "c.yaml: a key must be a word"},
        BadInput{"BadName", "telescopes:\n  - sensor: Tokyo 1\n",
                 "c.yaml:11: telescopes[0].sensor: \"Tokyo 1\": expected a name: 1 to 63 of a-z 0-9 - _ . "
                 "beginning "
                 "with a letter or digit"},
        BadInput{"EmptyName", "telescopes:\n  - sensor: \"\"\n",
                 "c.yaml:11: telescopes[0].sensor: must not be empty"},
        BadInput{
            "BadPrefix", "subscribers:\n  - prefix: 192.0.2.1\n",
            "c.yaml:11: subscribers[0].prefix: \"192.0.2.1\": expected an address range such as 192.0.2.0/24 "
            "or 2001:db8::/32"},
        BadInput{"BadTime", "telescopes:\n  - sensor: t\n    valid_until: tomorrow\n",
                 "c.yaml:12: telescopes[0].valid_until: \"tomorrow\": expected a time such as "
                 "2024-11-01T00:00:00Z"},
        BadInput{"EndlessTime", "telescopes:\n  - sensor: t\n    valid_until: infinite-future\n",
                 "c.yaml:12: telescopes[0].valid_until: \"infinite-future\": expected a time such as "
                 "2024-11-01T00:00:00Z"},
        BadInput{"ControlCharacters", "    access: \"a\\e[31m\\n\"\n",
                 "c.yaml:10: links[0].access: \"a\\x1b[31m\\n\": expected one of none, fixed, mobile"},
        BadInput{"SecondDocument", "---\nisp: other\n",
                 "c.yaml: expected one document; a line of --- begins another"},
        BadInput{"TabIndent", "capture:\n\tpromiscuous: true\n", "c.yaml:11: not YAML: illegal map value"},
        BadInput{"OpenList", "subscribers: [\n", "c.yaml:11: not YAML: end of sequence flow not found"},
        BadInput{"UndefinedAlias", "capture: *none\n",
                 "c.yaml:10: not YAML: the referenced anchor is not defined"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(ParseConfig, EndsOnACommaThatIsAnEmptyDocumentToTheLibraryForEver) {
  EXPECT_EQ(MessageOf(",a: 1\n"), "c.yaml: expected one document; a line of --- begins another");
}

TEST(ParseConfig, FillsListsOfPlainValues) {
  v1::CollectorConfig config;
  const auto places = ParseConfig(std::string(kCollector) +
                                      "capture: {cpus: [3, 1]}\n"
                                      "tunnels: {opaque: [gre, vxlan], mapt_prefixes: [\"2001:db8::/32\"]}\n",
                                  "c.yaml", config);
  ASSERT_TRUE(places.ok()) << places.status();
  ASSERT_EQ(config.capture().cpus_size(), 2);
  EXPECT_EQ(config.capture().cpus(0), 3u);
  EXPECT_EQ(config.capture().cpus(1), 1u);
  ASSERT_EQ(config.tunnels().opaque_size(), 2);
  EXPECT_EQ(config.tunnels().opaque(1), v1::CARRIER_VXLAN);
  ASSERT_EQ(config.tunnels().mapt_prefixes_size(), 1);
  EXPECT_EQ(config.tunnels().mapt_prefixes(0), "2001:db8::/32");
}

TEST(ParseConfig, RefusesTextThatIsNoMap) {
  EXPECT_EQ(MessageOf("hello"),
            "c.yaml: expected keys and values; known keys: collector, isp, aggregator, spool, "
            "window_seconds, links, "
            "subscribers, subscriber_files, telescopes, capture, flow_table, tunnels, flow_records, "
            "darknet_sources, metrics_listen, metrics");
}

TEST(ParseConfig, NamesTheFirstMissingKey) {
  EXPECT_EQ(MessageOf(""), "c.yaml: collector: this key is missing");
  EXPECT_EQ(MessageOf("collector: a\nisp: b\naggregator:\n"),
            "c.yaml:3: aggregator.address: this key is missing");
}

TEST(ParseConfig, RefusesARequiredListWithoutEntries) {
  const std::string start = "collector: a\nisp: b\naggregator: {address: \"[::1]:1\"}\nspool: {path: s}\n";
  EXPECT_EQ(MessageOf(start + "links: []\n"), "c.yaml:5: links: expected at least one entry");
  EXPECT_EQ(MessageOf(start + "links:\n"), "c.yaml:5: links: expected at least one entry");
}

TEST(ParseConfig, ChecksHostAndPort) {
  const auto accepts = [](const std::string& address) {
    v1::CtlConfig config;
    return ParseConfig("aggregator: \"" + address + "\"\n", "ctl.yaml", config).ok();
  };
  for (const char* good : {"127.0.0.1:50051", "[::1]:1", "localhost:0", "a.example:65535"}) {
    EXPECT_TRUE(accepts(good)) << good;
  }
  for (const char* bad :
       {"", ":1", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1", "::1:50051",
        "[]:1", "[a]:1", "[::1:1", "a b:1", "http://a:1", "a:000001"}) {
    EXPECT_FALSE(accepts(bad)) << bad;
  }
}

TEST(ParseConfig, RefusesDeepNesting) {
  for (const std::string text : {"[", "{a: ", "- ", "? "}) {
    std::string deep;
    for (int i = 0; i < 10'000; ++i) deep += text;
    EXPECT_EQ(MessageOf(deep), "c.yaml:1: not YAML: nested too deeply") << text;
  }
}

TEST(ParseConfig, IsNotBlownUpByAliases) {
  std::string bomb = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 100; ++i) {
    const std::string below = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below + ", " + below + "]\n";
  }
  EXPECT_EQ(MessageOf(bomb + "links: *a99\n").substr(0, 24), "c.yaml:1: a0: unknown ke");
  EXPECT_EQ(MessageOf("links: &a [*a, *a]\n").substr(0, 30), "c.yaml:1: links[0]: expected k");
}

TEST(ParseConfig, SharesASectionByAlias) {
  v1::CollectorConfig config;
  ASSERT_EQ(
      ParseConfig(std::string(kCollector) + "subscribers:\n  - &home {prefix: 192.0.2.0/24, access: fixed}\n"
                                            "  - *home\n",
                  "c.yaml", config)
          .status(),
      absl::OkStatus());
  EXPECT_EQ(config.subscribers(1).prefix(), "192.0.2.0/24");
}

TEST(ConfigPlaces, SaysFileLineAndPath) {
  v1::CollectorConfig config;
  const auto places = ParseConfig(kCollector, "c.yaml", config);
  ASSERT_TRUE(places.ok());
  EXPECT_EQ(places->At("links[0].interface", "no such interface").message(),
            "c.yaml:9: links[0].interface: no such interface");
}

TEST(ConfigPlaces, BlamesTheNearestKeyForAnAbsentOne) {
  v1::CollectorConfig config;
  const auto places = ParseConfig(kCollector, "c.yaml", config);
  ASSERT_TRUE(places.ok());
  EXPECT_EQ(places->At("links[0].side.sent", "x").message(), "c.yaml:8: links[0].side.sent: x");
  EXPECT_EQ(places->At("links[4]", "x").message(), "c.yaml:7: links[4]: x");
  EXPECT_EQ(places->At("capture.snap_length", "x").message(), "c.yaml: capture.snap_length: x");
  EXPECT_EQ(places->At("", "x").message(), "c.yaml: x");
}

}  // namespace
}  // namespace kansoku
