// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/aggregator/ctl/kansokuctl_run.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

using ::testing::HasSubstr;

class KansokuctlPublish : public Kansokuctl {
 protected:
  KansokuctlPublish() {
    Fill(R"pb(figures {
                id: "fixed_download_national"
                value: "38.9"
                unit: "Tbps"
                series: SERIES_FIXED
                month: "2024-11"
                vintage: 1
                state: VINTAGE_STATE_FINAL
                computed_unix_seconds: 1735000000
              })pb",
         server_.figures);
  }

  std::vector<std::string> Words(std::vector<std::string> more) {
    std::vector<std::string> words = {"publish",        "--out",     site_,       "--publisher-ja", "観測局",
                                      "--publisher-en", "Observers", "--contact", "o@example.jp"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  std::string Content(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(site_ + "/" + name).rdbuf();
    return text.str();
  }

  TempDir folder_;
  std::string site_ = folder_.File("site");
};

TEST_F(KansokuctlPublish, AsksForMonthsAndWritesASite) {
  EXPECT_EQ(Output(Words({"--series", "fixed", "--from", "2023-11", "--to", "2024-11"})),
            site_ + ": 1 figures in 14 files\n");
  v1::GetFiguresRequest expected;
  Fill(R"pb(months { series: SERIES_FIXED first: "2023-11" last: "2024-10" })pb", expected);
  ASSERT_EQ(server_.figures_asked.size(), 16u) << "a year at a time, and a month of telescopes";
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(server_.figures_asked[0], expected))
      << server_.figures_asked[0].DebugString();
  EXPECT_THAT(Content("data/figures.csv"), HasSubstr("fixed_download_national,fixed,,,,,,,38.9,Tbps"));
  EXPECT_THAT(Content("en/index.html"), HasSubstr("Published by Observers"));
}

TEST_F(KansokuctlPublish, AsksForTelescopesByMonthAndForTheLastDays) {
  Fill(R"(figures { id: "darknet_victims" value: "12" unit: "hosts" windows: 8640 expected_windows: 8640
                    darknet_rules: 2 darknet_revision: 1
                    period { start_unix_seconds: 1732892400 end_unix_seconds: 1732978800 } })",
       server_.telescope);
  EXPECT_EQ(Output(Words({"--series", "fixed", "--from", "2023-11", "--to", "2024-11"})),
            site_ + ": 1 figures and 14 of telescopes in 16 files\n");
  // Two of fixed, one of each month, one of the last days.
  ASSERT_EQ(server_.figures_asked.size(), 16u);
  EXPECT_EQ(server_.figures_asked[2].telescope().ShortDebugString(),
            R"(first_day: "2023-11-01" last_day: "2023-11-30" step: STEP_MONTH as_public: true)");
  EXPECT_EQ(server_.figures_asked[14].telescope().ShortDebugString(),
            R"(first_day: "2024-11-01" last_day: "2024-11-30" step: STEP_MONTH as_public: true)");
  EXPECT_EQ(server_.figures_asked[15].telescope().ShortDebugString(),
            R"(first_day: "2024-11-24" last_day: "2024-11-30" step: STEP_DAY as_public: true)");
  EXPECT_THAT(Content("data/telescope.csv"),
              HasSubstr("2024-11-30,2024-11-30,2024-11-30,Asia/Tokyo,darknet_victims"));
  EXPECT_THAT(Content("datapackage.json"), HasSubstr("data/telescope.csv"));
  const std::string sums = Content("SHA256SUMS");
  Output(Words({"--series", "fixed", "--from", "2023-11", "--to", "2024-11"}));
  EXPECT_EQ(Content("SHA256SUMS"), sums) << "the same bytes";
}

TEST_F(KansokuctlPublish, AsksForTheWholeYearsOfTelescopes) {
  Fill(R"(figures { id: "darknet_victims" value: "12" unit: "hosts" windows: 8640 expected_windows: 8640
                    darknet_revision: 1 })",
       server_.telescope);
  Output(Words({"--series", "fixed", "--from", "2022-12", "--to", "2024-12"}));
  std::string years;
  for (const v1::GetFiguresRequest& asked : server_.figures_asked) {
    EXPECT_NE(asked.has_telescope(), asked.has_months());
    EXPECT_EQ(asked.telescope().as_public(), asked.has_telescope());
    if (asked.telescope().step() != v1::TelescopeSelection::STEP_YEAR) continue;
    years += asked.telescope().first_day() + " " + asked.telescope().last_day() + "\n";
  }
  EXPECT_EQ(years, "2023-01-01 2023-12-31\n2024-01-01 2024-12-31\n");
}

// One that does not know what may be published tells whatever whoever asks may know.
TEST_F(KansokuctlPublish, PublishesNothingOfTelescopesFromAnOlderAggregator) {
  Fill(R"(figures { id: "darknet_packets" value: "765" unit: "packets" windows: 8640 expected_windows: 8640
                    darknet_revision: 1 }
          figures { id: "darknet_infected_subscribers" labels { key: "evidence" value: "reached" } value: "765"
                    unit: "subscribers" windows: 8640 expected_windows: 8640 })",
       server_.telescope);
  EXPECT_THAT(Output(Words({"--series", "fixed", "--from", "2024-11"})),
              HasSubstr("none of telescopes: the aggregator is older than kansokuctl"));
  EXPECT_FALSE(std::filesystem::exists(site_ + "/data/telescope.csv"));
  EXPECT_EQ(Content("index.html").find("765"), std::string::npos);
}

