// SPDX-License-Identifier: Apache-2.0
//
// What can be changed of an exporter that runs, and what it does with reports that give way on their way.
#include <thread>

#include "tests/collector/export/exporter_fixture.h"

namespace kansoku::collector {
namespace {

class ExporterChange : public ExporterTest {
 protected:
  ExportSettings Settings() const {
    return {.aggregator = options_.aggregator, .spool = options_.spool, .points = options_.points};
  }
  static bool WaitFor(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }
};

TEST_F(ExporterChange, GoesToAnotherAggregatorWithoutALossOrAReportTwice) {
  TestAggregator other;
  other.StartServer();
  auto exporter = Start();
  Submit(*exporter, 1, 50);
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  ExportSettings settings = Settings();
  settings.aggregator.set_address(other.address());
  ASSERT_TRUE(exporter->Reconfigure(settings).ok());
  ASSERT_TRUE(SaidWithin30Seconds("connected to " + other.address())) << lines();
  Submit(*exporter, 51, 80);
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  const uint64_t epoch = exporter->Status().epoch;
  ExpectStored(epoch, 50);
  const auto stored = other.Stored(epoch);
  ASSERT_EQ(stored.size(), 30u);
  EXPECT_EQ(stored.begin()->first, 51u);
  EXPECT_EQ(exporter->Status().delivery.reports_acknowledged(), 80u);
}

TEST_F(ExporterChange, AwaitsWhatIsOwedBeforeItGoesToAnotherAggregator) {
  TestAggregator other;
  other.StartServer();
  aggregator_.Behave({.acknowledge = false, .acknowledge_goodbye = true});
  options_.aggregator.set_max_batch_bytes(1);  // each report is sent at once
  auto exporter = Start();
  const uint64_t epoch = exporter->Status().epoch;
  Submit(*exporter, 1, 10);
  ASSERT_TRUE(WaitFor([&] { return aggregator_.Stored(epoch).size() == 10; }));
  ExportSettings settings = Settings();
  settings.aggregator.set_address(other.address());
  ASSERT_TRUE(exporter->Reconfigure(settings).ok());
  ASSERT_TRUE(SaidWithin30Seconds("connected to " + other.address())) << lines();
  Submit(*exporter, 11, 11);
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  ExpectStored(epoch, 10);
  const auto stored = other.Stored(epoch);
  ASSERT_EQ(stored.size(), 1u);
  EXPECT_EQ(stored.begin()->first, 11u);
}

TEST_F(ExporterChange, StaysConnectedWhereOnlyTheSpoolsLimitsChange) {
  aggregator_.Behave({.acknowledge = false});
  auto exporter = Start();
  ASSERT_TRUE(SaidWithin30Seconds("connected to")) << lines();
  ExportSettings settings = Settings();
  settings.spool.set_max_bytes(1);
  ASSERT_TRUE(exporter->Reconfigure(settings).ok());
  Submit(*exporter, 1, 1);
  ASSERT_TRUE(SaidWithin30Seconds("is full (1 bytes)")) << lines();
  EXPECT_EQ(aggregator_.streams(), 1u);
}

TEST_F(ExporterChange, TellsWhatBecameOfTheConfiguration) {
  auto exporter = Start();
  v1::ConfigurationState state;
  state.set_refused(1);
  state.set_is_refused(true);
  exporter->TellConfiguration(state);
  ASSERT_TRUE(WaitFor([&] {
    const auto delivery = aggregator_.LastDelivery();
    return delivery.has_value() && delivery->configuration().is_refused();
  }));
  EXPECT_EQ(aggregator_.LastDelivery()->configuration().refused(), 1u);
}

TEST_F(ExporterChange, AReportThatGaveWayAfterItWasSentIsNoLossIfItArrived) {
  aggregator_.Behave({.acknowledge = false});
  options_.aggregator.set_max_batch_bytes(1);  // each report is sent at once
  options_.spool.set_max_bytes(3 * SampleReport(100).ByteSizeLong());
  auto exporter = Start();
  const uint64_t epoch = exporter->Status().epoch;
  for (uint64_t n = 1; n <= 10; ++n) {
    Submit(*exporter, n, n);
    ASSERT_TRUE(WaitFor([&] { return aggregator_.Stored(epoch).size() == n; }));
  }
  EXPECT_GE(exporter->Status().delivery.reports_evicted(), 6u);
  aggregator_.Behave({});
  Submit(*exporter, 11, 11);
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  ExpectStored(epoch, 11);
  EXPECT_EQ(exporter->Status().delivery.reports_acknowledged(), 11u);
  EXPECT_EQ(exporter->Status().delivery.reports_evicted(), 0u);
}

}  // namespace
}  // namespace kansoku::collector
