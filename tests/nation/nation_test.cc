// SPDX-License-Identifier: Apache-2.0
//
// A nation's traffic, made up and known to the octet, through real gRPC and a real store to the figures that
// would be published: they are right to the last digit, and wounded months say what happened to them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "aggregator/aggregator.h"
#include "aggregator/config.h"
#include "aggregator/register/register_folder.h"
#include "aggregator/store/sqlite_store.h"
#include "aggregator/vintage/month_keeper.h"
#include "kansoku/v1/query.grpc.pb.h"
#include "tests/nation/national_feed.h"
#include "tests/nation/national_register.h"
#include "tests/nation/national_traffic.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::nation {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr uint64_t kSeed = 20241101;

int64_t InJapan(int year, int month, int day, int hour = 0) {
  return absl::ToUnixSeconds(absl::FromCivil(absl::CivilHour(year, month, day, hour),
                                             absl::FixedTimeZone(static_cast<int>(kTokyoOffsetSeconds))));
}

bool IsWithin(int64_t time, int64_t start, int64_t end) { return time >= start && time < end; }

// November 2024: isp-4 loses ten hours of a Wednesday. January 2025: isp-3 is away for half of the month.
bool IsLost(const MeasuredLink& link, int64_t start) {
  return (link.isp == "isp-4" && IsWithin(start, InJapan(2024, 11, 13, 2), InJapan(2024, 11, 13, 12))) ||
         (link.isp == "isp-3" && IsWithin(start, InJapan(2025, 1, 10), InJapan(2025, 1, 27)));
}

// December 2024: what isp-5 measures from the 27th on comes in March.
bool IsLate(const MeasuredLink& link, int64_t start) {
  return link.isp == "isp-5" && IsWithin(start, InJapan(2024, 12, 27), InJapan(2025, 1, 1));
}

class Nation : public ::testing::Test {
 protected:
  // Once for all tests: a million windows.
  static void SetUpTestSuite() {
    folder_ = new testing::TempDir;
    std::filesystem::create_directory(folder_->File("register"));
    WriteRegister(folder_->File("register"), KANSOKU_SOURCE_DIR "/deploy/register");
    Receive(1, [](const MeasuredLink& link, int64_t start) {
      return !IsLost(link, start) && !IsLate(link, start);
    });
    Keep(absl::FromUnixSeconds(InJapan(2025, 3, 1)));
    Receive(2, IsLate);
    Keep(absl::FromUnixSeconds(InJapan(2025, 4, 1)));
    aggregator_ = Start();
    query_ = v1::Query::NewStub(ChannelTo(*aggregator_));
  }
  static void TearDownTestSuite() {
    query_.reset();
    aggregator_.reset();
    delete folder_;
  }

  static std::vector<v1::Figure> Figures(v1::Series series, const std::string& month,
                                         int64_t as_published = 0) {
    v1::GetFiguresRequest request;
    v1::MonthSelection& months = *request.mutable_months();
    months.set_series(series);
    months.set_first(month);
    months.set_last(month);
    if (as_published != 0) months.set_as_published_unix_seconds(as_published);
    grpc::ClientContext context;
    v1::GetFiguresResponse response;
    const grpc::Status status = query_->GetFigures(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return {response.figures().begin(), response.figures().end()};
  }

  // Of the download of fixed subscribers, against a year before.
  static v1::Figure MatchedPanel(const std::string& month) {
    v1::GetMatchedPanelRequest request;
    request.set_series(v1::SERIES_FIXED);
    request.set_month(month);
    grpc::ClientContext context;
    v1::GetMatchedPanelResponse response;
    const grpc::Status status = query_->GetMatchedPanel(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.figures_size(), 2);
    return response.figures_size() == 0 ? v1::Figure() : response.figures(0);
  }

  // The one of this id that has these labels.
  static v1::Figure Find(const std::vector<v1::Figure>& figures, const std::string& id,
                         const std::map<std::string, std::string>& labels = {}) {
    std::vector<v1::Figure> found;
    for (const v1::Figure& figure : figures) {
      bool fits = figure.id() == id;
      for (const auto& [name, value] : labels)
        fits = fits && figure.labels().contains(name) && figure.labels().at(name) == value;
      if (fits) found.push_back(figure);
    }
    EXPECT_EQ(found.size(), 1u) << id;
    return found.empty() ? v1::Figure() : found.front();
  }

 private:
  static std::string Config() {
    return "listen: 127.0.0.1:0\nmetrics_listen: 127.0.0.1:0\nclock: {max_behind_days: 0}\nstore_path: " +
           folder_->File("store.db") + "\n";
  }

  static std::unique_ptr<aggregator::Aggregator> Start() {
    std::ofstream(folder_->File("aggregator.yaml")) << Config();
    const auto config = aggregator::LoadConfig(folder_->File("aggregator.yaml"));
    EXPECT_TRUE(config.ok()) << config.status();
    auto started = aggregator::Aggregator::Start(*config);
    EXPECT_TRUE(started.ok()) << started.status();
    return *std::move(started);
  }

  static std::shared_ptr<grpc::Channel> ChannelTo(const aggregator::Aggregator& aggregator) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(aggregator.grpc_address(), grpc::InsecureChannelCredentials(),
                                     arguments);
  }

  // All operators' collectors send what `reports` says.
  static void Receive(uint64_t epoch, const Reports& reports) {
    const std::unique_ptr<aggregator::Aggregator> aggregator = Start();
    std::vector<std::thread> collectors;
    for (const Operator& isp : Operators()) {
      collectors.emplace_back([&] {
        const auto sent = Feed(ChannelTo(*aggregator), isp, epoch, kSeed, reports);
        EXPECT_TRUE(sent.ok()) << sent.status();
      });
    }
    for (std::thread& collector : collectors) collector.join();
  }

