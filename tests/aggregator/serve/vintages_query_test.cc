// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/vintages_query.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/aggregator/figures/three_isps.h"
#include "tests/aggregator/serve/sample_vintage.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

// 2025-03-01 00:00 in Japan, to the second.
const absl::Time kNow = absl::FromUnixSeconds(1'740'754'800);
constexpr int64_t kDecember = 1'734'706'800;  // 2024-12-21 00:00 JST
constexpr int64_t kFebruary = 1'738'335'600;  // 2025-02-01 00:00 JST

class VintagesQuery : public ::testing::Test {
 protected:
  VintagesQuery() {
    const auto download = [](const char* value, const char* exact) {
      return std::vector{SampleFigure("fixed_download_national", {}, value, exact),
                         SampleFigure("fixed_download_growth", {{"lag", "12_months"}}, "12.7", "127/1000")};
    };
    Add(SampleVintage(v1::SERIES_FIXED, "2024-10", 1, kDecember - 1, download("38.0", "38000000000000")));
    Add(SampleVintage(v1::SERIES_FIXED, "2024-11", 1, kDecember, download("38.9", "38900000000000")));
    Add(SampleVintage(v1::SERIES_FIXED, "2024-11", 2, kFebruary, download("39.0", "39000000000000")));
    Add(SampleVintage(v1::SERIES_MOBILE, "2024-11", 1, kDecember,
                      {SampleFigure("mobile_rate", {{"direction", "download"}}, "5.0", "5000000000000")}));
  }

  void Add(const v1::Vintage& vintage) {
    const absl::Status added = store_->AddVintage(vintage, statistics_);
    ASSERT_TRUE(added.ok()) << added;
  }

  static v1::MonthSelection Months(const std::string& first, const std::string& last = "") {
    v1::MonthSelection months;
    months.set_series(v1::SERIES_FIXED);
    months.set_first(first);
    months.set_last(last);
    return months;
  }

  // "2024-11 id value vintage", one for each figure; or why there is none.
  std::vector<std::string> Told(const v1::MonthSelection& months) {
    const auto response = ReadMonths(*store_, months, kNow);
    if (!response.ok()) return {std::string(response.status().message())};
    std::vector<std::string> told;
    for (const v1::Figure& figure : response->figures()) {
      told.push_back(
          absl::StrCat(figure.month(), " ", figure.id(), " ", figure.value(), " ", figure.vintage()));
    }
    return told;
  }

  using Strings = std::vector<std::string>;
  ServedStore store_;
  const v1::Statistics statistics_;
};

TEST_F(VintagesQuery, TellsTheLatestOfEachMonth) {
  EXPECT_EQ(Told(Months("2024-10", "2025-02")),
            (Strings{"2024-10 fixed_download_national 38.0 1", "2024-10 fixed_download_growth 12.7 1",
                     "2024-11 fixed_download_national 39.0 2", "2024-11 fixed_download_growth 12.7 2"}));
  EXPECT_EQ(Told(Months("2024-12")), Strings{});
  v1::MonthSelection mobile = Months("2024-11");
  mobile.set_series(v1::SERIES_MOBILE);
  EXPECT_EQ(Told(mobile), Strings{"2024-11 mobile_rate 5.0 1"});
}

TEST_F(VintagesQuery, TellsWhatWasPublishedByThen) {
  v1::MonthSelection months = Months("2024-10", "2024-11");
  months.add_ids("fixed_download_national");
  months.set_as_published_unix_seconds(kFebruary - 1);
  EXPECT_EQ(Told(months),
            (Strings{"2024-10 fixed_download_national 38.0 1", "2024-11 fixed_download_national 38.9 1"}));
  months.set_as_published_unix_seconds(kFebruary);
  EXPECT_EQ(Told(months).at(1), "2024-11 fixed_download_national 39.0 2");
  months.set_as_published_unix_seconds(kDecember - 1);
  EXPECT_EQ(Told(months), Strings{"2024-10 fixed_download_national 38.0 1"});
}

TEST_F(VintagesQuery, AFigureKeepsWhatIsSaidOfItAndItsStepsWhereAskedFor) {
  v1::MonthSelection months = Months("2024-11");
  const auto response = ReadMonths(*store_, months, kNow);
  ASSERT_TRUE(response.ok()) << response.status();
  const v1::Figure& figure = response->figures(0);
  EXPECT_EQ(figure.vintage(), 2u);
  EXPECT_EQ(figure.state(), v1::VINTAGE_STATE_REVISED);
  EXPECT_EQ(figure.computed_unix_seconds(), kFebruary);
  EXPECT_EQ(figure.register_digest(), "digest");
  EXPECT_EQ(figure.exact(), "39000000000000");
  ASSERT_EQ(figure.gaps_size(), 1);
  EXPECT_EQ(figure.gaps(0).windows(), 1u);
  EXPECT_EQ(figure.gaps(0).packets(), 0u) << "they are one ISP's";
  EXPECT_EQ(figure.steps_size(), 0) << "they were not asked for";
  months.set_steps(true);
  EXPECT_EQ(ReadMonths(*store_, months, kNow)->figures(0).steps_size(), 1);
}

TEST_F(VintagesQuery, RefusesMonthsThatAreNotOver) {
  const auto refused = ReadMonths(*store_, Months("2024-11", "2025-03"), kNow);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(
      refused.status().message(),
      "2025-03 is not over: it ends when 2025-04-01 begins in Japan (JST), and is published then; the last "
      "that is over is 2025-02");
  EXPECT_EQ(
      ReadMonths(*store_, Months("2025-02"), kNow - absl::Seconds(1)).status().message(),
      "2025-02 is not over: it ends when 2025-03-01 begins in Japan (JST), and is published then; the last "
      "that is over is 2025-01");
  EXPECT_TRUE(ReadMonths(*store_, Months("2025-02"), kNow).ok());
}

TEST_F(VintagesQuery, AnswersAboutAYearWithAllThatIsSaid) {
  ThreeIsps sample;
  for (int month = 1; month <= 12; ++month) {
    sample.inputs.set_month(absl::StrFormat("2023-%02d", month));
    v1::Vintage vintage =
        SampleVintage(v1::SERIES_FIXED, sample.inputs.month(), 1, kDecember, sample.Figures());
    for (v1::Figure& figure : *vintage.mutable_figures()) figure.set_register_digest(std::string(64, 'a'));
    Add(vintage);
  }
  v1::MonthSelection months = Months("2023-01", "2023-12");
  months.set_steps(true);
  const auto answer = ReadMonths(*store_, months, kNow);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->figures_size(), 12 * static_cast<int>(sample.Figures().size()));
}

