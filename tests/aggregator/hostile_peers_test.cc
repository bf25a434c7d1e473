// SPDX-License-Identifier: Apache-2.0
//
// Attacks by those who have a certificate, over real mutual TLS. After each the aggregator is there, has
// counted the refusal under its reason, and serves an honest collector.
#include <gtest/gtest.h>

#include <condition_variable>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "aggregator/access/limits.h"
#include "proto/contract/message_size.h"
#include "tests/aggregator/raw_call.h"
#include "tests/aggregator/secured_aggregator.h"

namespace kansoku::aggregator {
namespace {

using grpc::StatusCode;

constexpr char kReport[] = "/kansoku.v1.Ingest/Report";
constexpr char kGetTraffic[] = "/kansoku.v1.Query/GetTraffic";

std::string Hello(const std::string& collector = "tokyo") {
  v1::CollectorMessage message;
  *message.mutable_hello() = HelloOf(collector, "isp-a");
  return message.SerializeAsString();
}

// A field of messages or strings, as it is on the wire.
std::string Field(int number, const std::string& content) {
  std::string field(1, static_cast<char>(number << 3 | 2));
  for (size_t length = content.size();; length >>= 7) {
    field.push_back(static_cast<char>((length & 127) | (length >= 128 ? 128 : 0)));
    if (length < 128) break;
  }
  return field + content;
}

// A batch with a report of this measurement.
std::string Batch(const std::string& measurement) {
  const std::string report = Field(1, "tokyo") + Field(4, measurement);
  return Field(2, Field(1, std::string("\x08\x01", 2) + Field(2, report)));
}

size_t GreatestResidentKilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    size_t kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes;
  }
  return 0;
}

class HostilePeers : public ::testing::Test {
 protected:
  grpc::Status Say(const std::vector<std::string>& messages, const std::string& method = kReport,
                   const std::string& peer = "collector tokyo") {
    grpc::GenericStub stub(secured_->ChannelOf(peer));
    RawCall call(stub, method);
    for (const std::string& message : messages) {
      if (!call.Write(message)) break;
    }
    call.WritesDone();
    while (call.Read().has_value()) {
    }
    return call.Finish();
  }

  // What the limits refused, by reason; those that refused nothing left out.
  std::string Exceeded() {
    std::string exceeded;
    for (int i = 0; i < kLimits; ++i) {
      const std::string label(LimitLabel(static_cast<Limit>(i)));
      const std::string count =
          secured_->MetricOf(absl::StrCat("kansoku_limits_exceeded_total{limit=\"", label, "\"}"));
      if (count != "0") absl::StrAppend(&exceeded, label, " ", count, "\n");
    }
    return exceeded;
  }

  void ExpectItServes() { secured_->Feed("osaka"); }

  std::unique_ptr<SecuredAggregator> secured_ = std::make_unique<SecuredAggregator>();
};

// Three megabytes that would become two hundred and forty.
TEST_F(HostilePeers, AReportWithCountlessCellsIsRefusedBeforeItTakesMemory) {
  std::string cells;
  for (int i = 0; i < 1'500'000; ++i) cells += Field(1, "");
  const std::string batch = Batch(cells);
  const size_t before = GreatestResidentKilobytes();
  const grpc::Status status = Say({Hello(), batch});
  EXPECT_LT(GreatestResidentKilobytes() - before, 50'000u);
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message(), absl::StrCat("a message of ", batch.size(),
                                                 " bytes would take more than 234881024 once it is read; no "
                                                 "report has as many entries"));
  EXPECT_EQ(Exceeded(), "message_entries 1\n");
  ExpectItServes();
}

TEST_F(HostilePeers, PackedNumbersAreCountedToo) {
  const grpc::Status status = Say({Hello(), Batch(Field(4, std::string(15 << 20, '\x01')))});
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Exceeded(), "message_entries 1\n");
  ExpectItServes();
}

TEST_F(HostilePeers, MessagesBeyondTheLimitAreNotTaken) {
  EXPECT_EQ(Say({Hello(), std::string(kMaxMessageBytes + 1, '\0')}).error_code(),
            StatusCode::RESOURCE_EXHAUSTED);
  ExpectItServes();
}

TEST_F(HostilePeers, DamagedMessagesAreRefused) {
  for (const std::string& message :
       {std::string("\xff\xff\xff"), Batch("\x0f"), Field(1, Field(1, "\xc3\x28"))}) {
    EXPECT_EQ(Say({message}).error_code(), StatusCode::INVALID_ARGUMENT);
  }
  EXPECT_EQ(Exceeded(), "damaged_message 3\n");
  ExpectItServes();
}

