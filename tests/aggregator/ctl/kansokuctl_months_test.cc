// SPDX-License-Identifier: Apache-2.0
//
// `kansokuctl figures` of months, the real program against a real server with canned answers.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/aggregator/ctl/kansokuctl_run.h"

namespace kansoku::testing {
namespace {

constexpr char kMonths[] = R"(
  figures { id: "fixed_download_national" series: SERIES_FIXED month: "2023-11" value: "34.5" unit: "Tbps"
            exact: "34500000000000" base_unit: "bit/s" basis: COVERAGE_BASIS_CONTRACT_SHARE coverage: "0.4385"
            vintage: 2 state: VINTAGE_STATE_REVISED computed_unix_seconds: 1735052400 register_digest: "abc123"
            windows: 259199 expected_windows: 259200 notes: FIGURE_NOTE_SIMULATED notes: FIGURE_NOTE_IMPUTED
            flags: QUALITY_FLAG_DROPS method: "R(A1, OUT) / s, METRICS 3.4"
            period { start_unix_seconds: 1698764400 end_unix_seconds: 1701356400 } }
  figures { id: "fixed_download_national" series: SERIES_FIXED month: "2024-11" value: "38.9" unit: "Tbps"
            standard_error: "0.1" exact: "77800000000001/2" base_unit: "bit/s"
            basis: COVERAGE_BASIS_CONTRACT_SHARE coverage: "0.4390" vintage: 1 state: VINTAGE_STATE_FINAL
            computed_unix_seconds: 1734706800 register_digest: "def456" windows: 259200 expected_windows: 259200
            method: "R(A1, OUT) / s, METRICS 3.4"
            period { start_unix_seconds: 1730386800 end_unix_seconds: 1732978800 }
            steps { what: "octets of A1, download, nine ISPs" value: "5533200000000000" unit: "octets" }
            steps { what: "share of the contributors" value: "439/1000" unit: "ratio" } })";

constexpr char kGrowth[] = R"(
  figures { id: "fixed_download_growth" labels { key: "lag" value: "12_months" } month: "2024-11" value: "12.7"
            unit: "%" vintage: 1 state: VINTAGE_STATE_FINAL }
  figures { id: "fixed_download_growth" labels { key: "lag" value: "6_months" } month: "2024-11" unit: "%"
            vintage: 1 state: VINTAGE_STATE_FINAL withheld_because: "2024-05 was not published" })";

using KansokuctlMonths = Kansokuctl;

TEST_F(KansokuctlMonths, ShowsASeriesAsItWasPublished) {
  Fill(kMonths, server_.figures);
  EXPECT_EQ(Output({"figures", "series", "fixed_download_national", "--from", "2023-11", "--to", "2024-11"}),
            R"(month    figure                   labels            value  vintage  state    coverage  remarks
2023-11  fixed_download_national                34.5 Tbps        2  revised    0.4385  simulated, imputed, drops
2024-11  fixed_download_national          38.9 ± 0.1 Tbps        1  final      0.4390
)");
  ASSERT_EQ(server_.figures_asked.size(), 2u) << "a year at a time";
  EXPECT_FALSE(server_.figures_asked[0].has_range());
  EXPECT_EQ(server_.figures_asked[0].months().ShortDebugString(),
            R"(series: SERIES_FIXED first: "2023-11" last: "2024-10" ids: "fixed_download_national")");
  EXPECT_EQ(server_.figures_asked[1].months().ShortDebugString(),
            R"(series: SERIES_FIXED first: "2024-11" last: "2024-11" ids: "fixed_download_national")");
}

