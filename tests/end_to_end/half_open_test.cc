// SPDX-License-Identifier: Apache-2.0
//
// A cable is pulled between a collector and an aggregator: no packet tells either of them, and both notice.
#include <grpc/grpc.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/time/clock.h"
#include "aggregator/serve/grpc_server.h"
#include "collector/export/exporter.h"
#include "kansoku/v1/ingest.grpc.pb.h"
#include "tests/testing/live_network.h"
#include "tests/testing/temp_dir.h"

namespace kansoku {
namespace {

constexpr auto kMustBeNoticedWithin = std::chrono::seconds(30);

// Takes every report, acknowledges all or nothing, and knows whether a stream is open.
class Ingest final : public v1::Ingest::Service {
 public:
  explicit Ingest(bool acknowledges) : acknowledges_(acknowledges) {}

  grpc::Status Report(
      grpc::ServerContext* /*context*/,
      grpc::ServerReaderWriter<v1::AggregatorMessage, v1::CollectorMessage>* stream) override {
    v1::CollectorMessage message;
    while (stream->Read(&message)) {
      v1::AggregatorMessage answer;
      if (message.has_hello()) stream->Write(Welcome());
      if (!message.has_batch()) continue;
      if (acknowledges_) {
        answer.mutable_ack()->set_through(message.batch().reports().rbegin()->sequence());
        stream->Write(answer);
      }
      Note(batches_);
    }
    Note(ended_);
    return grpc::Status::OK;
  }

  bool TookABatch() { return Await(batches_); }
  bool StreamEnded() { return Await(ended_); }

 private:
  static v1::AggregatorMessage Welcome() {
    v1::AggregatorMessage answer;
    answer.mutable_welcome()->set_committed_through(0);
    return answer;
  }
  void Note(int& count) {
    const std::lock_guard lock(mutex_);
    ++count;
    changed_.notify_all();
  }
  bool Await(const int& count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kMustBeNoticedWithin, [&] { return count > 0; });
  }

  const bool acknowledges_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int batches_ = 0;
  int ended_ = 0;
};

class HalfOpen : public testing::LiveNetworkTest {
 protected:
  // The exporter lives at the right end of the cable, the aggregator's server at the left.
  void Connect(bool acknowledges) {
    grpc_init();  // so that what gRPC connects with begins at this end
    far_host_.emplace();
    ingest_ = std::make_unique<Ingest>(acknowledges);
    const aggregator::ServedService served{v1::Ingest::service_full_name(), ingest_.get()};
    far_host_->Run([&] {
      auto server = aggregator::StartGrpcServer({.address = "192.0.2.1:50051"}, {&served, 1});
      ASSERT_TRUE(server.ok()) << server.status();
      server_ = *std::move(server);
    });
    collector::ExportOptions options;
    options.collector = "edge-1";
    options.isp = "isp-1";
    options.aggregator.set_address("192.0.2.1:50051");
    // The transport itself must notice, not the deadline of the acknowledgements.
    options.aggregator.set_acknowledgement_deadline_seconds(600);
    options.aggregator.set_max_bytes_in_flight(4 << 20);
    options.aggregator.set_max_batch_bytes(1 << 20);
    options.aggregator.set_max_backoff_seconds(600);
    options.spool.set_path(folder_.File("spool.db"));
    options.spool.set_max_bytes(1 << 30);
    options.spool.set_max_age_hours(168);
    options.points.emplace_back().set_point("p");
    options.on_change = [this](const std::string& line) {
      const std::lock_guard lock(mutex_);
      lost_ |= line.find("lost 192.0.2.1") != line.npos;
      changed_.notify_all();
    };
    auto exporter = collector::Exporter::Open(options);
    ASSERT_TRUE(exporter.ok()) << exporter.status();
    exporter_ = *std::move(exporter);
    exporter_->Start();
    exporter_->Submit(Report());
    ASSERT_TRUE(ingest_->TookABatch());
  }

  // At the far end, so that this one sees neither an error nor an address that went away.
  void PullTheCable() {
    far_host_->Run([] { ASSERT_TRUE(testing::RunCommand("ip link set left down")); });
  }

  bool CollectorNotices() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kMustBeNoticedWithin, [this] { return lost_; });
  }

  static v1::WindowReport Report() {
    v1::WindowReport report;
    report.set_point("p");
    report.set_window_seconds(10);
    return report;
  }

  void TearDown() override {
    if (exporter_ != nullptr) exporter_->Stop();
    exporter_.reset();
    if (server_.server != nullptr) server_.server->Shutdown(std::chrono::system_clock::now());
    server_.server.reset();
    LiveNetworkTest::TearDown();
  }

  std::optional<testing::FarHost> far_host_;
  testing::TempDir folder_;
  std::unique_ptr<Ingest> ingest_;
  aggregator::GrpcServer server_;
  std::unique_ptr<collector::Exporter> exporter_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool lost_ = false;
};

TEST_F(HalfOpen, BothEndsNoticeWhileNothingIsSent) {
  ASSERT_NO_FATAL_FAILURE(Connect(true));
  ASSERT_TRUE(exporter_->Drain(absl::Seconds(30)));
  PullTheCable();
  EXPECT_TRUE(CollectorNotices());
  EXPECT_TRUE(ingest_->StreamEnded());
}

TEST_F(HalfOpen, BothEndsNoticeWhileReportsAreOnTheirWay) {
  ASSERT_NO_FATAL_FAILURE(Connect(false));
  PullTheCable();
  for (int i = 0; i < 100; ++i) exporter_->Submit(Report());
  EXPECT_TRUE(CollectorNotices());
  EXPECT_TRUE(ingest_->StreamEnded());
  EXPECT_EQ(exporter_->Status().delivery.reports_acknowledged(), 0u);
}

}  // namespace
}  // namespace kansoku
