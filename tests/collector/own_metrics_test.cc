// SPDX-License-Identifier: Apache-2.0
#include "collector/own_metrics.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>

#include "proto/contract/metric_catalog.h"

namespace kansoku::collector {
namespace {

v1::WindowReport Window(const std::string& point, uint64_t captured) {
  v1::WindowReport report;
  report.set_point(point);
  v1::Ledger& ledger = *report.mutable_measurement()->mutable_ledger();
  ledger.set_captured_packets(captured);
  ledger.set_kernel_dropped_packets(3);
  ledger.set_interface_dropped_packets(2);
  ledger.set_ring_freezes(1);
  return report;
}

OwnState State() {
  OwnState state;
  state.process.set_cpu_milliseconds(1'500);
  state.process.set_resident_bytes(30'000'000);
  state.process.set_started_unix_seconds(1'730'419'200);
  state.spool = {.bytes = 4096, .free_bytes = 8192};
  state.certificate_expiries["grpc"] = absl::FromUnixSeconds(1'800'000'000);
  LinkTotals totals;
  totals.Introduce("silent");
  totals.Add(Window("uplink", 100));
  totals.Add(Window("uplink", 11));
  state.links = totals.Read();
  state.findings = {{.check = "clock", .verdict = Verdict::kDistorts},
                    {.check = "merging", .interface = "eth0", .verdict = Verdict::kOk}};
  state.exported.connected = true;
  state.exported.delivery.set_reports_closed(9);
  state.exported.delivery.set_reports_acknowledged(4);
  state.exported.delivery.set_reports_spooled(3);
  state.exported.delivery.set_reports_evicted(2);
  state.exported.caught_up_at = absl::FromUnixSeconds(1'730'419'260);
  state.survey_lists = {{.name = "shodan", .version = "2026-01", .is_in_force = true},
                        {.name = "old", .version = "2024-01", .is_in_force = false}};
  return state;
}

// "absent" if there is none.
std::string Value(const std::string& text, const std::string& series) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(series + " ")) return line.substr(series.size() + 1);
  }
  return "absent";
}

TEST(OwnMetrics, AreThoseOfTheCatalogueEachWithASample) {
  const std::string text = OwnMetricsText(State());
  std::set<std::string> exported, sampled;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE ")) exported.insert(line.substr(7, line.find(' ', 7) - 7));
    if (!line.starts_with('#')) sampled.insert(line.substr(0, line.find_first_of("{ ")));
  }
  std::set<std::string> documented;
  for (const Metric* metric : CollectorMetrics()) documented.emplace(metric->name);
  EXPECT_EQ(exported, documented);
  EXPECT_EQ(sampled, documented);
}

TEST(OwnMetrics, SayWhatWasFound) {
  const std::string text = OwnMetricsText(State());
  EXPECT_EQ(Value(text, R"(kansoku_build_info{program="kansoku-collector",version="0.1.0"})"), "1");
  EXPECT_EQ(Value(text, "kansoku_process_cpu_seconds_total"), "1.5");
  EXPECT_EQ(Value(text, "kansoku_process_resident_bytes"), "30000000");
  EXPECT_EQ(Value(text, R"(kansoku_certificate_expiry_timestamp_seconds{of="grpc"})"), "1800000000");
  EXPECT_EQ(Value(text, R"(kansoku_edge_windows_total{point="uplink"})"), "2");
  EXPECT_EQ(Value(text, R"(kansoku_edge_captured_packets_total{point="uplink"})"), "111");
  EXPECT_EQ(Value(text, R"(kansoku_edge_captured_packets_total{point="silent"})"), "0");
  EXPECT_EQ(Value(text, R"(kansoku_edge_dropped_packets_total{point="uplink",by="kernel"})"), "6");
  EXPECT_EQ(Value(text, R"(kansoku_edge_dropped_packets_total{point="uplink",by="interface"})"), "4");
  EXPECT_EQ(Value(text, R"(kansoku_edge_ring_freezes_total{point="uplink"})"), "2");
  EXPECT_EQ(Value(text, R"(kansoku_edge_finding_severity{interface="",check="clock"})"), "2");
  EXPECT_EQ(Value(text, R"(kansoku_edge_finding_severity{interface="eth0",check="merging"})"), "0");
  EXPECT_EQ(Value(text, "kansoku_edge_connected"), "1");
  EXPECT_EQ(Value(text, R"(kansoku_edge_reports_total{state="closed"})"), "9");
  EXPECT_EQ(Value(text, R"(kansoku_edge_reports_total{state="acknowledged"})"), "4");
  EXPECT_EQ(Value(text, R"(kansoku_edge_reports_total{state="evicted"})"), "2");
  EXPECT_EQ(Value(text, "kansoku_edge_spool_reports"), "3");
  EXPECT_EQ(Value(text, "kansoku_edge_spool_bytes"), "4096");
  EXPECT_EQ(Value(text, "kansoku_edge_spool_free_disk_bytes"), "8192");
  EXPECT_EQ(Value(text, "kansoku_edge_caught_up_timestamp_seconds"), "1730419260");
  EXPECT_EQ(Value(text, R"(kansoku_edge_survey_list_in_force{list="shodan",version="2026-01"})"), "1");
  EXPECT_EQ(Value(text, R"(kansoku_edge_survey_list_in_force{list="old",version="2024-01"})"), "0");
}

TEST(OwnMetrics, AreAbsentWhereThereIsNothingToSay) {
  const std::string text = OwnMetricsText({});
  EXPECT_EQ(Value(text, "kansoku_edge_caught_up_timestamp_seconds"), "absent");
  EXPECT_EQ(Value(text, "kansoku_edge_spool_free_disk_bytes"), "absent");
  EXPECT_EQ(Value(text, "kansoku_edge_connected"), "0");
}

}  // namespace
}  // namespace kansoku::collector