TEST_F(KansokuctlMonths, PrintsEverythingThatIsSaidAsCsv) {
  Fill(kMonths, server_.figures);
  EXPECT_EQ(
      Output({"figures", "series", "fixed_download_national", "--to", "2024-11", "--csv"}),
      "month,series,figure,labels,value,standard_error,unit,exact,base_unit,power_of_ten,basis,coverage,"
      "vintage,state,"
      "computed,windows,expected_windows,notes,flags,withheld_reason,withheld_because,register_digest,"
      "method\n"
      "2023-11,fixed,fixed_download_national,,34.5,,Tbps,34500000000000,bit/"
      "s,,contract_share,0.4385,2,revised,"
      "2024-12-24T15:00:00Z,259199,259200,simulated;imputed,drops,,,abc123,\"R(A1, OUT) / s, METRICS 3.4\"\n"
      "2024-11,fixed,fixed_download_national,,38.9,0.1,Tbps,77800000000001/2,bit/s,,contract_share,0.4390,1,"
      "final,2024-12-20T15:00:00Z,259200,259200,,,,,def456,\"R(A1, OUT) / s, METRICS 3.4\"\n");
  EXPECT_EQ(server_.figures_asked[0].months().first(), "2022-11") << "two years, and the one before them";
}

TEST_F(KansokuctlMonths, PrintsWhatWhoIsNoRegulatorIsTold) {
  Fill(R"(figures { id: "mobile_rate" series: SERIES_MOBILE month: "2024-11" value: "6.1" unit: "Tbps"
                    base_unit: "bit/s" power_of_ten: 12 }
          figures { id: "mobile_rate" series: SERIES_MOBILE month: "2024-11" unit: "Tbps" base_unit: "bit/s"
                    withheld_reason: WITHHELD_REASON_UNFILLABLE withheld_because: "a gap" })",
       server_.figures);
  EXPECT_EQ(
      Output({"figures", "show", "mobile_rate", "--month", "2024-11", "--csv"}),
      "month,series,figure,labels,value,standard_error,unit,exact,base_unit,power_of_ten,basis,coverage,"
      "vintage,state,computed,windows,expected_windows,notes,flags,withheld_reason,withheld_because,"
      "register_digest,method\n"
      "2024-11,mobile,mobile_rate,,6.1,,Tbps,,bit/s,12,,,0,unspecified,1970-01-01T00:00:00Z,0,0,,,,,,\n"
      "2024-11,mobile,mobile_rate,,,,Tbps,,bit/s,,,,0,unspecified,1970-01-01T00:00:00Z,0,0,,,unfillable,"
      "a gap,,\n");
}

TEST_F(KansokuctlMonths, AsksForTheEndOfADayInJapan) {
  Fill(kMonths, server_.figures);
  const nlohmann::json answer =
      nlohmann::json::parse(Output({"--json", "figures", "show", "fixed_download_national", "--month",
                                    "2024-11", "--as-published", "2025-02-01"}));
  EXPECT_EQ(answer["figures"][0]["exact"], "77800000000001/2");
  EXPECT_EQ(server_.figures_asked.back().months().as_published_unix_seconds(), 1738421999);  // 23:59:59 JST
  EXPECT_EQ(server_.figures_asked.back().months().first(), "2024-11");
  EXPECT_EQ(server_.figures_asked.back().months().last(), "2024-11");
  EXPECT_FALSE(server_.figures_asked.back().months().steps());
}

TEST_F(KansokuctlMonths, ShowsOnlyTheLabelsAskedFor) {
  Fill(kGrowth, server_.figures);
  EXPECT_EQ(
      Output({"figures", "show", "fixed_download_growth", "--month", "2024-11", "--where", "lag=6_months"}),
      "month    figure                 labels           value  vintage  state  coverage  remarks\n"
      "2024-11  fixed_download_growth  lag=6_months  withheld        1  final            2024-05 was not "
      "published\n");
  const Finished none =
      Run({"figures", "show", "fixed_download_growth", "--month", "2024-11", "--where", "lag=1_day"});
  EXPECT_EQ(none.exit_status, 1);
  EXPECT_EQ(none.err,
            "kansokuctl: --where: no figure has lag=1_day; there are lag=12_months, lag=6_months\n");
}

