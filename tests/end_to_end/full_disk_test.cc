// SPDX-License-Identifier: Apache-2.0
//
// The aggregator whose store lies on a file system that is full: a real one, in a mount namespace of its own,
// which the test reaches through /proc.
#include <fcntl.h>
#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "kansoku/v1/ingest.grpc.pb.h"
#include "kansoku/v1/query.grpc.pb.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/testing/child_process.h"
#include "tests/testing/skip_or_fail.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

using aggregator::kSampleStart;

constexpr uint32_t kServing = 1, kNotServing = 2;  // grpc.health.v1

// "grpc 127.0.0.1:1, metrics http://127.0.0.1:2/metrics": what follows `word`, up to a comma or a path.
std::string AddressAfter(const std::string& line, const std::string& word) {
  const size_t at = line.find(word) + word.size();
  return line.substr(at, line.find_first_of(",/", at) - at);
}

class FullDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    if (RunProgram({"unshare", "--user", "--map-root-user", "--mount", "true"}).exit_status != 0) {
      return SkipOrFail(
          "mount namespaces cannot be made here; allow unprivileged user namespaces, or be root");
    }
    std::filesystem::create_directory(dir_.File("disk"));
    std::ofstream(dir_.File("aggregator.yaml"))
        << "listen: 127.0.0.1:0\nmetrics_listen: 127.0.0.1:0\nstore_path: " << dir_.File("disk/store.db")
        << "\nclock: {max_behind_days: 0}\ncommit_interval_milliseconds: 0\n";
    const std::string script =
        absl::StrCat("mount -t tmpfs -o size=8m tmpfs ", dir_.File("disk"), " && exec ", KANSOKU_AGGREGATOR,
                     " --config ", dir_.File("aggregator.yaml"));
    aggregator_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{"unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script});
    const std::string line = aggregator_->WaitForLine("listening:");
    ASSERT_NE(line, "");
    metrics_ = AddressAfter(line, "http://");
    channel_ = grpc::CreateChannel(AddressAfter(line, "grpc "), grpc::InsecureChannelCredentials());
  }

  std::string OnDisk(const std::string& name) const {
    return absl::StrCat("/proc/", aggregator_->pid(), "/root", dir_.File("disk"), "/", name);
  }
  void Fill() const {
    const int file = open(OnDisk("filler").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ASSERT_GE(file, 0);
    const std::string zeros(4096, '\0');
    while (write(file, zeros.data(), zeros.size()) > 0) {
    }
    EXPECT_EQ(errno, ENOSPC);
    close(file);
  }

  uint32_t Health(const std::string& service) const {
    grpc::TemplatedGenericStub<google::protobuf::StringValue, google::protobuf::UInt32Value> stub(channel_);
    google::protobuf::StringValue request;
    request.set_value(service);
    google::protobuf::UInt32Value response;
    grpc::ClientContext context;
    std::promise<grpc::Status> done;
    stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", {}, &request, &response,
                   [&](grpc::Status status) { done.set_value(std::move(status)); });
    EXPECT_TRUE(done.get_future().get().ok());
    return response.value();
  }
  std::string Metrics() const {
    httplib::Client client("http://" + metrics_);
    const auto answer = client.Get("/metrics");
    return answer ? answer->body : "";
  }
  uint64_t Windows() const {
    grpc::ClientContext context;
    v1::ListPointsResponse points;
    const grpc::Status status = v1::Query::NewStub(channel_)->ListPoints(&context, {}, &points);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return points.points_size() == 1 ? points.points(0).windows() : 0;
  }

  // One stream: where it was welcomed, how far it was acknowledged, and how it ended.
  struct Sent {
    uint64_t welcomed = 0;
    uint64_t acknowledged = 0;
    grpc::Status status;
  };
  Sent Send(uint64_t first, uint64_t count) const {
    grpc::ClientContext context;
    const auto stream = v1::Ingest::NewStub(channel_)->Report(&context);
    v1::CollectorMessage message;
    *message.mutable_hello() = aggregator::SampleHello("tokyo");
    stream->Write(message);
    for (uint64_t i = first; i < first + count; ++i) {
      *message.mutable_batch()->add_reports() =
          aggregator::SampleReport(i, "tokyo", kSampleStart + static_cast<int64_t>(i) * 10, 120);
    }
    Sent sent;
    v1::AggregatorMessage answer;
    if (stream->Read(&answer)) {
      sent.welcomed = answer.welcome().committed_through();
      stream->Write(message);
    }
    stream->WritesDone();
    while (stream->Read(&answer)) sent.acknowledged = answer.ack().through();
    sent.status = stream->Finish();
    return sent;
  }

  TempDir dir_;
  std::unique_ptr<ChildProcess> aggregator_;
  std::string metrics_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(FullDisk, StopsAcknowledgingGoesOnReadingAndRecoversAlone) {
  ASSERT_EQ(Send(1, 5).acknowledged, 5u);
  EXPECT_EQ(Health("kansoku.v1.Ingest"), kServing);
  Fill();
  const Sent refused = Send(6, 500);
  EXPECT_EQ(refused.acknowledged, 0u);
  EXPECT_TRUE(refused.status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED ||
              refused.status.error_code() == grpc::StatusCode::UNAVAILABLE)
      << refused.status.error_message();
  EXPECT_NE(aggregator_->WaitForLine("the store cannot be written"), "");
  EXPECT_EQ(Health("kansoku.v1.Ingest"), kNotServing);
  EXPECT_EQ(Health("kansoku.v1.Query"), kServing);
  EXPECT_EQ(Windows(), 5u);
  EXPECT_NE(Metrics().find("\nkansoku_store_writable 0\n"), std::string::npos);

  ASSERT_TRUE(std::filesystem::remove(OnDisk("filler")));
  // No collector asks for it.
  EXPECT_NE(aggregator_->WaitForLine("the store can be written again"), "");
  EXPECT_EQ(Health("kansoku.v1.Ingest"), kServing);
  EXPECT_NE(Metrics().find("\nkansoku_store_writable 1\n"), std::string::npos);
  const Sent taken = Send(6, 500);
  EXPECT_EQ(taken.welcomed, 5u);
  EXPECT_EQ(taken.acknowledged, 505u);
  EXPECT_EQ(Windows(), 505u);
}

}  // namespace
}  // namespace kansoku::testing
