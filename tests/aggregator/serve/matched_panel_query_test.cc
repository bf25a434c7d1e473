// SPDX-License-Identifier: Apache-2.0
//
// Growth of the contributors that two months share, from what a real store holds of both.
#include "aggregator/serve/matched_panel_query.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "aggregator/figures/monthly_figures.h"
#include "tests/aggregator/figures/figure_literals.h"
#include "tests/aggregator/figures/month_literals.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

constexpr v1::Series kFixed = v1::SERIES_FIXED;
constexpr int64_t kDecember = 1'734'706'800;  // 2024-12-21 00:00 JST
constexpr int64_t kFebruary = 1'738'335'600;  // 2025-02-01 00:00 JST

// "stays" grows from 100 to 112 bit/s, "joins" comes with 500, and there the series breaks.
class MatchedPanelQuery : public ::testing::Test {
 protected:
  MatchedPanelQuery() {
    AddPoint("s", v1::GROUP_A1, AddContributor(kFixed, "stays", statistics_));
    v1::Contributor& joins = AddContributor(kFixed, "joins", statistics_);
    joins.set_member_since("2024-06");
    AddPoint("j", v1::GROUP_A1, joins);
    statistics_.add_breaks()->set_series(kFixed);
    statistics_.mutable_breaks(0)->set_month("2024-06");
    statistics_.mutable_breaks(0)->set_reason_en("an ISP joined");
    for (const char* month : {"2023-11", "2024-11"}) {
      AddShare(month, "0.5", statistics_);
    }
  }

  void Keep(const v1::MonthInputs& inputs, uint32_t number, int64_t computed, const std::string& digest) {
    v1::Vintage vintage;
    vintage.set_series(inputs.series());
    vintage.set_month(inputs.month());
    vintage.set_number(number);
    vintage.set_state(number == 1 ? v1::VINTAGE_STATE_FINAL : v1::VINTAGE_STATE_REVISED);
    vintage.set_computed_unix_seconds(computed);
    vintage.set_register_digest(digest);
    *vintage.mutable_inputs() = inputs;
    for (v1::Figure& figure : MonthlyFigures(inputs, statistics_)) *vintage.add_figures() = std::move(figure);
    const absl::Status kept = store_->AddVintage(vintage, statistics_);
    ASSERT_TRUE(kept.ok()) << kept;
  }

