// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <map>

#include "absl/strings/str_cat.h"
#include "aggregator/publish/category_words.h"
#include "aggregator/publish/charts.h"
#include "aggregator/publish/decimal.h"
#include "aggregator/publish/figure_names.h"
#include "aggregator/publish/telescope_html.h"
#include "proto/contract/month.h"
#include "proto/contract/period_text.h"

namespace kansoku::aggregator {
namespace {

std::string Label(const v1::Figure& figure, const char* key) {
  const auto found = figure.labels().find(key);
  return found == figure.labels().end() ? "" : found->second;
}

// A month whose figures are all withheld says so under one of no population.
bool IsAbout(const v1::Figure& figure, const std::string& population) {
  const bool is_share = figure.id() == "darknet_category_share" && Label(figure, "population") == population;
  return is_share || (figure.id() == "darknet_packets" && figure.value().empty());
}

std::string Remark(const v1::Figure& figure, Language language) {
  const std::string rules =
      figure.darknet_rules() == 0
          ? ""
          : absl::StrCat(Words{"、判定規則の版 ", ", rules "}.In(language), figure.darknet_rules());
  return absl::StrCat(Words{"Kansokuによる実測", "measured by Kansoku"}.In(language), ": ",
                      QualityText(figure, language), rules);
}

void SetCells(const v1::Figure& figure, Language language, ChartRow& row) {
  row.cells.resize(kCategories.size());
  if (row.remark.empty()) row.remark = Remark(figure, language);
  for (size_t i = 0; i < kCategories.size(); ++i) {
    const std::string category = Label(figure, "category");
    if (!category.empty() && category != kCategories[i].label) continue;
    row.cells[i] = figure.value().empty() ? ChartCell{"", Mark::kMeasured, WithheldText(figure, language)}
                                          : ChartCell{Percent(figure.value()), Mark::kMeasured, ""};
  }
}

}  // namespace

Chart TelescopeChart(const Publication& publication, Language language) {
  const std::string population = ShownPopulation(publication);
  Chart chart;
  chart.id = "telescope";
  chart.caption = absl::StrCat(Words{"ダークネットで観測されたパケットの内容（実測、",
                                     "What packets at dark addresses were after (measured, "}
                                   .In(language),
                               WordIn(population, language), Words{"）", ")"}.In(language));
  chart.alt = Words{"横軸は月、縦軸は割合（%）の積み上げ棒。値は下の表と同じ。",
                    "Months across, stacked shares in percent. The values are those of the table below."}
                  .In(language);
  chart.left_axis = "%";
  for (const CategoryWords& category : kCategories) {
    chart.series.push_back({std::string(category.name.In(language)), Draw::kStack, category.colour});
  }
  std::map<std::string, ChartRow> months;
  for (const v1::Figure& figure : publication.telescope) {
    const std::string period = PeriodText(figure.period());
    if (!IsAbout(figure, population) || !ParseMonth(period).ok()) continue;
    ChartRow& row = months[period];
    row.period = period;
    SetCells(figure, language, row);
  }
  for (const auto& [period, row] : months) chart.rows.push_back(row);
  return chart;
}

}  // namespace kansoku::aggregator
