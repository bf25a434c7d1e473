// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <optional>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "aggregator/publish/charts.h"
#include "aggregator/publish/decimal.h"
#include "aggregator/publish/figure_names.h"
#include "aggregator/publish/history_choice.h"

namespace kansoku::aggregator {
namespace {

constexpr int kGbpsInTbps = 3;

// How many places a rate of this unit moves to be in Tbps; none if it is no rate.
std::optional<int> PlacesToTbps(const std::string& unit) {
  static const std::map<std::string, int> kPlaces = {{"Tbps", 0}, {"Gbps", 3}, {"Mbps", 6},
                                                     {"kbps", 9}, {"bps", 12}, {"bit/s", 12}};
  const auto found = kPlaces.find(unit);
  return found == kPlaces.end() ? std::nullopt : std::optional<int>(found->second);
}

Mark MarkOf(Evidence evidence) {
  return evidence == Evidence::kSeen      ? Mark::kSeen
         : evidence == Evidence::kDerived ? Mark::kDerived
                                          : Mark::kRecalled;
}

struct Line {
  ChartSeries series;
  std::map<std::string, ChartCell> cells;  // by month
  std::map<std::string, std::string> remarks;
};

Line Published(const Publication& publication, ChartSeries series, const std::string& id,
               const std::function<bool(const HistoryRow&)>& is_meant) {
  Line line{std::move(series), {}, {}};
  for (const auto& [month, row] : LastStated(publication.history, id, is_meant)) {
    if (row.unit != "Gbps") continue;
    line.cells[month] = {DividedByPowerOfTen(row.value, kGbpsInTbps), MarkOf(row.evidence), ""};
    line.remarks[month] = absl::StrCat(row.basis, row.basis.empty() ? "" : "; ", row.source);
  }
  return line;
}

// The later of two vintages of a month comes last, and stays.
Line Measured(const Publication& publication, ChartSeries series, std::string_view id, Language language) {
  Line line{std::move(series), {}, {}};
  for (const v1::Figure& figure : publication.figures) {
    if (figure.id() != id) continue;
    const auto direction = figure.labels().find("direction");
    if (direction != figure.labels().end() && direction->second != "download") continue;
    const std::optional<int> places = PlacesToTbps(figure.unit());
    ChartCell& cell = line.cells[figure.month()];
    cell = {"", Mark::kMeasured, WithheldText(figure, language)};
    if (places && !figure.value().empty()) {
      cell.value = *places == 0 ? figure.value() : DividedByPowerOfTen(figure.value(), *places);
    }
    line.remarks[figure.month()] = absl::StrCat(
        Words{"Kansokuによる実測", "measured by Kansoku"}.In(language), ": ", QualityText(figure, language));
  }
  return line;
}

bool HasBasis(const HistoryRow& row, const char* part) { return absl::StrContains(row.basis, part); }

std::vector<Line> Lines(const Publication& publication, Language language) {
  const auto name = [&](Words words) { return std::string(words.In(language)); };
  const char* const fixed = "fixed_download_national_estimate";
  std::vector<Line> lines;
  lines.push_back(Published(publication,
                            {name({"固定系・公表値（IX基準、Tbps）", "Fixed, published (IX share), Tbps"}),
                             Draw::kLine, "fixed-old"},
                            fixed, [](const HistoryRow& row) { return HasBasis(row, "ix_share"); }));
  lines.push_back(Published(
      publication,
      {name({"固定系・公表値（契約数基準・協力ISP5〜6社、Tbps）",
             "Fixed, published (contract share, 5 to 6 ISPs), Tbps"}),
       Draw::kLine, "fixed-five"},
      fixed, [](const HistoryRow& row) { return !HasBasis(row, "ix_share") && !HasBasis(row, "9isp"); }));
  lines.push_back(Published(publication,
                            {name({"固定系・公表値（契約数基準・協力ISP9社、Tbps）",
                                   "Fixed, published (contract share, 9 ISPs), Tbps"}),
                             Draw::kLine, "fixed"},
                            fixed, [](const HistoryRow& row) { return HasBasis(row, "9isp"); }));
  lines.push_back(Published(
      publication, {name({"移動系・公表値（Tbps）", "Mobile, published, Tbps"}), Draw::kLine, "mobile"},
      "mobile_download_avg", [](const HistoryRow&) { return true; }));
  lines.push_back(Measured(publication,
                           {name({"固定系・実測（Tbps）", "Fixed, measured, Tbps"}), Draw::kBars, "fixed"},
                           "fixed_download_national", language));
  lines.push_back(Measured(publication,
                           {name({"移動系・実測（Tbps）", "Mobile, measured, Tbps"}), Draw::kBars, "mobile"},
                           "mobile_rate", language));
  std::erase_if(lines, [](const Line& line) { return line.cells.empty(); });
  return lines;
}

}  // namespace

Chart TrafficChart(const Publication& publication, Language language) {
  Chart chart;
  chart.id = "traffic";
  chart.caption = Words{"インターネットトラヒックの推移（固定系・移動系、ダウンロードトラヒック、月平均）",
                        "Internet traffic: download of fixed and mobile subscribers, mean of the month"}
                      .In(language);
  chart.alt =
      Words{
          "横軸は月、縦軸は毎秒テラビット。折れ線は公表値、棒は実測値。白抜きの点は算出値または記憶による値。"
          "値は下の表と同じ。",
          "Months across, terabits per second up. Lines are published values, bars are measured. "
          "Hollow points are derived or recalled. The values are those of the table below."}
          .In(language);
  chart.left_axis = "Tbps";
  const std::vector<Line> lines = Lines(publication, language);
  std::set<std::string> months;
  for (const Line& line : lines) {
    chart.series.push_back(line.series);
    for (const auto& [month, cell] : line.cells) months.insert(month);
  }
  for (const std::string& month : months) {
    ChartRow& row = chart.rows.emplace_back();
    row.period = month;
    for (const Line& line : lines) {
      const auto cell = line.cells.find(month);
      row.cells.push_back(cell == line.cells.end() ? ChartCell() : cell->second);
      const auto remark = line.remarks.find(month);
      if (remark == line.remarks.end()) continue;
      absl::StrAppend(&row.remark, row.remark.empty() ? "" : " / ", remark->second);
    }
  }
  return chart;
}

}  // namespace kansoku::aggregator