TEST_F(KansokuctlPublish, PublishesWithoutTelescopesWhereNoneIsToldOf) {
  const std::string without = site_ + ": 1 figures in 14 files";
  server_.telescope_status = {grpc::StatusCode::INVALID_ARGUMENT,
                              "range: is empty"};  // of an older aggregator
  EXPECT_EQ(Output(Words({"--series", "fixed", "--from", "2024-11"})),
            without + "; none of telescopes: the aggregator at " + server_.address() +
                " answered INVALID_ARGUMENT: range: is empty\n");
  EXPECT_FALSE(std::filesystem::exists(site_ + "/data/telescope.csv"));
  EXPECT_EQ(Content("index.html").find("id=\"dark\""), std::string::npos);

  server_.telescope_status = grpc::Status::OK;
  Fill(
      R"(figures { id: "darknet_packets" unit: "packets" withheld_because: "of none of these days is anything known" })",
      server_.telescope);
  EXPECT_EQ(Output(Words({"--series", "fixed", "--from", "2024-11"})), without + "\n");

  // What may be well the next time does not cost a site its figures.
  server_.telescope_status = {grpc::StatusCode::RESOURCE_EXHAUSTED, "too much"};
  const Finished finished = Run(Words({"--series", "fixed", "--from", "2024-11"}));
  EXPECT_EQ(finished.exit_status, 1);
  EXPECT_THAT(finished.err, HasSubstr("answered RESOURCE_EXHAUSTED: too much"));
}

TEST_F(KansokuctlPublish, TakesHistoryAndKey) {
  std::filesystem::create_directory(folder_.File("history"));
  std::ofstream(folder_.File("history/mobile.csv"))
      << "period,value,unit,source,seen_or_recalled,series,basis,note\n"
         "2019-09,3082,Gbps,White paper 2020,seen,mobile_download_avg,,\n";
  const std::string key = folder_.File("key.pem");
  ASSERT_EQ(RunProgram({"openssl", "genpkey", "-algorithm", "ed25519", "-out", key}).exit_status, 0);
  EXPECT_EQ(Output(Words({"--series", "fixed", "--from", "2024-11", "--licence", "cc-by-4.0", "--key", key,
                          "--history", folder_.File("history")})),
            site_ + ": 1 figures in 17 files, signed\n");
  EXPECT_THAT(Content("data/history/mobile.csv"), HasSubstr("3082"));
  EXPECT_THAT(Content("datapackage.json"), HasSubstr("CC-BY-4.0"));
  EXPECT_EQ(Content("SHA256SUMS.sig").size(), 64u);
}

TEST_F(KansokuctlPublish, RefusesBadUse) {
  const Finished backwards = Run(Words({"--from", "2024-11", "--to", "2024-10"}));
  EXPECT_EQ(backwards.exit_status, 2);
  EXPECT_EQ(backwards.err, "kansokuctl: --from: 2024-11 is after --to 2024-10; see kansokuctl --help\n");
  EXPECT_EQ(Run(Words({"--from", "November"})).exit_status, 2);
  EXPECT_EQ(Run(Words({"--from", "2024-11", "--series", "satellite"})).exit_status, 2);
  EXPECT_EQ(Run(Words({"--from", "2024-11", "--licence", "none"})).exit_status, 2);
  EXPECT_EQ(Run({"publish", "--out", site_, "--from", "2024-11"}).exit_status, 2) << "nobody publishes";
  EXPECT_FALSE(std::filesystem::exists(site_));
}

TEST_F(KansokuctlPublish, WritesNothingWhenSomethingIsWrong) {
  const auto problem = [&](std::vector<std::string> more) {
    more.insert(more.end(), {"--from", "2024-11"});
    const Finished finished = Run(Words(more));
    EXPECT_EQ(finished.exit_status, 1);
    EXPECT_FALSE(std::filesystem::exists(site_));
    return finished.err;
  };
  EXPECT_THAT(problem({"--key", folder_.File("none.pem")}),
              HasSubstr("cannot read " + folder_.File("none.pem")));
  EXPECT_THAT(problem({"--history", folder_.path()}), HasSubstr("holds no .csv file"));
  std::ofstream(folder_.File("bad.csv")) << "a,b\n";
  EXPECT_THAT(problem({"--history", folder_.path()}), HasSubstr("bad.csv:1: expected the columns"));
  server_.status = grpc::Status(grpc::StatusCode::FAILED_PRECONDITION, "2024-11 is not over");
  EXPECT_THAT(problem({}), HasSubstr("answered FAILED_PRECONDITION: 2024-11 is not over"));
}

}  // namespace
}  // namespace kansoku::testing
