// SPDX-License-Identifier: Apache-2.0
//
// `kansokuctl doctor`, the real program against a real server with canned answers. What it says of real
// programs: tests/end_to_end/doctor_test.cc.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "tests/aggregator/ctl/kansokuctl_run.h"

namespace kansoku::testing {
namespace {

using KansokuctlDoctor = Kansokuctl;

constexpr char kAllSkipped[] =
    "store       skipped  the aggregator was not reached\n"
    "collectors  skipped  the aggregator was not reached\n"
    "capture     skipped  the aggregator was not reached\n"
    "delivery    skipped  the aggregator was not reached\n"
    "clock       skipped  the aggregator was not reached\n"
    "points      skipped  the aggregator was not reached\n"
    "quarantine  skipped  the aggregator was not reached\n"
    "figures     skipped  the aggregator was not reached\n"
    "metrics     skipped  not asked for\n"
    "prometheus  skipped  not asked for\n";

TEST_F(KansokuctlDoctor, GoesThroughEveryStage) {
  const Finished finished = Run({"doctor", "--metrics", "none", "--prometheus", "none"});
  EXPECT_EQ(finished.exit_status, 1);
  EXPECT_EQ(finished.out,
            absl::StrCat("stage       verdict  seen\n"
                         "reach       ok       ",
                         server_.address(),
                         " answers in plain text\n"
                         "store       ok       can be written\n"
                         "collectors  broken   no collector ever came\n"
                         "capture     ok       0 packets received, 0 captured, 0 dropped, in all\n"
                         "delivery    ok       0 reports acknowledged, 0 in spools\n"
                         "clock       skipped  no collector told its time since the aggregator "
                         "began\n"
                         "points      broken   there is no point\n"
                         "quarantine  ok       none is held\n"
                         "figures     skipped  none; whether there is a register, /metrics would "
                         "say\n"
                         "metrics     skipped  not asked for\n"
                         "prometheus  skipped  not asked for\n"));
  EXPECT_EQ(finished.err,
            "kansokuctl: the chain is broken at collectors: start one; its `aggregator.address` must lead "
            "here, and "
            "the registry must name it; see docs/troubleshooting.md#collectors\n");
}

TEST_F(KansokuctlDoctor, AsksForTheFlagsOfTheLastMinutesByPoint) {
  Fill(R"(points { point: "p" collector: "a" window_seconds: 60 windows: 1
                   last_window { start_unix_seconds: 1 end_unix_seconds: 4000000000 }
                   held { start_unix_seconds: 1 end_unix_seconds: 4000000000 } })",
       server_.points);
  Run({"doctor", "--metrics", "none", "--prometheus", "none"});
  const v1::TimeRange& range = server_.traffic_asked.range();
  EXPECT_EQ(range.end_unix_seconds() - range.start_unix_seconds(), 600);
  EXPECT_EQ(range.end_unix_seconds() % 60, 0) << "at the edges of its windows";
  ASSERT_EQ(server_.traffic_asked.by_size(), 1);
  EXPECT_EQ(server_.traffic_asked.by(0), v1::DIMENSION_POINT);
}

TEST_F(KansokuctlDoctor, SaysThatTheStoreCannotBeWritten) {
  server_.TellHealth(false);
  const Finished finished = Run({"--json", "doctor", "--metrics", "none", "--prometheus", "none"});
  EXPECT_EQ(finished.exit_status, 1);
  const nlohmann::json stages = nlohmann::json::parse(finished.out)["stages"];
  ASSERT_EQ(stages.size(), 11u);
  EXPECT_EQ(stages[1]["stage"], "store");
  EXPECT_EQ(stages[1]["verdict"], "broken");
  EXPECT_EQ(stages[1]["docs"], "docs/troubleshooting.md#store");
  EXPECT_TRUE(finished.err.starts_with("kansokuctl: the chain is broken at store: ")) << finished.err;
}

TEST_F(KansokuctlDoctor, SaysThatTheRoleIsNotEnough) {
  server_.status = {grpc::StatusCode::PERMISSION_DENIED, "client web has the role public"};
  const Finished finished = Run({"doctor", "--metrics", "none", "--prometheus", "none"});
  EXPECT_EQ(finished.exit_status, 1);
  EXPECT_EQ(finished.out,
            absl::StrCat("stage       verdict  seen\n"
                         "reach       broken   the aggregator at ",
                         server_.address(), " answered PERMISSION_DENIED: client web has the role public\n",
                         kAllSkipped));
}

TEST(KansokuctlDoctorAlone, SaysThatNobodyListens) {
  const Finished finished = RunProgram(
      {KANSOKU_CTL, "--aggregator", "127.0.0.1:1", "doctor", "--metrics", "none", "--prometheus", "none"});
  EXPECT_EQ(finished.exit_status, 1);
  EXPECT_EQ(finished.out, absl::StrCat("stage       verdict  seen\n"
                                       "reach       broken   127.0.0.1:1: Connection refused\n",
                                       kAllSkipped));
  EXPECT_EQ(
      finished.err,
      "kansokuctl: the chain is broken at reach: start the aggregator (systemctl status kansoku-aggregator), "
      "compare its `listen` with this address, and look for a firewall between; see "
      "docs/troubleshooting.md#reach\n");
}

TEST(KansokuctlDoctorAlone, LooksAtMetricsAndPrometheusWithoutAnAggregator) {
  const Finished finished = RunProgram({KANSOKU_CTL, "--aggregator", "127.0.0.1:1", "doctor", "--metrics",
                                        "http://127.0.0.1:1", "--prometheus", "http://127.0.0.1:1/"});
  const std::string end =
      "metrics     broken   http://127.0.0.1:1: nobody listens there\n"
      "prometheus  broken   http://127.0.0.1:1: nobody listens there\n";
  EXPECT_TRUE(finished.out.ends_with(end)) << finished.out;
}

}  // namespace
}  // namespace kansoku::testing