  static void Keep(absl::Time now) {
    const auto store = aggregator::SqliteStore::Open({.path = folder_->File("store.db")});
    ASSERT_TRUE(store.ok()) << store.status();
    const auto read = aggregator::ReadRegister(folder_->File("register"));
    ASSERT_TRUE(read.ok()) << read.status();
    aggregator::MonthKeeper keeper(aggregator::CurrentMethod());
    const absl::Status kept = keeper.Keep(**store, *read, now, [](const v1::Vintage&) {});
    ASSERT_TRUE(kept.ok()) << kept;
  }

  static inline testing::TempDir* folder_ = nullptr;
  static inline std::unique_ptr<aggregator::Aggregator> aggregator_;
  static inline std::unique_ptr<v1::Query::Stub> query_;
};

TEST_F(Nation, FixedFiguresAreRightToTheLastDigit) {
  const std::vector<v1::Figure> before = Figures(v1::SERIES_FIXED, "2023-11");
  const std::vector<v1::Figure> now = Figures(v1::SERIES_FIXED, "2024-11");
  EXPECT_EQ(Find(before, "fixed_download_national").value(), "34.5");
  EXPECT_EQ(Find(now, "fixed_download_national").value(), "38.9");
  EXPECT_EQ(Find(now, "fixed_download_national").unit(), "Tbps");
  EXPECT_EQ(Find(now, "fixed_download_growth", {{"lag", "12_months"}}).value(), "12.7");
  EXPECT_EQ(Find(now, "fixed_peak_slot", {{"day_type", "weekday"}, {"direction", "download"}}).value(), "21");
}

TEST_F(Nation, MobileFiguresAreRightToTheLastDigit) {
  const std::vector<v1::Figure> now = Figures(v1::SERIES_MOBILE, "2024-09");
  EXPECT_EQ(Find(now, "mobile_growth", {{"direction", "download"}, {"lag", "12_months"}}).value(), "15.6");
}

TEST_F(Nation, EveryFigureSaysThatItIsMadeUp) {
  for (const char* month : {"2022-11", "2023-11", "2024-11", "2024-12", "2025-01"}) {
    for (const v1::Figure& figure : Figures(v1::SERIES_FIXED, month))
      EXPECT_THAT(figure.notes(), Contains(v1::FIGURE_NOTE_SIMULATED)) << figure.id();
  }
}

TEST_F(Nation, WoundedMonthsSayWhatHappened) {
  const v1::Figure whole = Find(Figures(v1::SERIES_FIXED, "2023-11"), "fixed_download_national");
  EXPECT_THAT(whole.notes(), Not(Contains(v1::FIGURE_NOTE_IMPUTED)));
  EXPECT_EQ(whole.windows(), whole.expected_windows());
  const v1::Figure outage = Find(Figures(v1::SERIES_FIXED, "2024-11"), "fixed_download_national");
  EXPECT_THAT(outage.notes(), Contains(v1::FIGURE_NOTE_IMPUTED));
  EXPECT_THAT(outage.notes(), Contains(v1::FIGURE_NOTE_PARTIAL_MEMBER));  // isp-9 since April
  const v1::Figure half = Find(Figures(v1::SERIES_FIXED, "2025-01"), "fixed_download_national");
  EXPECT_EQ(half.value(), "");
  EXPECT_THAT(half.withheld_because(), HasSubstr("75456 of 80352 windows"));
  const v1::Figure across =
      Find(Figures(v1::SERIES_FIXED, "2023-11"), "fixed_download_growth", {{"lag", "12_months"}});
  EXPECT_EQ(across.value(), "");
  EXPECT_THAT(across.withheld_because(), HasSubstr("what counts as a contract was redefined"));
}

// What is redefined is a share, which a panel has no part of.
TEST_F(Nation, GrowthAcrossABreakIsToldOfAPanelUnlessItWouldTellOfOneIsp) {
  const v1::Figure across = MatchedPanel("2023-11");
  EXPECT_EQ(across.id(), "fixed_download_growth");
  EXPECT_EQ(across.value(), "12.8");  // from 30.60 to 34.52 Tbps
  EXPECT_EQ(across.unit(), "%");
  EXPECT_THAT(across.notes(), Contains(v1::FIGURE_NOTE_MATCHED_PANEL));
  const v1::Figure of_one = MatchedPanel("2024-11");
  EXPECT_EQ(of_one.value(), "");
  EXPECT_EQ(of_one.steps_size(), 0);
  EXPECT_THAT(of_one.withheld_because(), HasSubstr("of 2024-11 it leaves out fewer than 3 ISPs"));  // isp-9
}

TEST_F(Nation, LateDataMakeARevisionAndLeaveWhatWasPublished) {
  const v1::Figure first =
      Find(Figures(v1::SERIES_FIXED, "2024-12", InJapan(2025, 3, 2)), "fixed_download_national");
  const v1::Figure revised = Find(Figures(v1::SERIES_FIXED, "2024-12"), "fixed_download_national");
  EXPECT_EQ(first.state(), v1::VINTAGE_STATE_FINAL);
  EXPECT_THAT(first.notes(), Contains(v1::FIGURE_NOTE_IMPUTED));
  EXPECT_EQ(revised.state(), v1::VINTAGE_STATE_REVISED);
  EXPECT_THAT(revised.notes(), Not(Contains(v1::FIGURE_NOTE_IMPUTED)));
  EXPECT_EQ(revised.vintage(), first.vintage() + 1);
  EXPECT_EQ(revised.value(), "39.3");
}

}  // namespace
}  // namespace kansoku::nation