TEST_F(KansokuctlMonths, ExplainsStepByStep) {
  Fill(kMonths, server_.figures);
  server_.figures.mutable_figures()->DeleteSubrange(0, 1);
  const std::vector<std::string> explain = {"figures", "explain", "fixed_download_national", "--month",
                                            "2024-11"};
  EXPECT_EQ(Output(explain), R"(fixed_download_national, 2024-11: 38.9 ± 0.1 Tbps
  formula    R(A1, OUT) / s, METRICS 3.4
  vintage    1, final, computed 2024-12-21 00:00:00 JST
  period     2024-11-01 00:00:00 to 2024-12-01 00:00:00 JST
  windows    259200 of 259200
  coverage   0.4390, contract_share
  exact      77800000000001/2 bit/s
  register   def456

step                                               value  unit
octets of A1, download, nine ISPs  5,533,200,000,000,000  octets
share of the contributors                        ≈ 0.439  ratio
)");
  EXPECT_TRUE(server_.figures_asked.back().months().steps());
  std::vector<std::string> as_csv = explain;
  as_csv.push_back("--csv");
  EXPECT_EQ(
      Output(as_csv),
      "month,figure,labels,vintage,step,value,unit\n"
      "2024-11,fixed_download_national,,1,\"octets of A1, download, nine ISPs\",5533200000000000,octets\n"
      "2024-11,fixed_download_national,,1,share of the contributors,439/1000,ratio\n");
}

TEST_F(KansokuctlMonths, SaysThatNothingWasPublished) {
  const Finished empty =
      Run({"figures", "show", "mobile_rate", "--month", "2024-09", "--as-published", "2024-10-01"});
  EXPECT_EQ(empty.exit_status, 1);
  EXPECT_EQ(
      empty.err,
      "kansokuctl: nothing was published of mobile_rate of 2024-09 by 2024-10-01 23:59:59 JST; kansokuctl "
      "figures vintages lists what was\n");
  EXPECT_EQ(server_.figures_asked.back().months().series(), v1::SERIES_MOBILE);
}

TEST_F(KansokuctlMonths, PassesOnWhyTheAggregatorRefuses) {
  server_.status = {grpc::StatusCode::FAILED_PRECONDITION, "2030-01 is not over"};
  const Finished refused = Run({"figures", "show", "traffic_rate", "--month", "2030-01"});
  EXPECT_EQ(refused.exit_status, 1);
  EXPECT_EQ(refused.err, "kansokuctl: the aggregator at " + server_.address() +
                             " answered FAILED_PRECONDITION: 2030-01 is not over\n");
  EXPECT_EQ(server_.figures_asked.back().months().series(), v1::SERIES_UNSPECIFIED);
}

TEST_F(KansokuctlMonths, RefusesBadWordsBeforeItAsks) {
  const auto refusal = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "figures");
    const Finished finished = Run(words);
    EXPECT_EQ(finished.exit_status, 2);
    return finished.err;
  };
  const std::string see = "; see kansokuctl --help\n";
  EXPECT_EQ(refusal({"show", "mobile_rate", "--month", "2024-13"}),
            "kansokuctl: --month: '2024-13' is not a month; write 2024-11 (1971-01 to 9998-12)" + see);
  EXPECT_EQ(refusal({"series", "mobile_rate", "--from", "2024-12", "--to", "2024-11"}),
            "kansokuctl: --from: 2024-12 is after --to 2024-11" + see);
  EXPECT_EQ(refusal({"show", "mobile_rate", "--as-published", "2025-2-1"}),
            "kansokuctl: --as-published: \"2025-2-1\": expected a date in Japan such as 2025-02-01; what was "
            "published by its end counts" +
                see);
  EXPECT_EQ(refusal({"show", "mobile_rate", "--where", "download"}),
            "kansokuctl: --where: \"download\": expected LABEL=VALUE, such as direction=download" + see);
  EXPECT_EQ(refusal({"vintages", "--series", "satellite"}),
            "kansokuctl: --series: \"satellite\": expected one of fixed, mobile" + see);
}

