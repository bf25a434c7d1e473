// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/telescope_samples.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "aggregator/serve/metrics_collectable.h"
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
  ports.Take(SampleCategories());
  EXPECT_EQ(Value(scrape(), iot), "0.75");

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

}  // namespace
}  // namespace kansoku::aggregator