  static v1::MonthInputs Earlier(uint64_t octets = 45'000) {
    v1::MonthInputs inputs = EmptyInputs(kFixed, "2023-11");
    AddSteady("s", v1::GROUP_A1, octets, octets, inputs).set_isp("stays");
    return inputs;
  }
  static v1::MonthInputs Later() {
    v1::MonthInputs inputs = EmptyInputs(kFixed, "2024-11");
    AddSteady("s", v1::GROUP_A1, 50'400, 22'500, inputs).set_isp("stays");
    AddSteady("j", v1::GROUP_A1, 225'000, 1, inputs).set_isp("joins");
    AddEarlier("fixed_download_national", "2023-11", "200", inputs);
    return inputs;
  }

  static v1::GetMatchedPanelRequest Of(const std::string& month) {
    v1::GetMatchedPanelRequest request;
    request.set_series(kFixed);
    request.set_month(month);
    return request;
  }

  // "id exact", one for each figure; or why there is none.
  std::string Told(const v1::GetMatchedPanelRequest& request) {
    const auto response = ReadMatchedPanel(*store_, request);
    if (!response.ok()) return std::string(response.status().message());
    return absl::StrJoin(response->figures(), ", ", [](std::string* out, const v1::Figure& figure) {
      absl::StrAppend(out, figure.id(), " ", figure.exact(), figure.withheld_because());
    });
  }

  ServedStore store_;
  v1::Statistics statistics_ = EmptyRegister();
};

TEST_F(MatchedPanelQuery, TellsWhatABreakWithholds) {
  Keep(Earlier(), 1, kDecember, "digest");
  Keep(Later(), 1, kFebruary, "digest");
  EXPECT_EQ(Find(MonthlyFigures(Later(), statistics_), "fixed_download_growth", {{"lag", "12_months"}})
                .withheld_because(),
            "series_break: an ISP joined");
  const auto response = ReadMatchedPanel(*store_, Of("2024-11"));
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_EQ(response->figures_size(), 2);
  const v1::Figure& download = response->figures(0);
  EXPECT_EQ(download.id(), "fixed_download_growth");
  EXPECT_EQ(download.exact(), "3/25");
  EXPECT_EQ(download.labels().at("lag"), "12_months");
  EXPECT_EQ(download.month(), "2024-11");
  EXPECT_EQ(download.vintage(), 1u);
  EXPECT_EQ(download.state(), v1::VINTAGE_STATE_FINAL);
  EXPECT_EQ(download.register_digest(), "digest");
  ASSERT_EQ(download.notes_size(), 1);
  EXPECT_EQ(download.notes(0), v1::FIGURE_NOTE_MATCHED_PANEL);
  EXPECT_EQ(response->figures(1).id(), "fixed_upload_growth");
  EXPECT_EQ(response->figures(1).exact(), "-1/2");
  EXPECT_EQ(response->earlier().month(), "2023-11");
  EXPECT_EQ(response->later().computed_unix_seconds(), kFebruary);
  for (const v1::Vintage* vintage : {&response->earlier(), &response->later()}) {
    EXPECT_FALSE(vintage->has_inputs()) << "they are single ISPs'";
    EXPECT_EQ(vintage->figures_size(), 0);
  }
}

TEST_F(MatchedPanelQuery, IsOfTheVintagesThatWereKnown) {
  Keep(Earlier(), 1, kDecember, "digest");
  Keep(Later(), 1, kDecember, "digest");
  Keep(Earlier(90'000), 2, kFebruary, "digest");
  EXPECT_EQ(Told(Of("2024-11")), "fixed_download_growth -11/25, fixed_upload_growth -3/4");
  v1::GetMatchedPanelRequest before = Of("2024-11");
  before.set_as_published_unix_seconds(kFebruary - 1);
  EXPECT_EQ(Told(before), "fixed_download_growth 3/25, fixed_upload_growth -1/2");
  before.set_as_published_unix_seconds(kDecember - 1);
  EXPECT_EQ(Told(before),
            "nothing was published of fixed 2023-11 by then; a matched panel needs both months");
}

TEST_F(MatchedPanelQuery, IsWithheldWhereItWouldTellOfFew) {
  statistics_.mutable_register_()->set_fewest_contributors(2);
  AddPoint("t", v1::GROUP_A1, AddContributor(kFixed, "stays-too", statistics_));
  v1::MonthInputs earlier = Earlier(), later = Later();
  AddSteady("t", v1::GROUP_A1, 45'000, 45'000, earlier).set_isp("stays-too");
  AddSteady("t", v1::GROUP_A1, 45'000, 45'000, later).set_isp("stays-too");
  Keep(earlier, 1, kDecember, "digest");
  Keep(later, 1, kDecember, "digest");
  const std::string why =
      "of 2024-11 it leaves out fewer than 2 ISPs, and would tell of them by subtraction from what is "
      "published";
  EXPECT_EQ(Told(Of("2024-11")), absl::StrCat("fixed_download_growth ", why, ", fixed_upload_growth ", why));
}

// By the register of the earlier month's revision another point was measured in the later month.
TEST_F(MatchedPanelQuery, RefusesMonthsOfOtherPointsThanTheRegisters) {
  Keep(Earlier(), 1, kDecember, "digest");
  Keep(Later(), 1, kDecember, "digest");
  AddPoint("new", v1::GROUP_A1, *statistics_.mutable_register_()->mutable_contributors(0));
  v1::MonthInputs revised = Earlier();
  AddSteady("new", v1::GROUP_A1, 1, 1, revised).set_isp("stays");
  Keep(revised, 2, kFebruary, "another digest");
  EXPECT_EQ(ReadMatchedPanel(*store_, Of("2024-11")).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Told(Of("2024-11")),
            "fixed 2024-11, vintage 1, was computed of other points than the later register has, so the "
            "months cannot be matched: point new would join");
}

TEST_F(MatchedPanelQuery, OfMobileHasATotal) {
  AddPoint("a", v1::GROUP_A1, AddContributor(v1::SERIES_MOBILE, "isp-a", statistics_));
  Keep(SteadyMonth(v1::SERIES_MOBILE, "2024-03", 100, 20), 1, kDecember, "digest");
  Keep(SteadyMonth(v1::SERIES_MOBILE, "2024-09", 120, 60), 1, kDecember, "digest");
  v1::GetMatchedPanelRequest request = Of("2024-09");
  request.set_series(v1::SERIES_MOBILE);
  request.set_lag_months(6);
  EXPECT_EQ(Told(request), "mobile_growth 1/5, mobile_growth 2, mobile_growth 1/2");
}

TEST_F(MatchedPanelQuery, RefusesWhatItCannotUnderstand) {
  v1::GetMatchedPanelRequest request = Of("2024-13");
  EXPECT_EQ(Told(request), "month: '2024-13' is not a month; write 2024-11 (1971-01 to 9998-12)");
  request.clear_series();
  EXPECT_EQ(Told(request), "series: say which, fixed or mobile");
  request = Of("2024-11");
  request.set_lag_months(7);
  EXPECT_EQ(Told(request), "lag_months: 7: growth is over 12 or 6 months");
  EXPECT_EQ(ReadMatchedPanel(*store_, request).status().code(), absl::StatusCode::kInvalidArgument);
  Keep(Earlier(), 1, kDecember, "digest");
  EXPECT_EQ(Told(Of("2024-11")), "nothing was published of fixed 2024-11; a matched panel needs both months");
}

}  // namespace
}  // namespace kansoku::aggregator
