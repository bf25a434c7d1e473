// SPDX-License-Identifier: Apache-2.0
#include "collector/export/exporter.h"

#include <sys/resource.h>

#include <csignal>

#include "tests/collector/export/exporter_fixture.h"

namespace kansoku::collector {
namespace {

TEST_F(ExporterTest, DeliversEveryReportOnceAtAnyBatchSize) {
  for (const uint64_t batch_bytes : {1ull, 100ull, 4096ull, 1048576ull}) {
    options_.spool.set_path(folder_ + "/spool_" + std::to_string(batch_bytes));
    options_.aggregator.set_max_batch_bytes(batch_bytes);
    auto exporter = Start();
    Submit(*exporter, 1, 500);
    ASSERT_TRUE(exporter->Drain(Soon())) << lines();
    const ExportStatus status = exporter->Status();
    ExpectStored(status.epoch, 500);
    EXPECT_TRUE(status.connected);
    EXPECT_EQ(status.delivery.reports_closed(), 500u);
    EXPECT_EQ(status.delivery.reports_acknowledged(), 500u);
    exporter->Stop();
    // The good-bye waits for the aggregator, so the last account has arrived.
    ASSERT_TRUE(aggregator_.LastDelivery().has_value());
    EXPECT_EQ(aggregator_.LastDelivery()->SerializeAsString(), status.delivery.SerializeAsString());
  }
}

TEST_F(ExporterTest, SaysNothingOfALossWhenItIsStopped) {
  auto exporter = Start();
  Submit(*exporter, 1, 1);
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  exporter->Stop();
  EXPECT_EQ(lines(), "connected to " + aggregator_.address() + "\n");
}

TEST_F(ExporterTest, IntroducesItself) {
  auto exporter = Start();
  Submit(*exporter, 1, 1);
  ASSERT_TRUE(exporter->Drain(Soon()));
  const v1::Hello hello = aggregator_.LastHello().value();
  EXPECT_EQ(hello.collector(), "edge-1");
  EXPECT_EQ(hello.isp(), "isp-1");
  EXPECT_EQ(hello.software_version(), "0.1.0");
  EXPECT_EQ(hello.epoch(), exporter->Status().epoch);
  EXPECT_EQ(hello.first_sequence(), 1u);
  ASSERT_EQ(hello.points_size(), 1);
  EXPECT_EQ(hello.points(0).point(), "pppp");
}

TEST_F(ExporterTest, TellsWhatTheProcessTakesWithEachAccount) {
  options_.process_use = [] {
    v1::ProcessUse use;
    use.set_cpu_milliseconds(1234);
    use.set_resident_bytes(5678);
    use.set_started_unix_seconds(9);
    return use;
  };
  auto exporter = Start();
  Submit(*exporter, 1, 1);
  ASSERT_TRUE(exporter->Drain(Soon()));
  exporter->Stop();
  const v1::ProcessUse told = aggregator_.LastDelivery().value().process();
  EXPECT_EQ(told.cpu_milliseconds(), 1234u);
  EXPECT_EQ(told.resident_bytes(), 5678u);
  EXPECT_EQ(told.started_unix_seconds(), 9);
}

TEST_F(ExporterTest, KeepsBatchesWithinTheirSize) {
  options_.aggregator.set_max_batch_bytes(1000);
  aggregator_.StopServer();
  auto exporter = Start();
  Submit(*exporter, 1, 300);
  aggregator_.StartServer();
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  EXPECT_LE(aggregator_.largest_batch_bytes(), 1100u);  // field tags come on top
  EXPECT_GT(aggregator_.largest_batch_bytes(), 500u);
}

TEST_F(ExporterTest, SurvivesStreamsThatBreak) {
  aggregator_.Behave({.break_after_batches = 5});
  options_.aggregator.set_max_batch_bytes(100);  // 4 reports
  auto exporter = Start();
  Submit(*exporter, 1, 100);
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  ExpectStored(exporter->Status().epoch, 100);
  EXPECT_GE(exporter->Status().reconnects, 3u);
  EXPECT_NE(lines().find("broken as told; next try in"), std::string::npos) << lines();
}

TEST_F(ExporterTest, TakesLateAcknowledgements) {
  aggregator_.Behave({.acknowledge_every_batches = 10});
  options_.aggregator.set_max_batch_bytes(1);
  options_.aggregator.set_max_bytes_in_flight(4096);
  auto exporter = Start();
  Submit(*exporter, 1, 500);
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  ExpectStored(exporter->Status().epoch, 500);
  EXPECT_EQ(aggregator_.streams(), 1u);
}

TEST_F(ExporterTest, FindsTheAggregatorAgainAfterItsRestart) {
  auto exporter = Start();
  Submit(*exporter, 1, 50);
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  aggregator_.StopServer();
  Submit(*exporter, 51, 100);
  ASSERT_TRUE(SaidWithin30Seconds("lost " + aggregator_.address())) << lines();
  EXPECT_FALSE(exporter->Drain(absl::Milliseconds(50)));
  aggregator_.StartServer();
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  ExpectStored(exporter->Status().epoch, 100);
  EXPECT_EQ(exporter->Status().reconnects, 1u);
}

TEST_F(ExporterTest, TearsDownAnAggregatorThatNeverAcknowledgesAndSendsAgain) {
  aggregator_.Behave({.acknowledge = false});
  options_.aggregator.set_acknowledgement_deadline_seconds(1);
  auto exporter = Start();
  Submit(*exporter, 1, 10);
  ASSERT_TRUE(SaidWithin30Seconds("no acknowledgement for 1 s; next try in")) << lines();
  aggregator_.Behave({});
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  ExpectStored(exporter->Status().epoch, 10);
  EXPECT_GE(aggregator_.streams(), 2u);
}

TEST_F(ExporterTest, TearsDownAnAggregatorThatNeverWelcomes) {
  aggregator_.Behave({.welcome = false});
  options_.aggregator.set_acknowledgement_deadline_seconds(1);
  auto exporter = Start();
  Submit(*exporter, 1, 10);
  ASSERT_TRUE(SaidWithin30Seconds("no acknowledgement for 1 s; next try in")) << lines();
  aggregator_.Behave({});
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  ExpectStored(exporter->Status().epoch, 10);
}

TEST_F(ExporterTest, KeepsEverythingWhenRefusedAndSaysWhy) {
  aggregator_.Behave(
      {.refuse_batches = grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "report 3: odd window")});
  auto exporter = Start();
  Submit(*exporter, 1, 10);
  ASSERT_TRUE(SaidWithin30Seconds("report 3: odd window; next try in")) << lines();
  EXPECT_FALSE(exporter->Drain(absl::Milliseconds(50)));
  aggregator_.Behave({});
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  ExpectStored(exporter->Status().epoch, 10);
}

TEST_F(ExporterTest, NeverBlocksAndTellsTheReasonWhenNobodyListens) {
  aggregator_.StopServer();
  auto exporter = Start();
  for (uint64_t n = 1; n <= 100; ++n) exporter->Submit(SampleReport(n));
  EXPECT_FALSE(exporter->Drain(absl::Milliseconds(300)));
  ASSERT_TRUE(SaidWithin30Seconds("cannot reach " + aggregator_.address())) << lines();
  const ExportStatus status = exporter->Status();
  EXPECT_FALSE(status.connected);
  exporter->Stop();
  EXPECT_NE(exporter->Status().last_error.find("Connection refused"), std::string::npos)
      << exporter->Status().last_error;
  EXPECT_EQ(exporter->Status().delivery.reports_spooled(), 100u);
}

TEST_F(ExporterTest, DoesNotTrustAnAcknowledgementOfWhatItDidNotSend) {
  aggregator_.Behave({.acknowledge_beyond = 1000});
  auto exporter = Start();
  Submit(*exporter, 1, 10);
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  ExpectStored(exporter->Status().epoch, 10);
  EXPECT_NE(lines().find("it acknowledged report 1000, but only"), std::string::npos) << lines();
}

TEST_F(ExporterTest, DeliversTombstonesForWhatTheSpoolHadToDrop) {
  aggregator_.StopServer();
  options_.spool.set_max_bytes(10 * SampleReport(100).ByteSizeLong());
  auto exporter = Start();
  Submit(*exporter, 100, 129);
  ASSERT_TRUE(SaidWithin30Seconds("tombstones replace its oldest reports")) << lines();
  aggregator_.StartServer();
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  const v1::Delivery account = exporter->Status().delivery;
  EXPECT_EQ(account.reports_closed(), 30u);
  EXPECT_EQ(account.reports_closed(), account.reports_acknowledged() + account.reports_evicted());
  uint64_t tombstones = 0;
  for (const auto& [sequence, entry] : aggregator_.Stored(exporter->Status().epoch)) {
    tombstones += entry.has_tombstone();
    EXPECT_EQ(entry.has_tombstone() ? entry.tombstone().captured_packets()
                                    : entry.report().measurement().ledger().captured_packets(),
              sequence + 99);
  }
  EXPECT_EQ(tombstones, account.reports_evicted());
  EXPECT_GT(tombstones, 0u);
}

// A limit on file sizes is as good as a full disk: every write beyond it fails.
class FullDisk {
 public:
  FullDisk() {
    old_handler_ = std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old_limit_);
    rlimit none = old_limit_;
    none.rlim_cur = 0;
    setrlimit(RLIMIT_FSIZE, &none);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &old_limit_);
    std::signal(SIGXFSZ, old_handler_);
  }

 private:
  rlimit old_limit_;
  void (*old_handler_)(int);
};

