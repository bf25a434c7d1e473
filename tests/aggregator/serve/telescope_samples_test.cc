// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/telescope_samples.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/serve/metrics_collectable.h"
#include "aggregator/store/sqlite.h"
#include "aggregator/store/sqlite_store.h"
#include "tests/aggregator/serve/sample_telescope.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

// The value of one series, exactly as written; "absent" if there is none.
std::string Value(const std::string& text, const std::string& series) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(series + " ")) return line.substr(series.size() + 1);
  }
  return "absent";
}

// The last window is of 2024-11-01 in Japan.
TEST(TelescopeSamples, AreOfTheLastDay) {
  ServedStore store;
  store.Welcome("tokyo");
  store.AddSamples("tokyo", kSampleStart, 1);
  PortTable ports;
  const MetricsCollectable metrics(*store, ports, [] { return LiveStatus(); });
  const auto scrape = [&] { return metrics.Text().value_or(""); };
  const std::string packets = R"(kansoku_darknet_day_packets{family="ipv4"})",
                    iot = R"(kansoku_darknet_day_category_ratio{category="iot",population="all"})";
  const auto keep = [&](const v1::TelescopeDay& day) { ASSERT_TRUE(store->AddTelescopeDay(day).ok()); };
  // Three days before it: no state of today.
  keep(SampleDay("2024-10-29", 8));
  EXPECT_EQ(Value(scrape(), packets), "absent");
  keep(SampleDay("2024-10-30", 16));
  EXPECT_EQ(Value(scrape(), packets), "16");
  keep(SampleDay("2024-10-31", 24));
  std::string text = scrape();
  EXPECT_EQ(Value(text, packets), "24");
  EXPECT_EQ(Value(text, "kansoku_darknet_day_start_timestamp_seconds"), "1730300400");
  EXPECT_EQ(Value(text, "kansoku_darknet_day_addresses"), "256");
  EXPECT_EQ(Value(text, "kansoku_darknet_day_victim_hosts"), "2");
  EXPECT_EQ(Value(text, R"(kansoku_darknet_day_class_packets{class="tcp_syn",family="ipv4"})"), "24");
  EXPECT_EQ(Value(text, R"(kansoku_darknet_day_survey_scan_ratio{rule="behaviour",list=""})"), "0.125");
  EXPECT_EQ(Value(text, R"(kansoku_darknet_day_unique_hosts{family="ipv4",class="",protocol=""})"), "1");
  EXPECT_EQ(
      Value(text, R"(kansoku_darknet_day_port_packets{rank="1",protocol="tcp",port="23",population="all"})"),
      "18");
  EXPECT_EQ(Value(text, iot), "absent") << "there is no table";
  const std::string uncategorised = "kansoku_darknet_day_uncategorised_ports";
  EXPECT_EQ(Value(text, uncategorised), "absent");
  ports.Take(SampleCategories());
  EXPECT_EQ(Value(scrape(), iot), "0.75");
  EXPECT_EQ(Value(scrape(), uncategorised), "0");

  // Late data.
  store.AddSamples("tokyo", kSampleStart - 86'400, 1);
  EXPECT_EQ(Value(scrape(), packets), "24");
  v1::TelescopeDay later = SampleDay("2024-10-31", 32, 2);
  later.set_day_changes(store->DayChanges("2024-10-31").value_or(0));
  keep(later);
  EXPECT_EQ(Value(scrape(), packets), "32");
  // One of an ISP alone is not what all sensors saw.
  keep(SampleDay("2024-11-01", 40, 1, "isp-1"));
  EXPECT_EQ(Value(scrape(), packets), "32");
  keep(SampleDay("2024-11-01", 48));
  EXPECT_EQ(Value(scrape(), packets), "48");
}

TEST(TelescopeSamples, ShowWhatAnOperatorWatches) {
  ServedStore store;
  store.Welcome("tokyo");
  store.AddSamples("tokyo", kSampleStart, 1);
  v1::TelescopeDay day = SampleDay("2024-10-31", 2'560);
  v1::SourcesDay& sources = *day.mutable_sources();
  sources.set_backscatter_sources(203);
  sources.set_unjudged_packets(5);
  sources.set_untold_packets(6);
  sources.set_undecided_packets(9);
  v1::ToolDay& tool = *sources.add_tools();
  tool.set_tool("mirai");
  tool.set_sources(7);
  tool.set_packets(80);
  day.mutable_subscribers()->set_reached(4);
  day.mutable_subscribers()->set_scanning(3);
  day.mutable_subscribers()->set_further_packets(2);
  for (v1::PortDay& port : *day.mutable_ports()) {
    if (port.port() == 80) port.set_port(81);
  }
  ASSERT_TRUE(store->AddTelescopeDay(day).ok());
  PortTable ports;
  ports.Take(SampleCategories());
  const MetricsCollectable metrics(*store, ports, [] { return LiveStatus(); });
  const std::string text = metrics.Text().value_or("");
  const std::string head = "kansoku_darknet_day_";
  for (const auto& [series, value] :
       std::map<std::string, std::string>{{R"(packets_per_address{method="daily"})", "10"},
                                          {R"(packet_interval_seconds{method="daily"})", "8640"},
                                          {R"(tool_packets{tool="mirai"})", "80"},
                                          {R"(tool_hosts{tool="mirai"})", "7"},
                                          {"backscatter_hosts", "203"},
                                          {R"(unjudged_packets{because="no_room"})", "5"},
                                          {R"(unjudged_packets{because="untold"})", "6"},
                                          {R"(unjudged_packets{because="undecided"})", "9"},
                                          {R"(infected_subscribers{evidence="reached"})", "4"},
                                          {R"(infected_subscribers{evidence="scanning"})", "3"},
                                          {"unjudged_subscriber_packets", "2"},
                                          // 81/TCP, which leads in each of three populations.
                                          {"uncategorised_ports", "1"}}) {
    EXPECT_EQ(Value(text, head + series), value) << series;
  }
}

// Hosts of a port where they are ten, in each population; packets with flags.
TEST(TelescopeSamples, ShowHostsOfPortsAndOddPackets) {
  ServedStore store;
  store.Welcome("tokyo");
  store.AddSamples("tokyo", kSampleStart, 1);
  v1::TelescopeDay day = SampleDay("2024-10-31", 2'560);
  const std::map<uint32_t, std::pair<uint64_t, uint64_t>> hosts = {{23, {10, 0}}, {80, {12, 3}}};
  for (v1::PortDay& port : *day.mutable_ports()) {
    const auto [all, survey] = hosts.at(port.port());
    port.set_probe_hosts(all);
    port.set_survey_hosts(survey);
  }
  v1::SoftFlags& flags = *day.mutable_sensors(0)->mutable_soft_flags();
  flags.set_examined(2'560);
  flags.set_high_ttl(7);
  flags.set_any(7);
  ASSERT_TRUE(store->AddTelescopeDay(day).ok());
  PortTable ports;
  const std::string text = MetricsCollectable(*store, ports, [] { return LiveStatus(); }).Text().value_or("");
  const auto hosts_of = [&](int rank, uint32_t port, const char* population) {
    return Value(text,
                 absl::StrCat("kansoku_darknet_day_port_hosts{rank=\"", rank, "\",protocol=\"tcp\",port=\"",
                              port, "\",population=\"", population, "\"}"));
  };
  EXPECT_EQ(hosts_of(1, 80, "all"), "12");
  EXPECT_EQ(hosts_of(2, 23, "all"), "10");
  EXPECT_EQ(hosts_of(1, 23, "non_survey"), "10");
  EXPECT_EQ(hosts_of(2, 80, "non_survey"), "absent") << "nine";
  for (const auto& [flag, packets] : std::map<std::string, std::string>{
           {"examined", "2560"}, {"high_ttl", "7"}, {"own_source", "0"}, {"any", "7"}}) {
    EXPECT_EQ(Value(text, "kansoku_darknet_day_flagged_packets{flag=\"" + flag + "\"}"), packets) << flag;
  }
}

// Late data waits for a day until there is another revision.
TEST(TelescopeSamples, ReadADayOnce) {
  StoreFolder folder;
  const std::unique_ptr<Store> store = *SqliteStore::Open({.path = folder.File()});
  ASSERT_TRUE(store->AddTelescopeDay(SampleDay("2024-10-31", 24)).ok());
  PortTable ports;
  std::vector<std::string> said;
  TelescopeSamples samples(*store, ports, [&said](const std::string& line) { said.push_back(line); });
  const auto look = [&] {
    MetricFamilies families(AggregatorMetrics());
    return samples.AddTo(kSampleStart, families);
  };
  ASSERT_EQ(look(), absl::OkStatus());
  auto database = Database::Open(folder.File(), SQLITE_OPEN_READWRITE);
  ASSERT_EQ(database->Execute("UPDATE telescope_day SET record = x'00'"), absl::OkStatus());
  ASSERT_EQ(database->Execute("INSERT INTO day_change (day, changes) VALUES ('2024-10-31', 9)"),
            absl::OkStatus());
  EXPECT_EQ(look(), absl::OkStatus());
  EXPECT_EQ(samples.errors(), 0u);
  ports.Take(SampleCategories());
  EXPECT_EQ(look(), absl::OkStatus());
  EXPECT_EQ(samples.errors(), 1u) << "another table: it is read again";
  EXPECT_EQ(look(), absl::OkStatus());
  EXPECT_EQ(samples.errors(), 2u);
  ASSERT_TRUE(store->AddTelescopeDay(SampleDay("2024-11-01", 24)).ok());
  EXPECT_EQ(look(), absl::OkStatus());
  EXPECT_EQ(samples.errors(), 2u);
  EXPECT_EQ(said,
            (std::vector<std::string>{"a day of the telescopes is not at /metrics: the store's telescope day "
                                      "2024-10-31 cannot be read; restore the store from a copy",
                                      "the telescopes' days are at /metrics again"}));
}

TEST(TelescopeSamples, CostNothingElseWhereTheDayIsDamaged) {
  StoreFolder folder;
  const std::unique_ptr<Store> store = *SqliteStore::Open({.path = folder.File()});
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), absl::UnixEpoch()).ok());
  const std::vector<v1::SequencedReport> reports = {SampleReport(1, "tokyo", kSampleStart)};
  const CollectorBatch batch{"tokyo", 1, reports};
  ASSERT_TRUE(store->Commit({&batch, 1}, absl::UnixEpoch()).ok());
  ASSERT_TRUE(store->AddTelescopeDay(SampleDay("2024-10-31", 24)).ok());
  auto database = Database::Open(folder.File(), SQLITE_OPEN_READWRITE);
  ASSERT_EQ(database->Execute("UPDATE telescope_day SET record = x'00'"), absl::OkStatus());
  PortTable ports;
  LiveStatus live;
  live.keeper_errors = 3;
  const MetricsCollectable metrics(*store, ports, [&live] { return live; });
  const std::string connected = R"(kansoku_collector_connected{isp="isp-1",collector="tokyo"})";
  for (const char* errors : {"3", "4", "5"}) {
    const auto text = metrics.Text();
    ASSERT_TRUE(text.ok()) << text.status();
    EXPECT_EQ(Value(*text, connected), "0");
    EXPECT_EQ(Value(*text, "kansoku_darknet_day_start_timestamp_seconds"), "absent");
    EXPECT_EQ(Value(*text, "kansoku_statistics_errors_total"), errors);
  }
}

}  // namespace
}  // namespace kansoku::aggregator
