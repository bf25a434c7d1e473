// SPDX-License-Identifier: Apache-2.0
//
// `kansokuctl quarantine`, the real program against a real server with canned answers.
#include <google/protobuf/text_format.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "kansoku/v1/admin.grpc.pb.h"
#include "tests/testing/child_process.h"

namespace kansoku::testing {
namespace {

constexpr char kHeld[] = R"(
  id: 7 collector: "edge-1" epoch: 3 sequence: 12 point: "uplink" window_start_unix_seconds: 1730419200
  window_seconds: 10 reason: QUARANTINE_REASON_AHEAD text: "it is ahead, by \"days\"" octets: 1234
  received_unix_seconds: 1730419300 state: QUARANTINE_STATE_HELD)";

v1::QuarantinedReport Report(const std::string& text) {
  v1::QuarantinedReport report;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &report)) << text;
  return report;
}

class CannedAdmin final : public v1::Admin::Service {
 public:
  CannedAdmin() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  v1::QuarantinedReport held = Report(kHeld);
  std::vector<v1::ListQuarantineRequest> asked;
  std::vector<std::string> decided;  // "admit 7 hanako"

 private:
  // Two pages.
  grpc::Status ListQuarantine(grpc::ServerContext*, const v1::ListQuarantineRequest* in,
                              v1::ListQuarantineResponse* out) override {
    asked.push_back(*in);
    *out->add_reports() = held;
    if (in->after_id() == 0) out->set_next_after_id(7);
    return grpc::Status::OK;
  }
  grpc::Status GetQuarantined(grpc::ServerContext*, const v1::GetQuarantinedRequest*,
                              v1::QuarantinedReport* out) override {
    *out = held;
    out->mutable_report()->set_sequence(12);
    return grpc::Status::OK;
  }
  grpc::Status Decide(const std::string& what, const v1::DecideQuarantinedRequest& in,
                      v1::QuarantinedReport* out) {
    if (in.id() == 9) return {grpc::StatusCode::NOT_FOUND, "quarantine: no report has the id 9"};
    decided.push_back(what + " " + std::to_string(in.id()) + " " + in.by());
    *out = held;
    out->set_decided_by(in.by());
    out->set_state(v1::QUARANTINE_STATE_ADMITTED);
    return grpc::Status::OK;
  }
  grpc::Status AdmitQuarantined(grpc::ServerContext*, const v1::DecideQuarantinedRequest* in,
                                v1::QuarantinedReport* out) override {
    return Decide("admit", *in, out);
  }
  grpc::Status DiscardQuarantined(grpc::ServerContext*, const v1::DecideQuarantinedRequest* in,
                                  v1::QuarantinedReport* out) override {
    return Decide("discard", *in, out);
  }

  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

class KansokuctlQuarantine : public ::testing::Test {
 protected:
  Finished Run(std::vector<std::string> words) {
    words.insert(words.begin(), {KANSOKU_CTL, "--aggregator", server_.address(), "quarantine"});
    return RunProgram(words);
  }

  CannedAdmin server_;
};

TEST_F(KansokuctlQuarantine, ListsAllPagesForPeople) {
  const Finished finished = Run({"--collector", "edge-1"});
  EXPECT_EQ(finished.err, "");
  const std::string row =
      " 7  edge-1     uplink  2024-11-01 00:00:00  2024-11-01 00:01:40  ahead   held        1,234  it is "
      "ahead, "
      "by \"days\"\n";
  EXPECT_EQ(
      finished.out,
      "id  collector  point   window (UTC)         received (UTC)       reason  state  by  octets  what was "
      "found\n" +
          row + row);
  ASSERT_EQ(server_.asked.size(), 2u);
  EXPECT_EQ(server_.asked[0].ShortDebugString(), "collector: \"edge-1\"");
  EXPECT_EQ(server_.asked[1].after_id(), 7u);
}

TEST_F(KansokuctlQuarantine, ListsAsCsv) {
  const std::string row =
      "7,edge-1,3,12,uplink,2024-11-01T00:00:00Z,10,2024-11-01T00:01:40Z,ahead,held,,,1234,"
      "\"it is ahead, by \"\"days\"\"\"\n";
  EXPECT_EQ(Run({"list", "--all", "--csv"}).out,
            "id,collector,epoch,sequence,point,window_start,window_seconds,received,reason,state,decided_by,"
            "decided,octets,text\n" +
                row + row);
  EXPECT_TRUE(server_.asked.at(0).every_state());
}

TEST_F(KansokuctlQuarantine, ShowsAllOfOne) {
  const Finished finished = Run({"show", "7"});
  EXPECT_EQ(finished.exit_status, 0) << finished.err;
  EXPECT_NE(finished.out.find("\n\nsequence: 12\n"), std::string::npos) << finished.out;
}

TEST_F(KansokuctlQuarantine, TakesWhoIsLoggedInOnlyWhereNobodyIsNamed) {
  setenv("USER", "taro", 1);
  EXPECT_EQ(Run({"admit", "7", "--by", "hanako"}).exit_status, 0);
  EXPECT_EQ(Run({"discard", "7", "--by", "hanako"}).exit_status, 0);
  EXPECT_EQ(Run({"admit", "7"}).exit_status, 0);
  unsetenv("USER");
  EXPECT_NE(Run({"admit", "7"}).err.find("--by is required"), std::string::npos);
  EXPECT_EQ(server_.decided,
            (std::vector<std::string>{"admit 7 hanako", "discard 7 hanako", "admit 7 taro"}));
}

TEST_F(KansokuctlQuarantine, DecidesOneAfterTheOther) {
  EXPECT_EQ(Run({"admit", "7", "8", "--by", "hanako"}).exit_status, 0);
  EXPECT_EQ(Run({"discard", "7", "--by", "taro"}).exit_status, 0);
  const Finished stopped = Run({"admit", "7", "9", "8", "--by", "hanako"});
  EXPECT_EQ(stopped.exit_status, 1);
  EXPECT_EQ(stopped.err, "kansokuctl: report 9: the aggregator at " + server_.address() +
                             " answered NOT_FOUND: quarantine: no report has the id 9; 1 before it were "
                             "decided\n");
  EXPECT_EQ(server_.decided, (std::vector<std::string>{"admit 7 hanako", "admit 8 hanako", "discard 7 taro",
                                                       "admit 7 hanako"}));
}

}  // namespace
}  // namespace kansoku::testing
