// SPDX-License-Identifier: Apache-2.0
#include "tests/end_to_end/live_system.h"

#include <algorithm>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace kansoku::testing {

void LiveSystemTest::StartAggregator() {
  std::ofstream(dir_.File("aggregator.yaml"))
      << "listen: 127.0.0.1:0\nmetrics_listen: 127.0.0.1:0\nstore_path: " << dir_.File("store.db") << "\n";
  aggregator_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{KANSOKU_AGGREGATOR, "--config", dir_.File("aggregator.yaml")});
  const std::string line = aggregator_->WaitForLine("listening:");
  const size_t at = line.find("127.0.0.1:");
  ASSERT_NE(at, std::string::npos) << line;
  address_ = line.substr(at, line.find(',') - at);
  const size_t metrics = line.find("http://") + 7;
  metrics_address_ = line.substr(metrics, line.find('/', metrics) - metrics);
}

std::unique_ptr<ChildProcess> LiveSystemTest::StartCollector() const {
  std::ofstream(dir_.File("collector.yaml"))
      << CollectorConfig("method: packet_ring", "  - {point: p, interface: right}\n");
  auto collector = std::make_unique<ChildProcess>(
      std::vector<std::string>{KANSOKU_COLLECTOR, "--config", dir_.File("collector.yaml")});
  EXPECT_NE(collector->WaitForLine("connected to"), "");
  return collector;
}

std::string LiveSystemTest::CollectorConfig(const std::string& capture, const std::string& links) const {
  return absl::StrCat("collector: c\nisp: i\nwindow_seconds: 1\naggregator: {address: \"", address_,
                      "\"}\nspool: {path: ", dir_.File("spool.db"), "}\ncapture: {ring_bytes: 8388608, ",
                      capture, "}\nlinks:\n", links);
}

std::map<std::string, nlohmann::json> LiveSystemTest::Ledgers() const {
  const Finished run = RunProgram({KANSOKU_CTL, "--aggregator", address_, "--json", "ledger"});
  std::map<std::string, nlohmann::json> ledgers;
  const auto answer = nlohmann::json::parse(run.out, nullptr, false);
  if (!answer.is_object() || !answer.contains("collectors")) return ledgers;
  for (const auto& collector : answer["collectors"]) {
    if (!collector.contains("points")) continue;
    for (const auto& point : collector["points"]) ledgers[point["point"]] = point["ledger"];
  }
  return ledgers;
}

void LiveSystemTest::ExpectIdentitiesHold() const {
  const Finished run = RunProgram({KANSOKU_CTL, "--aggregator", address_, "ledger"});
  EXPECT_EQ(run.exit_status, 0) << run.out << run.err;
}

uint64_t LiveSystemTest::Number(const nlohmann::json& ledger, const char* name) {
  return ledger.contains(name) ? std::stoull(ledger[name].get<std::string>()) : 0;
}

bool LiveSystemTest::WaitForPackets(const std::map<std::string, uint64_t>& of_points) const {
  const auto all_there = [&] {
    const auto ledgers = Ledgers();
    return std::all_of(of_points.begin(), of_points.end(), [&](const auto& point) {
      const auto found = ledgers.find(point.first);
      return found != ledgers.end() && Number(found->second, "captured_packets") >= point.second;
    });
  };
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (!all_there()) {
    if (absl::Now() > deadline) return false;
  }
  return true;
}

void LiveSystemTest::ExpectCounted(const std::string& point, uint64_t packets) const {
  const nlohmann::json ledger = Ledgers()[point];
  EXPECT_EQ(Number(ledger, "captured_packets"), packets) << point;
  EXPECT_EQ(Number(ledger, "received_packets"), packets) << point;
  EXPECT_EQ(Number(ledger, "nic_packets"), packets) << point;
  EXPECT_EQ(Number(ledger, "tap_packets"), packets) << point;
}

}  // namespace kansoku::testing