// gRPC would unpack them before it looks at their size.
TEST_F(HostilePeers, CompressedMessagesAreRefused) {
  for (const grpc_compression_algorithm algorithm : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE}) {
    grpc::GenericStub stub(secured_->ChannelOf("collector tokyo"));
    RawCall call(stub, kReport,
                 [algorithm](grpc::ClientContext& context) { context.set_compression_algorithm(algorithm); });
    call.Write(Hello());
    EXPECT_EQ(call.Finish().error_code(), StatusCode::UNIMPLEMENTED);
  }
  ExpectItServes();
}

TEST_F(HostilePeers, LongHeadersAreRefused) {
  grpc::GenericStub stub(secured_->ChannelOf("collector tokyo"));
  RawCall call(stub, kReport, [](grpc::ClientContext& context) {
    context.AddMetadata("x-long", std::string(64 << 10, 'x'));
  });
  EXPECT_EQ(call.Finish().error_code(), StatusCode::RESOURCE_EXHAUSTED);
  ExpectItServes();
}

// Opens a stream and says nothing.
class SilentStream final : public grpc::ClientBidiReactor<v1::CollectorMessage, v1::AggregatorMessage> {
 public:
  SilentStream(v1::Ingest::Stub& stub, std::function<void(const grpc::Status&)> ended)
      : ended_(std::move(ended)) {
    stub.async()->Report(&context_, this);
    StartCall();
  }
  void Cancel() { context_.TryCancel(); }
  void OnDone(const grpc::Status& status) override { ended_(status); }

 private:
  grpc::ClientContext context_;
  const std::function<void(const grpc::Status&)> ended_;
};

TEST_F(HostilePeers, OneIdentityHasAFewStreams) {
  const auto stub = v1::Ingest::NewStub(secured_->ChannelOf("collector tokyo"));
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<StatusCode> ended;  // guarded by mutex
  const auto wait_for = [&](size_t streams) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return ended.size() >= streams; });
    return ended.front();
  };
  std::vector<std::unique_ptr<SilentStream>> streams;
  for (int i = 0; i < 9; ++i) {
    streams.push_back(std::make_unique<SilentStream>(*stub, [&](const grpc::Status& status) {
      const std::lock_guard lock(mutex);
      ended.push_back(status.error_code());
      changed.notify_all();
    }));
  }
  EXPECT_EQ(wait_for(1), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(Exceeded(), "streams 1\n");
  ExpectItServes();
  for (const auto& stream : streams) stream->Cancel();
  wait_for(9);
}

TEST_F(HostilePeers, AStreamThatTakesNoAnswersEndsSoonAfterItIsTold) {
  grpc::ChannelArguments nearly_no_window;
  nearly_no_window.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 5);
  nearly_no_window.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  grpc::GenericStub stub(secured_->ChannelOf("collector tokyo", nearly_no_window));
  RawCall call(stub, kReport);
  call.Write(Hello());
  ASSERT_TRUE(call.ReadInitialMetadata()) << "the welcome has begun";
  ASSERT_TRUE(secured_->ReplaceRegistryWithout({"    - {name: tokyo, isp: isp-a, points: [tokyo]}\n"}).ok());
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (Exceeded() != "read_time 1\n") ASSERT_LT(absl::Now(), deadline) << Exceeded();
  // Else the rest of the welcome, and why the stream ends, would have waited for room until now.
  EXPECT_EQ(call.Read(), std::nullopt);
  EXPECT_EQ(call.Finish().error_code(), StatusCode::CANCELLED);
  ExpectItServes();
}

TEST_F(HostilePeers, LongQuestionsAreRefused) {
  std::string points;
  for (int i = 0; i < 200'000; ++i) points += Field(4, "");
  const grpc::Status status = Say({points}, kGetTraffic, "operator of isp-a");
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message(), "the question is longer than 262144 octets; ask for less");
  EXPECT_EQ(Exceeded(), "request_octets 1\n");
  EXPECT_EQ(Say({points}, kGetTraffic, "public").error_code(), StatusCode::PERMISSION_DENIED)
      << "who may not ask is not read";
  ExpectItServes();
}