TEST_F(VintagesQuery, RefusesWhatItCannotUnderstand) {
  const auto with_id = [](const std::string& id) {
    v1::MonthSelection months = Months("2024-11");
    months.add_ids(id);
    return months;
  };
  EXPECT_EQ(Told(with_id("fixed_downlod_national")),
            Strings{"ids: \"fixed_downlod_national\" is no figure; the nearest are fixed_download_national, "
                    "fixed_upload_national, fixed_download_growth, and ListFigureKinds names all"});
  EXPECT_EQ(Told(with_id("mobile_rate")), Strings{"ids: \"mobile_rate\" is of the series mobile, not fixed"});
  EXPECT_EQ(Told(with_id("traffic_rate")),
            Strings{"ids: \"traffic_rate\" is not published by months; it is computed of any range: ask with "
                    "range, not months"});
  v1::MonthSelection months = Months("2024-11");
  months.clear_series();
  EXPECT_EQ(Told(months), Strings{"series: say which, fixed or mobile"});
  EXPECT_EQ(Told(Months("2024-11", "2024-10")), Strings{"last: 2024-10 is before 2024-11"});
  EXPECT_EQ(Told(Months("November")),
            Strings{"first: 'November' is not a month; write 2024-11 (1971-01 to 9998-12)"});
}

TEST_F(VintagesQuery, ListsTheAuditTrail) {
  const auto numbers = [&](v1::Series series, const std::string& first, const std::string& last) {
    v1::ListVintagesRequest request;
    request.set_series(series);
    request.set_first(first);
    request.set_last(last);
    const auto response = ListVintages(*store_, request);
    EXPECT_TRUE(response.ok()) << response.status();
    Strings told;
    for (const v1::Vintage& vintage : response->vintages()) {
      told.push_back(absl::StrCat(vintage.series(), " ", vintage.month(), " ", vintage.number(), " ",
                                  vintage.because(), " ", vintage.by()));
      EXPECT_EQ(vintage.figures_size(), 0);
      EXPECT_FALSE(vintage.has_inputs());
    }
    return told;
  };
  EXPECT_EQ(numbers(v1::SERIES_UNSPECIFIED, "", ""),
            (Strings{"1 2024-10 1 late data keeper", "1 2024-11 1 late data keeper",
                     "1 2024-11 2 late data keeper", "2 2024-11 1 late data keeper"}));
  EXPECT_EQ(numbers(v1::SERIES_FIXED, "", "2024-10"), Strings{"1 2024-10 1 late data keeper"});
  EXPECT_EQ(numbers(v1::SERIES_MOBILE, "2024-10", "2024-11"), Strings{"2 2024-11 1 late data keeper"});
  v1::ListVintagesRequest backwards;
  backwards.set_first("2024-11");
  backwards.set_last("2024-10");
  EXPECT_EQ(ListVintages(*store_, backwards).status().message(), "last: 2024-10 is before 2024-11");
}

}  // namespace
}  // namespace kansoku::aggregator