TEST_F(KansokuctlMonths, ListsTheKindsOfFigures) {
  Fill(R"(kinds { id: "traffic_rate" unit: "bit/s" labels: "group" labels: "access" method: "8 x octets" }
          kinds { id: "mobile_rate" unit: "bit/s" digits: 1 labels: "direction" series: SERIES_MOBILE
                  method: "M1" })",
       server_.kinds);
  EXPECT_EQ(Output({"figures", "list"}),
            "figure        series  unit   digits  labels        method\n"
            "traffic_rate          bit/s       0  group access  8 x octets\n"
            "mobile_rate   mobile  bit/s       1  direction     M1\n");
  EXPECT_EQ(Output({"figures", "list", "--csv"}),
            "figure,series,unit,digits,labels,method\n"
            "traffic_rate,,bit/s,0,group;access,8 x octets\n"
            "mobile_rate,mobile,bit/s,1,direction,M1\n");
}

constexpr char kVintages[] = R"(
  vintages { series: SERIES_FIXED month: "2024-11" number: 1 state: VINTAGE_STATE_PROVISIONAL by: "keeper"
             computed_unix_seconds: 1732978800 because: "first" method_version: "1"
             register_digest: "0123456789abcdef" }
  vintages { series: SERIES_FIXED month: "2024-11" number: 2 state: VINTAGE_STATE_FINAL by: "keeper"
             computed_unix_seconds: 1734706800 because: "time of grace over" method_version: "1"
             register_digest: "0123456789abcdef" })";

TEST_F(KansokuctlMonths, ListsTheAuditTrail) {
  Fill(kVintages, server_.vintages);
  EXPECT_EQ(
      Output({"figures", "vintages", "--month", "2024-11"}),
      R"(series  month    vintage  state        computed (JST)       by      method  register      because
fixed   2024-11        1  provisional  2024-12-01 00:00:00  keeper  1       0123456789ab  first
fixed   2024-11        2  final        2024-12-21 00:00:00  keeper  1       0123456789ab  time of grace over
)");
  EXPECT_EQ(server_.vintages_asked.ShortDebugString(), R"(first: "2024-11" last: "2024-11")");
  EXPECT_EQ(Output({"figures", "vintages", "--series", "mobile", "--csv"}),
            "series,month,vintage,state,computed,by,method_version,register_digest,because\n"
            "fixed,2024-11,1,provisional,2024-11-30T15:00:00Z,keeper,1,0123456789abcdef,first\n"
            "fixed,2024-11,2,final,2024-12-20T15:00:00Z,keeper,1,0123456789abcdef,time of grace over\n");
  EXPECT_EQ(server_.vintages_asked.ShortDebugString(), "series: SERIES_MOBILE");
}

constexpr char kPanel[] = R"(
  figures { id: "fixed_download_growth" labels { key: "lag" value: "12_months" } series: SERIES_FIXED
            month: "2024-11" value: "12.0" unit: "%" exact: "3/25" base_unit: "ratio" vintage: 1
            state: VINTAGE_STATE_FINAL notes: FIGURE_NOTE_MATCHED_PANEL method: "matched" windows: 4
            expected_windows: 4 computed_unix_seconds: 1734706800 register_digest: "def456" }
  figures { id: "fixed_upload_growth" labels { key: "lag" value: "12_months" } series: SERIES_FIXED
            month: "2024-11" unit: "%" vintage: 1 state: VINTAGE_STATE_FINAL withheld_because: "too few" }
  earlier { month: "2023-11" number: 2 state: VINTAGE_STATE_REVISED }
  later { month: "2024-11" number: 1 state: VINTAGE_STATE_FINAL })";

