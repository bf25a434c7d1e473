// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/month_samples.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace kansoku {
namespace {

using Labels = std::map<std::string, std::string>;

v1::Figure FigureOf(const std::string& id, const Labels& labels, const std::string& exact) {
  v1::Figure figure;
  figure.set_id(id);
  figure.mutable_labels()->insert(labels.begin(), labels.end());
  figure.set_series(id.starts_with("mobile") ? v1::SERIES_MOBILE : v1::SERIES_FIXED);
  figure.set_month("2024-11");
  figure.set_exact(exact);
  figure.set_value("38.9");
  figure.set_vintage(2);
  return figure;
}

// "name|label values = value", without kansoku_figure_info.
std::vector<std::string> Shown(const std::vector<v1::Figure>& figures) {
  std::vector<std::string> lines;
  for (const MonthSample& sample : MonthSamples(figures)) {
    if (sample.metric == &metrics::kFigureInfo) continue;
    lines.push_back(absl::StrCat(std::string(sample.metric->name), "|",
                                 absl::StrJoin(sample.label_values, ","), " = ", sample.value));
  }
  return lines;
}

// To those who are not told the exact value.
TEST(MonthSamples, ShowTheValueThatWasPublished) {
  v1::Figure figure = FigureOf("fixed_upload_national", {}, "");
  EXPECT_EQ(Shown({figure}), std::vector<std::string>());
  figure.set_power_of_ten(12);
  EXPECT_EQ(Shown({figure}),
            std::vector<std::string>{"kansoku_fixed_traffic_bits_per_second|upload,national,a1, = 3.89e+13"});
  figure.set_exact("38912345678901");
  EXPECT_EQ(Shown({figure}), std::vector<std::string>{
                                 "kansoku_fixed_traffic_bits_per_second|upload,national,a1, = 3.89123e+13"});
}

TEST(MonthSamples, ShowEachFigureUnderItsMetric) {
  v1::Figure national = FigureOf("fixed_download_national", {}, "38900000000000");
  national.set_basis(v1::COVERAGE_BASIS_CONTRACT_SHARE);
  EXPECT_EQ(
      Shown({FigureOf("fixed_month_rate", {{"group", "a1"}, {"direction", "download"}}, "1000"),
             FigureOf("fixed_interconnection", {{"group", "b3"}, {"direction", "upload"}}, "2000"), national,
             FigureOf("fixed_upload_national", {}, "3"), FigureOf("fixed_coverage", {}, "439/1000"),
             FigureOf("fixed_volume_per_day", {{"direction", "download"}}, "7"),
             FigureOf("fixed_per_contract_rate", {{"direction", "download"}}, "827800"),
             FigureOf("fixed_download_growth", {{"lag", "12_months"}}, "127/1000"),
             FigureOf("fixed_upload_growth", {{"lag", "6_months"}}, "-1/8")}),
      (std::vector<std::string>{
          "kansoku_fixed_traffic_bits_per_second|download,contributors,a1, = 1000",
          "kansoku_fixed_traffic_bits_per_second|upload,contributors,b3, = 2000",
          "kansoku_fixed_traffic_bits_per_second|download,national,a1,contract_share = 3.89e+13",
          "kansoku_fixed_traffic_bits_per_second|upload,national,a1, = 3",
          "kansoku_fixed_coverage_ratio| = 0.439", "kansoku_fixed_volume_bytes|download,day = 7",
          "kansoku_fixed_per_contract_bits_per_second|download = 827800",
          "kansoku_growth_ratio|fixed,download,12_months = 0.127",
          "kansoku_growth_ratio|fixed,upload,6_months = -0.125"}));
  EXPECT_EQ(Shown({FigureOf("mobile_rate", {{"direction", "total"}}, "5"),
                   FigureOf("mobile_growth", {{"direction", "download"}, {"lag", "12_months"}}, "1/4")}),
            (std::vector<std::string>{"kansoku_mobile_traffic_bits_per_second|total = 5",
                                      "kansoku_growth_ratio|mobile,download,12_months = 0.25"}));
}

TEST(MonthSamples, AreAsExactAsADoubleCanBe) {
  // No integer takes forty-one digits.
  const std::vector<MonthSample> samples = MonthSamples(std::vector<v1::Figure>{FigureOf(
      "mobile_rate", {}, "10000000000000000000000000000000000000001/30000000000000000000000000000000000")});
  ASSERT_FALSE(samples.empty());
  EXPECT_EQ(samples[0].value, 1e6 / 3);
}

TEST(MonthSamples, LeaveOutProfilesWhatIsWithheldAndMatchedPanels) {
  v1::Figure withheld = FigureOf("mobile_rate", {}, "");
  withheld.clear_value();
  v1::Figure matched = FigureOf("mobile_growth", {{"lag", "12_months"}}, "1/8");
  matched.add_notes(v1::FIGURE_NOTE_MATCHED_PANEL);
  EXPECT_EQ(Shown({FigureOf("fixed_hour_profile", {{"slot", "21-23"}}, "1"),
                   FigureOf("fixed_peak_rate", {}, "1"), withheld, matched}),
            std::vector<std::string>{});
  EXPECT_EQ(MonthSamples({}).size(), 0u);
}

TEST(MonthSamples, NeverRepeatASeries) {
  const v1::Figure figure = FigureOf("mobile_rate", {{"direction", "download"}}, "5");
  EXPECT_EQ(MonthSamples(std::vector{figure, figure}).size(), 2u) << "the rate and its information";
}

TEST(MonthSamples, TellMonthVintageAndDigits) {
  v1::Figure whole = FigureOf("fixed_coverage", {}, "1");
  whole.set_value("1");
  whole.set_basis(v1::COVERAGE_BASIS_IX_SHARE);
  std::vector<std::string> told;
  for (const MonthSample& sample :
       MonthSamples(std::vector{whole, FigureOf("fixed_upload_national", {}, "3")})) {
    if (sample.metric == &metrics::kFigureInfo) told.push_back(absl::StrJoin(sample.label_values, ","));
  }
  EXPECT_EQ(told, (std::vector<std::string>{"fixed_coverage,2024-11,ix_share,2,0",
                                            "fixed_upload_national,2024-11,,2,1"}));
}

TEST(MonthSamples, TellHowCompleteTheMonthWas) {
  v1::Figure all = FigureOf("fixed_hour_profile", {}, "1"), three_quarters = all, of_the_register = all;
  all.set_windows(8);
  all.set_expected_windows(8);
  three_quarters.set_windows(6);
  three_quarters.set_expected_windows(8);
  EXPECT_EQ(Shown({of_the_register}), std::vector<std::string>{});
  EXPECT_EQ(Shown({all, of_the_register, three_quarters}),
            std::vector<std::string>{"kansoku_period_complete_ratio|fixed = 0.75"});
}

}  // namespace
}  // namespace kansoku