TEST_F(ExporterTest, HoldsReportsInMemoryWhileTheDiskIsFull) {
  auto exporter = Start();
  Submit(*exporter, 1, 5);
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  {
    const FullDisk full;
    Submit(*exporter, 6, 20);
    ASSERT_TRUE(SaidWithin30Seconds("reports wait in memory"));
    EXPECT_EQ(exporter->Status().delivery.reports_closed() + exporter->Status().waiting, 20u);
    EXPECT_FALSE(exporter->Status().spool_error.empty());
  }
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  EXPECT_NE(lines().find("can be written again"), std::string::npos) << lines();
  ExpectStored(exporter->Status().epoch, 20);
}

TEST_F(ExporterTest, StopsQuicklyAndKeepsEverythingWhenTheAggregatorHangs) {
  aggregator_.Behave({.acknowledge = false});
  auto exporter = Start();
  Submit(*exporter, 1, 10);
  exporter->Stop();
  exporter->Stop();
  exporter->Submit(SampleReport(11));
  EXPECT_EQ(exporter->Status().refused, 1u);
  EXPECT_EQ(exporter->Status().delivery.reports_spooled(), 10u);
  EXPECT_FALSE(exporter->Drain(Soon()));
}

TEST_F(ExporterTest, SpoolsWhatWasSubmittedEvenIfNeverStarted) {
  auto exporter = *Exporter::Open(options_);
  exporter->Submit(SampleReport(1));
  exporter->Stop();
  EXPECT_EQ(exporter->Status().delivery.reports_spooled(), 1u);
}

TEST_F(ExporterTest, HasNothingToDrainWhenNothingWasSubmitted) {
  aggregator_.StopServer();
  EXPECT_TRUE(Start()->Drain(absl::ZeroDuration()));
}

TEST_F(ExporterTest, PassesOnWhyTheSpoolCannotBeOpened) {
  options_.spool.set_path(folder_ + "/absent/spool.db");
  EXPECT_EQ(Exporter::Open(options_).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace kansoku::collector