TEST_F(KansokuctlMonths, ShowsTheGrowthOfAMatchedPanel) {
  Fill(kPanel, server_.panel);
  EXPECT_EQ(
      Output({"figures", "panel", "--series", "fixed", "--month", "2024-11"}),
      R"(fixed, 2023-11 (vintage 2, revised) to 2024-11 (vintage 1, final), of the contributors that both have

month    figure                 labels            value  vintage  state  coverage  remarks
2024-11  fixed_download_growth  lag=12_months    12.0 %        1  final            matched_panel
2024-11  fixed_upload_growth    lag=12_months  withheld        1  final            too few
)");
  EXPECT_EQ(server_.panel_asked.ShortDebugString(), R"(series: SERIES_FIXED month: "2024-11")");
  EXPECT_EQ(
      Output({"figures", "panel", "--series", "fixed", "--month", "2024-11", "--lag", "6", "--as-published",
              "2025-02-01", "--csv"}),
      "month,series,figure,labels,value,standard_error,unit,exact,base_unit,power_of_ten,basis,coverage,"
      "vintage,state,computed,windows,expected_windows,notes,flags,withheld_reason,withheld_because,"
      "register_digest,method,earlier_month,earlier_vintage\n"
      "2024-11,fixed,fixed_download_growth,lag=12_months,12.0,,%,3/25,ratio,,,,1,final,2024-12-20T15:00:00Z,"
      "4,4,matched_panel,,,,def456,matched,2023-11,2\n"
      "2024-11,fixed,fixed_upload_growth,lag=12_months,,,%,,,,,,1,final,1970-01-01T00:00:00Z,0,0,,,,too few,"
      ",,2023-11,2\n");
  EXPECT_EQ(server_.panel_asked.lag_months(), 6u);
  EXPECT_EQ(server_.panel_asked.as_published_unix_seconds(), 1738421999);  // 23:59:59 JST
  const nlohmann::json answer = nlohmann::json::parse(
      Output({"figures", "panel", "--series", "mobile", "--month", "2024-09", "--json"}));
  EXPECT_EQ(answer["earlier"]["number"], 2);
  EXPECT_EQ(Run({"figures", "panel", "--series", "fixed", "--lag", "7"}).exit_status, 2);
}

constexpr char kRecomputed[] = R"(
  vintage { series: SERIES_FIXED month: "2024-11" number: 2 state: VINTAGE_STATE_FINAL method_version: "1"
            computed_unix_seconds: 1734706800 register_digest: "def456" }
  figures: 254 method_version: "1")";

TEST_F(KansokuctlMonths, SaysThatAMonthIsStillWhatWasPublished) {
  Fill(kRecomputed, server_.recomputed);
  EXPECT_EQ(Output({"figures", "recompute", "--series", "fixed", "--month", "2024-11", "--vintage", "2"}),
            "fixed 2024-11, vintage 2, computed 2024-12-21 00:00:00 JST by method 1 with register def456\n"
            "254 figures computed again by method 1: all are equal, bit for bit\n");
  EXPECT_EQ(server_.recompute_asked.ShortDebugString(), R"(series: SERIES_FIXED month: "2024-11" number: 2)");
}

TEST_F(KansokuctlMonths, FailsWhereAMonthIsNotWhatWasPublished) {
  const std::string differences =
      R"(differences { stored { id: "fixed_coverage" value: "0.4390" unit: "ratio" exact: "439/1000"
                                 base_unit: "ratio" }
                        computed { id: "fixed_coverage" withheld_because: "contracts are missing" } }
          differences { computed { id: "fixed_balance" labels { key: "x" value: "y" } value: "1" unit: "ratio"
                                   exact: "1" base_unit: "ratio" } })";
  Fill((kRecomputed + differences).c_str(), server_.recomputed);
  server_.recomputed.set_method_version("2");
  const Finished differs = Run({"figures", "recompute", "--series", "fixed", "--month", "2024-11"});
  EXPECT_EQ(differs.exit_status, 1);
  EXPECT_EQ(differs.err,
            "kansokuctl: fixed 2024-11, vintage 2: 2 of 254 figures differ from what was published; method 1 "
            "computed them, and this aggregator has method 2\n");
  EXPECT_EQ(differs.out,
            R"(fixed 2024-11, vintage 2, computed 2024-12-21 00:00:00 JST by method 1 with register def456
254 figures computed again by method 2

figure          labels  stored                         computed
fixed_coverage          0.4390 ratio = 439/1000 ratio  withheld: contracts are missing
fixed_balance   x=y     absent                         1 ratio = 1 ratio
)");
  EXPECT_EQ(server_.recompute_asked.number(), 0u);
}

}  // namespace
}  // namespace kansoku::testing
