// SPDX-License-Identifier: Apache-2.0
//
// What both programs take of their machines, as /metrics of the aggregator tells it.
#include "aggregator/serve/own_use.h"

#include <gtest/gtest.h>

#include <string>

#include "aggregator/serve/metrics_collectable.h"
#include "tests/aggregator/serve/sample_use.h"

namespace kansoku::aggregator {
namespace {

const PortTable kNoPorts;

std::string Scrape(ServedStore& store) {
  const auto live = [] { return LiveStatus{.connected_collectors = {"tokyo"}}; };
  const auto text = MetricsCollectable(*store, kNoPorts, live, SampleUse).Text();
  EXPECT_TRUE(text.ok()) << text.status();
  return text.ok() ? *text : "";
}

TEST(OwnUse, ShowsWhatAConnectedCollectorTakes) {
  ServedStore store;
  store.Welcome("osaka");
  store.Welcome("tokyo");
  const std::string cpu = "kansoku_collector_cpu_seconds_total", memory = "kansoku_collector_resident_bytes";
  const std::string tokyo = R"({isp="isp-1",collector="tokyo"})",
                    osaka = R"({isp="isp-1",collector="osaka"})";
  EXPECT_EQ(Value(Scrape(store), cpu + tokyo), "absent");  // it has not told yet
  RecordProcess(store, "osaka");
  RecordProcess(store, "tokyo");
  const std::string text = Scrape(store);
  EXPECT_EQ(Value(text, cpu + tokyo), "1.5");
  EXPECT_EQ(Value(text, memory + tokyo), "30000000");
  // Not connected: what it told is of the past.
  EXPECT_EQ(Value(text, cpu + osaka), "absent");
  EXPECT_EQ(Value(text, memory + osaka), "absent");
}

TEST(OwnUse, ShowsWhatTheAggregatorTakes) {
  ServedStore store;
  const std::string text = Scrape(store);
  EXPECT_EQ(Value(text, "kansoku_process_cpu_seconds_total"), "12.345");
  EXPECT_EQ(Value(text, "kansoku_process_resident_bytes"), "1048576");
  EXPECT_EQ(Value(text, "kansoku_process_start_timestamp_seconds"), "1730419200");
  EXPECT_EQ(Value(text, "kansoku_store_bytes"), "4096");
  EXPECT_EQ(Value(text, "kansoku_store_free_disk_bytes"), "8192");
  EXPECT_EQ(Value(text, R"(kansoku_certificate_expiry_timestamp_seconds{of="grpc"})"), "1800000000");
  EXPECT_EQ(Value(text, R"(kansoku_certificate_expiry_timestamp_seconds{of="metrics"})"), "absent");
  EXPECT_EQ(Value(text, R"(kansoku_acknowledgement_seconds_bucket{le="0.01"})"), "2");
  EXPECT_EQ(Value(text, R"(kansoku_acknowledgement_seconds_bucket{le="0.025"})"), "3");
  EXPECT_EQ(Value(text, R"(kansoku_acknowledgement_seconds_bucket{le="+Inf"})"), "4");
  EXPECT_EQ(Value(text, "kansoku_acknowledgement_seconds_sum"), "1.5");
  EXPECT_EQ(Value(text, "kansoku_acknowledgement_seconds_count"), "4");
}

}  // namespace
}  // namespace kansoku::aggregator