TEST_F(HostilePeers, NamesReachNeitherMetricsNorTheLogAsTheyAre) {
  const std::string hostile = "x\"} 1\nkansoku_forged 1\n\x1b[2J";
  for (const auto change :
       {+[](v1::Hello& hello, const std::string& text) { hello.set_collector(text); },
        +[](v1::Hello& hello, const std::string& text) { hello.set_isp(text); },
        +[](v1::Hello& hello, const std::string& text) { hello.set_software_version(text); },
        +[](v1::Hello& hello, const std::string& text) { hello.mutable_points(0)->set_point(text); }}) {
    v1::CollectorMessage message;
    *message.mutable_hello() = HelloOf("tokyo", "isp-a");
    change(*message.mutable_hello(), hostile);
    const grpc::Status status = Say({message.SerializeAsString()});
    EXPECT_FALSE(status.ok());
    EXPECT_EQ(status.error_message().find_first_of("\n\x1b"), std::string::npos) << status.error_message();
  }
  EXPECT_EQ(secured_->MetricOf("kansoku_ingest_refused_hellos_total"), "4");
  EXPECT_EQ(secured_->MetricOf("kansoku_forged"), "absent");
  for (const std::string& line : secured_->said()) {
    EXPECT_EQ(line.find_first_of("\n\x1b"), std::string::npos) << line;
  }
  ExpectItServes();
}

TEST_F(HostilePeers, WhoSendsTooFastIsNotReadForAWhileAndNobodyElseWaits) {
  secured_ = std::make_unique<SecuredAggregator>("limits: {times_live: 60}\n");
  const auto stub = v1::Ingest::NewStub(secured_->ChannelOf("collector tokyo"));
  grpc::ClientContext context;
  const auto stream = stub->Report(&context);
  v1::CollectorMessage message;
  *message.mutable_hello() = HelloOf("tokyo", "isp-a");
  stream->Write(message);
  v1::AggregatorMessage answer;
  ASSERT_TRUE(stream->Read(&answer));
  // Six a second for ten seconds may come at once. One more, or Hello, is a pause of a sixth of a second.
  for (int i = 1; i <= 61; ++i) {
    *message.mutable_batch()->add_reports() =
        SampleReport(static_cast<uint64_t>(i), "tokyo", kSampleStart + 10 * i);
  }
  stream->Write(message);
  ASSERT_TRUE(stream->Read(&answer));
  EXPECT_EQ(answer.ack().through(), 61u);
  EXPECT_EQ(Exceeded(), "report_rate 1\n");
  ExpectItServes();
  EXPECT_EQ(Exceeded(), "report_rate 1\n");
  message.mutable_batch()->clear_reports();
  *message.mutable_batch()->add_reports() = SampleReport(62, "tokyo", kSampleStart + 620);
  stream->Write(message);
  ASSERT_TRUE(stream->Read(&answer)) << "nothing is lost";
  EXPECT_EQ(answer.ack().through(), 62u);
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(HostilePeers, WhoSentTooFastIsNotReadOnANewStreamEither) {
  secured_ = std::make_unique<SecuredAggregator>("limits: {times_live: 60}\n");
  const auto stub = v1::Ingest::NewStub(secured_->ChannelOf("collector tokyo"));
  v1::CollectorMessage hello, batch, next;
  *hello.mutable_hello() = HelloOf("tokyo", "isp-a");
  // A debt of more than a second.
  for (int i = 1; i <= 66; ++i) {
    *batch.mutable_batch()->add_reports() =
        SampleReport(static_cast<uint64_t>(i), "tokyo", kSampleStart + 10 * i);
  }
  *next.mutable_batch()->add_reports() = SampleReport(67, "tokyo", kSampleStart + 670);
  v1::AggregatorMessage answer;
  grpc::ClientContext first_context, second_context;
  const auto first = stub->Report(&first_context);
  first->Write(hello);
  first->Write(batch);
  while (answer.ack().through() != 66 && first->Read(&answer)) {
  }
  EXPECT_EQ(answer.ack().through(), 66u) << "what was taken is acknowledged at once";
  const auto second = stub->Report(&second_context);
  second->Write(hello);
  ASSERT_TRUE(second->Read(&answer));
  EXPECT_EQ(answer.welcome().committed_through(), 66u);
  EXPECT_EQ(Exceeded(), "report_rate 2\n");
  second->Write(next);
  ASSERT_TRUE(second->Read(&answer)) << "nothing is lost";
  EXPECT_EQ(answer.ack().through(), 67u);
  second->WritesDone();
  EXPECT_TRUE(second->Finish().ok());
}

}  // namespace
}  // namespace kansoku::aggregator
