// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/metrics_collectable.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "proto/contract/histogram.h"
#include "proto/contract/measurement.h"
#include "proto/contract/metric_catalog.h"
#include "tests/aggregator/serve/sample_telescope.h"
#include "tests/aggregator/serve/sample_use.h"
#include "tests/aggregator/serve/sample_vintage.h"
#include "tests/aggregator/serve/served_store.h"
#include "tests/testing/skip_or_fail.h"

namespace kansoku::aggregator {
namespace {

LiveStatus Live() {
  LiveStatus live;
  live.connected_collectors = {"tokyo"};
  live.refused_reports = {{"tokyo", 2}};
  live.refused_hellos = 5;
  live.clock_offsets["tokyo"] = absl::Seconds(1);
  live.certificate_expiries["tokyo"] = absl::FromUnixSeconds(4'100'000'000);
  live.denied_queries = 6;
  live.failed_handshakes = 7;
  live.exceeded_limits = {{"streams", 8}};
  live.expire_errors = 6;
  live.commits = 7;
  live.commit_errors = 1;
  live.register_is_taken = true;
  return live;
}

const PortTable kNoPorts;

std::string Scrape(ServedStore& store) {
  const auto text = MetricsCollectable(*store, kNoPorts, Live, SampleUse).Text();
  EXPECT_TRUE(text.ok()) << text.status();
  return text.ok() ? *text : "";
}

// One window with two transports of one class, one fixed upload, and a telescope.
v1::Measurement Window() {
  v1::Measurement measurement = SampleMeasurement(2, 1);
  measurement.clear_cells();
  for (const v1::Transport transport : {v1::TRANSPORT_TCP, v1::TRANSPORT_UDP}) {
    v1::Cell& cell = *measurement.add_cells();
    cell.mutable_traffic_class()->set_group(v1::GROUP_A1);
    cell.mutable_traffic_class()->set_access(v1::ACCESS_FIXED);
    cell.mutable_traffic_class()->set_direction(v1::DIRECTION_DOWNLOAD);
    cell.mutable_traffic_class()->set_family(v1::FAMILY_IPV6);
    cell.mutable_traffic_class()->set_carrier(v1::CARRIER_NATIVE);
    cell.mutable_traffic_class()->set_transport(transport);
    cell.set_packets(10);
    cell.set_wire_octets(10'140);
    cell.set_ip_octets(10'000);
    cell.set_new_flows(3);
  }
  return measurement;
}

void Publish(ServedStore& store, const v1::Vintage& vintage) {
  const absl::Status added = store->AddVintage(vintage, {});
  ASSERT_TRUE(added.ok()) << added;
}

// A month of both series: a figure of each metric, and one of a profile.
void PublishOfEach(ServedStore& store, const std::string& month) {
  Publish(store, SampleVintage(v1::SERIES_FIXED, month, 1, kSampleStart,
                               {SampleFigure("fixed_download_national", {}, "38.9", "77800000000001/2"),
                                SampleFigure("fixed_coverage", {}, "0.4390", "439/1000"),
                                SampleFigure("fixed_volume_per_day", {{"direction", "download"}}, "1", "1"),
                                SampleFigure("fixed_per_contract_rate", {{"direction", "upload"}}, "1", "1"),
                                SampleFigure("fixed_download_growth", {{"lag", "12_months"}}, "12.7", "1/8"),
                                SampleFigure("fixed_hour_profile", {{"slot", "21-23"}}, "1", "1")}));
  Publish(store, SampleVintage(v1::SERIES_MOBILE, month, 1, kSampleStart,
                               {SampleFigure("mobile_rate", {{"direction", "total"}}, "5", "5")}));
}

TEST(MetricsCollectable, ExportsTheCatalogueAndNothingElse) {
  ServedStore store;
  PublishOfEach(store, "2024-10");
  store.Welcome("tokyo");
  store.Add("tokyo", kSampleStart, Window());
  store.Commit("tokyo", {SampleTombstone(2, "tokyo", kSampleStart + 10)});
  v1::TelescopeDay day = SampleDay("2024-10-31", 16);
  day.mutable_sources()->add_tools()->set_tool("zmap");
  day.mutable_subscribers()->set_reached(1);
  day.mutable_sensors(0)->mutable_soft_flags()->set_examined(16);
  ASSERT_TRUE(store->AddTelescopeDay(day).ok());
  RecordProcess(store, "tokyo");
  PortTable ports;
  ports.Take(SampleCategories());
  const auto families = MetricsCollectable(*store, ports, Live, SampleUse).Read();
  ASSERT_TRUE(families.ok()) << families.status();
  std::set<std::string> exported;
  for (const prometheus::MetricFamily& family : *families) {
    if (family.name == metrics::kDarknetYearBaseRatio.name) continue;
    EXPECT_FALSE(family.metric.empty()) << family.name << " has no sample";
    EXPECT_TRUE(exported.insert(family.name).second) << family.name << " twice";
  }
  std::set<std::string> documented;
  for (const Metric* metric : AggregatorMetrics()) {
    // That of whole years: year_samples_test.cc.
    if (metric->name.starts_with("kansoku_history_") || metric == &metrics::kDarknetYearBaseRatio) continue;
    documented.emplace(metric->name);
  }
  EXPECT_EQ(exported, documented);
}

TEST(MetricsCollectable, HasNoSeriesTwice) {
  ServedStore store;
  store.Welcome("osaka");
  store.Welcome("tokyo");
  store.AddSamples("osaka", kSampleStart, 30);
  store.AddSamples("tokyo", kSampleStart, 30);
  std::istringstream lines(Scrape(store));
  std::set<std::string> series;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(series.insert(line.substr(0, line.rfind(' '))).second || line.starts_with('#')) << line;
  }
  EXPECT_GT(series.size(), 100u);
}

TEST(MetricsCollectable, SumsOverWhatIsNotALabel) {
  ServedStore store;
  store.Welcome("tokyo");
  store.Add("tokyo", kSampleStart, Window());
  store.Add("tokyo", kSampleStart + 10, Window());
  const std::string text = Scrape(store);
  const std::string labels =
      R"({isp="isp-1",point="tokyo",group="a1",access="fixed",direction="download",family="ipv6"})";
  EXPECT_EQ(Value(text, "kansoku_traffic_ip_bytes_total" + labels), "40000");
  EXPECT_EQ(Value(text, "kansoku_traffic_wire_bytes_total" + labels), "40560");
  EXPECT_EQ(Value(text, "kansoku_traffic_packets_total" + labels), "40");
  EXPECT_EQ(Value(text, "kansoku_traffic_new_flows_total" + labels), "12");
  EXPECT_EQ(Value(text, R"(kansoku_darknet_packets_total{sensor="dark-0",class="tcp_syn",family="ipv4"})"),
            "6");
  EXPECT_EQ(Value(text, R"(kansoku_darknet_address_seconds_total{sensor="dark-0"})"), "5120");
  EXPECT_EQ(Value(text, R"(kansoku_darknet_observed_addresses{sensor="dark-0"})"), "256");
  EXPECT_EQ(
      Value(text,
            R"(kansoku_point_last_window_timestamp_seconds{isp="isp-1",point="tokyo",collector="tokyo"})"),
      "1730419220");
  EXPECT_EQ(Value(text, R"(kansoku_point_windows_total{isp="isp-1",point="tokyo",collector="tokyo"})"), "2");
}

TEST(MetricsCollectable, CountsTheAddressesOfASensorOnceThatMovedBetweenPoints) {
  const std::string series = R"(kansoku_darknet_observed_addresses{sensor="dark-0"})";
  ServedStore store;
  for (const char* point : {"old", "new", "beside"}) store.Welcome(point);
  store.Add("old", kSampleStart, Window());
  store.Add("new", kSampleStart + 300, Window());
  EXPECT_EQ(Value(Scrape(store), series), "512") << "may only be late";
  store.Add("new", kSampleStart + 310, Window());
  EXPECT_EQ(Value(Scrape(store), series), "256");
  store.Add("beside", kSampleStart + 300, Window());
  EXPECT_EQ(Value(Scrape(store), series), "512");
}

TEST(MetricsCollectable, EstimatesTrafficAndKeepsWhatWasObservedApart) {
  ServedStore store;
  store.Welcome("tokyo");
  v1::Measurement window = Window();
  v1::Cell& sampled = *window.mutable_cells(0);
  sampled.mutable_traffic_class()->set_carrier(v1::CARRIER_GTPU);
  sampled.set_outer_ip_octets(10'360);
  sampled.set_inner_ip_octets(10'000);
  sampled.mutable_estimate()->set_packets(100);
  sampled.mutable_estimate()->set_wire_octets(101'400);
  sampled.mutable_estimate()->set_ip_octets(100'000);
  sampled.mutable_estimate()->mutable_ip_octets_variance()->set_low(9'000'000);
  Canonicalize(window);
  store.Add("tokyo", kSampleStart, window);
  const std::string text = Scrape(store);
  const std::string labels =
      R"({isp="isp-1",point="tokyo",group="a1",access="fixed",direction="download",family="ipv6"})";
  const std::string point = R"({isp="isp-1",point="tokyo"})";
  EXPECT_EQ(Value(text, "kansoku_traffic_ip_bytes_total" + labels), "110000");
  EXPECT_EQ(Value(text, "kansoku_traffic_wire_bytes_total" + labels), "111540");
  EXPECT_EQ(Value(text, "kansoku_traffic_packets_total" + labels), "110");
  EXPECT_EQ(Value(text, "kansoku_observed_ip_bytes_total" + point), "20000");
  EXPECT_EQ(Value(text, "kansoku_observed_packets_total" + point), "20");
  EXPECT_EQ(Value(text, "kansoku_traffic_ip_standard_error_bytes" + point), "3000");
  EXPECT_EQ(Value(text, R"(kansoku_carrier_ip_bytes_total{isp="isp-1",point="tokyo",carrier="gtpu"})"),
            "100000");
  EXPECT_EQ(Value(text, R"(kansoku_carrier_ip_bytes_total{isp="isp-1",point="tokyo",carrier="native"})"),
            "10000");
  EXPECT_EQ(Value(text, "kansoku_outer_ip_bytes_total" + point), "10360");
  EXPECT_EQ(Value(text, "kansoku_inner_ip_bytes_total" + point), "10000");
}

TEST(MetricsCollectable, ComparesWithTheInterfaceAndNamesCorrections) {
  ServedStore store;
  store.Welcome("tokyo");
  v1::Measurement window = SampleMeasurement(2, 1);
  v1::Ledger& ledger = *window.mutable_ledger();
  ledger.set_nic_packets(5'000);
  ledger.set_nic_octets(400'000);
  ledger.set_tap_packets(900);
  ledger.set_segmented_packets(3);
  ledger.set_segmented_wire_octets(162);
  ledger.set_not_sampled_packets(2);
  ledger.set_not_sampled_wire_octets(2'028);
  ledger.set_ring_freezes(1);
  ledger.set_tcp_flows_ended(6);
  ledger.set_tcp_flows_one_sided(5);
  ledger.set_flow_records_dropped(4);
  window.add_flags(v1::QUALITY_FLAG_OFFLOADED);
  store.Add("tokyo", kSampleStart, window);
  const std::string text = Scrape(store);
  const std::string point = R"({isp="isp-1",point="tokyo"})";
  EXPECT_EQ(Value(text, "kansoku_nic_packets_total" + point), "5000");
  EXPECT_EQ(Value(text, "kansoku_nic_bytes_total" + point), "400000");
  EXPECT_EQ(Value(text, "kansoku_tap_packets_total" + point), "900");
  EXPECT_EQ(Value(text, "kansoku_ledger_segmented_packets_total" + point), "3");
  EXPECT_EQ(Value(text, "kansoku_ledger_segmented_bytes_total" + point), "162");
  EXPECT_EQ(Value(text, "kansoku_ledger_not_sampled_packets_total" + point), "2");
  EXPECT_EQ(Value(text, "kansoku_ledger_not_sampled_bytes_total" + point), "2028");
  EXPECT_EQ(Value(text, "kansoku_ring_freezes_total" + point), "1");
  EXPECT_EQ(Value(text, "kansoku_tcp_ended_flows_total" + point), "6");
  EXPECT_EQ(Value(text, "kansoku_tcp_one_sided_flows_total" + point), "5");
  EXPECT_EQ(Value(text, "kansoku_ledger_dropped_flow_records_total" + point), "4");
  EXPECT_EQ(Value(text, R"(kansoku_point_quality{isp="isp-1",point="tokyo",flag="offloaded"})"), "1");
  EXPECT_EQ(Value(text, R"(kansoku_point_quality{isp="isp-1",point="tokyo",flag="sampled"})"), "0");
  EXPECT_EQ(Value(text, R"(kansoku_identity_holds{subject="tokyo",identity="nic_packets"})"), "0");
}

TEST(MetricsCollectable, ShowsTcpByAccessAndDirection) {
  ServedStore store;
  store.Welcome("tokyo");
  v1::Measurement window = Window();
  for (v1::Cell& cell : *window.mutable_cells()) {
    v1::FlowStatistics& statistics = *cell.mutable_statistics();
    statistics.set_tcp_segments(100);
    statistics.set_tcp_retransmitted_segments(7);
    statistics.set_tcp_reset_flows(1);
    statistics.mutable_handshake_microseconds()->add_buckets(BucketOf(5'000));
    statistics.mutable_handshake_microseconds()->add_counts(4);
  }
  store.Add("tokyo", kSampleStart, window);
  const std::string text = Scrape(store);
  const std::string labels = R"(isp="isp-1",point="tokyo",access="fixed",direction="download")";
  // Of the two classes only the TCP one.
  EXPECT_EQ(Value(text, "kansoku_tcp_segments_total{" + labels + "}"), "100");
  EXPECT_EQ(Value(text, "kansoku_tcp_retransmitted_segments_total{" + labels + "}"), "7");
  EXPECT_EQ(Value(text, "kansoku_tcp_reset_flows_total{" + labels + "}"), "1");
  EXPECT_EQ(Value(text, "kansoku_tcp_handshake_seconds_count{" + labels + "}"), "4");
  EXPECT_EQ(Value(text, "kansoku_tcp_handshake_seconds_bucket{" + labels + R"(,le="0.004096"})"), "0");
  EXPECT_EQ(Value(text, "kansoku_tcp_handshake_seconds_bucket{" + labels + R"(,le="0.008192"})"), "4");
  EXPECT_EQ(Value(text, "kansoku_tcp_handshake_seconds_bucket{" + labels + R"(,le="+Inf"})"), "4");
}

TEST(MetricsCollectable, ShowsAPointThatHasNotReportedAtZero) {
  ServedStore store;
  store.Welcome("tokyo");
  const std::string text = Scrape(store);
  EXPECT_EQ(
      Value(text,
            R"(kansoku_point_last_window_timestamp_seconds{isp="isp-1",point="tokyo",collector="tokyo"})"),
      "0");
  EXPECT_EQ(Value(text, R"(kansoku_ledger_received_packets_total{isp="isp-1",point="tokyo"})"), "0");
  EXPECT_EQ(Value(text, R"(kansoku_ledger_refused_packets_total{isp="isp-1",point="tokyo",reason="not_ip"})"),
            "0");
  EXPECT_EQ(Value(text, R"(kansoku_ledger_remarked_packets_total{isp="isp-1",point="tokyo",remark="late"})"),
            "0");
  EXPECT_EQ(Value(text, R"(kansoku_identity_holds{subject="tokyo",identity="stored_packets"})"), "1");
  EXPECT_EQ(Value(text, R"(kansoku_collector_reports{isp="isp-1",collector="tokyo",state="spooled"})"), "0");
}

TEST(MetricsCollectable, ShowsWhatBecameOfACollectorsConfiguration) {
  ServedStore store;
  store.Welcome("tokyo");
  const auto value = [&](const std::string& name, const std::string& label = "") {
    return Value(Scrape(store),
                 "kansoku_collector_config_" + name + R"({isp="isp-1",collector="tokyo")" + label + "}");
  };
  EXPECT_EQ(value("last_reload_successful"), "1");
  v1::Delivery delivery;
  delivery.mutable_configuration()->set_taken(3);
  delivery.mutable_configuration()->set_refused(2);
  delivery.mutable_configuration()->set_is_refused(true);
  delivery.mutable_configuration()->set_awaiting_restart(4);
  ASSERT_TRUE(store->RecordDelivery("tokyo", SampleHello("tokyo").epoch(), delivery, absl::UnixEpoch()).ok());
  EXPECT_EQ(value("reloads_total", R"(,result="taken")"), "3");
  EXPECT_EQ(value("reloads_total", R"(,result="refused")"), "2");
  EXPECT_EQ(value("last_reload_successful"), "0");
  EXPECT_EQ(value("awaiting_settings"), "4");
}

TEST(MetricsCollectable, ShowsTheLastPublishedMonthInItsLatestVintage) {
  ServedStore store;
  PublishOfEach(store, "2024-10");
  PublishOfEach(store, "2024-09");
  const std::string download =
      R"(kansoku_fixed_traffic_bits_per_second{direction="download",scope="national",)"
      R"(group="a1",basis="contract_share"})";
  std::string text = Scrape(store);
  EXPECT_EQ(Value(text, download), "38900000000000.5");
  EXPECT_EQ(Value(text, R"(kansoku_fixed_coverage_ratio{basis="contract_share"})"), "0.439");
  EXPECT_EQ(Value(text, R"(kansoku_growth_ratio{series="fixed",direction="download",lag="12_months"})"),
            "0.125");
  EXPECT_EQ(Value(text, R"(kansoku_mobile_traffic_bits_per_second{direction="total"})"), "5");
  EXPECT_EQ(Value(text, R"(kansoku_period_complete_ratio{series="mobile"})"), "0.9");
  EXPECT_EQ(
      Value(text, R"(kansoku_figure_info{figure="fixed_coverage",period="2024-10",basis="contract_share",)"
                  R"(vintage="1",digits="4"})"),
      "1");

  Publish(store, SampleVintage(v1::SERIES_FIXED, "2024-10", 2, kSampleStart + 1,
                               {SampleFigure("fixed_download_national", {}, "39.0", "39000000000000")}));
  text = Scrape(store);
  EXPECT_EQ(Value(text, download), "39000000000000");
  EXPECT_EQ(Value(text, R"(kansoku_fixed_coverage_ratio{basis="contract_share"})"), "absent");
  EXPECT_EQ(Value(text, R"(kansoku_mobile_traffic_bits_per_second{direction="total"})"), "5");
}

TEST(MetricsCollectable, ShowsAViolatedIdentity) {
  ServedStore store;
  store.Welcome("tokyo");
  store.Add("tokyo", kSampleStart, Window());  // its ledger counts other packets
  const std::string text = Scrape(store);
  EXPECT_EQ(Value(text, R"(kansoku_identity_holds{subject="tokyo",identity="captured_packets"})"), "0");
  EXPECT_EQ(Value(text, R"(kansoku_identity_holds{subject="tokyo",identity="stored_packets"})"), "1");
}

TEST(MetricsCollectable, ShowsWhatTheProcessKnows) {
  ServedStore store;
  store.Welcome("osaka");
  store.Welcome("tokyo");
  const std::string text = Scrape(store);
  EXPECT_EQ(Value(text, R"(kansoku_collector_connected{isp="isp-1",collector="tokyo"})"), "1");
  EXPECT_EQ(Value(text, R"(kansoku_collector_connected{isp="isp-1",collector="osaka"})"), "0");
  EXPECT_EQ(Value(text, R"(kansoku_ingest_refused_reports_total{isp="isp-1",collector="tokyo"})"), "2");
  EXPECT_EQ(Value(text, R"(kansoku_ingest_refused_reports_total{isp="isp-1",collector="osaka"})"), "0");
  EXPECT_EQ(Value(text, "kansoku_ingest_refused_hellos_total"), "5");
  EXPECT_EQ(Value(text, "kansoku_query_denied_requests_total"), "6");
  EXPECT_EQ(Value(text, "kansoku_tls_failed_handshakes_total"), "7");
  EXPECT_EQ(Value(text, R"(kansoku_limits_exceeded_total{limit="streams"})"), "8");
  EXPECT_EQ(Value(text, "kansoku_store_expire_errors_total"), "6");
  EXPECT_EQ(Value(text, "kansoku_store_commits_total"), "7");
  EXPECT_EQ(Value(text, "kansoku_store_commit_errors_total"), "1");
  EXPECT_EQ(Value(text, R"(kansoku_build_info{program="kansoku-aggregator",version="0.1.0"})"), "1");
}

TEST(MetricsCollectable, CountersSurviveARestartAndExpiry) {
  ServedStore store;
  store.Welcome("tokyo");
  store.AddSamples("tokyo", kSampleStart, 30);
  const std::string before = Scrape(store);
  ASSERT_TRUE(store->Expire(kSampleNow + absl::Hours(24 * 400)).ok());
  store.Reopen();
  std::string after = Scrape(store);
  // Only the gauges of the last window are gone with the window.
  const std::string gauge = "kansoku_darknet_observed_addresses";
  std::istringstream lines(before);
  int counters = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(gauge) || line.starts_with("kansoku_point_quality{")) continue;
    counters += line.find("_total") != std::string::npos;
    EXPECT_NE(("\n" + after).find("\n" + line + "\n"), std::string::npos) << line;
  }
  EXPECT_GT(counters, 20);
}

TEST(MetricsCollectable, PassesPromtool) {
  if (std::system("command -v promtool >/dev/null 2>&1") != 0) {
    return testing::SkipOrFail("promtool is not installed; run deploy/dependencies --for test");
  }
  ServedStore store;
  store.Welcome("tokyo");
  store.AddSamples("tokyo", kSampleStart, 30);
  PublishOfEach(store, "2024-10");
  StoreFolder folder;
  const std::string file = folder.File("metrics.txt");
  std::ofstream(file) << Scrape(store);
  const std::string command = "promtool check metrics < '" + file + "' 2>&1";
  FILE* promtool = popen(command.c_str(), "r");
  ASSERT_NE(promtool, nullptr);
  std::string said;
  char buffer[512];
  while (std::fgets(buffer, sizeof buffer, promtool) != nullptr) said += buffer;
  pclose(promtool);
  // METRICS 1.5 gives these names, and rates of traffic are published in bits.
  EXPECT_EQ(said,
            "kansoku_fixed_per_contract_bits_per_second use base unit \"bytes\" instead of \"bits\"\n"
            "kansoku_fixed_traffic_bits_per_second use base unit \"bytes\" instead of \"bits\"\n"
            "kansoku_mobile_traffic_bits_per_second use base unit \"bytes\" instead of \"bits\"\n");
}

}  // namespace
}  // namespace kansoku::aggregator
