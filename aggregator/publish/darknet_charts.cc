// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "aggregator/publish/category_words.h"
#include "aggregator/publish/charts.h"
#include "aggregator/publish/decimal.h"
#include "aggregator/publish/history_choice.h"

namespace kansoku::aggregator {
namespace {

Mark MarkOf(Evidence evidence) {
  return evidence == Evidence::kSeen      ? Mark::kSeen
         : evidence == Evidence::kDerived ? Mark::kDerived
                                          : Mark::kRecalled;
}

bool IsOfOldTable(const HistoryRow& row) { return absl::StrContains(row.basis, "2017"); }

std::string Remark(const HistoryRow& row) { return absl::StrCat(row.basis, "; ", row.source); }

void AppendRemark(const std::string& remark, std::string& to) {
  if (to.empty()) {
    to = remark;
  } else if (!absl::StrContains(to, remark)) {
    absl::StrAppend(&to, " / ", remark);
  }
}

// The old table was restated, so years of both stand apart; the old one is drawn where it is the only one.
struct Restated {
  RowByPeriod later, old;
};

Restated Both(const Publication& publication, const std::string& series) {
  Restated both{
      LatestVintage(publication.history, series, [](const HistoryRow& row) { return !IsOfOldTable(row); }),
      LatestVintage(publication.history, series, IsOfOldTable)};
  std::erase_if(both.old, [&](const auto& row) { return both.later.contains(row.first); });
  return both;
}

void AddCell(const RowByPeriod& rows, int places, ChartRow& to) {
  const auto found = rows.find(to.period);
  if (found == rows.end()) {
    to.cells.emplace_back();
    return;
  }
  to.cells.push_back({DividedByPowerOfTen(found->second.value, places), MarkOf(found->second.evidence), ""});
  AppendRemark(Remark(found->second), to.remark);
}

void AddPeriods(const RowByPeriod& rows, std::set<std::string>& periods) {
  for (const auto& [period, row] : rows) periods.insert(period);
}

}  // namespace

Chart DarknetChart(const Publication& publication, Language language) {
  const bool is_japanese = language == Language::kJapanese;
  const int places = is_japanese ? 8 : 9;  // 億, or billions
  const auto name = [&](Words words) { return std::string(words.In(language)); };
  Chart chart;
  chart.id = "darknet";
  chart.caption = name({"ダークネットで観測されたパケット数の推移（年間、NICTER）",
                        "Packets at dark addresses in a year (NICTER)"});
  chart.alt =
      name({"横軸は年。棒は年間総観測パケット数（左軸、億）、折れ線は1 IPアドレス当たりのパケット数（右軸）。"
            "白抜きの点は算出値または記憶による値。値は下の表と同じ。",
            "Years across. Bars are packets in billions (left axis), lines are packets for each address "
            "(right axis). Hollow points are derived or recalled. The values are those of the table "
            "below."});
  chart.left_axis = name({"億パケット", "billion packets"});
  chart.right_axis = name({"1アドレス当たり", "for each address"});
  chart.series = {{name({"総観測パケット数（2017年版の表、億）", "Packets (table of 2017), billions"}),
                   Draw::kBars, "darknet-old"},
                  {name({"総観測パケット数（以後の版、億）", "Packets (later tables), billions"}),
                   Draw::kBars, "darknet"},
                  {name({"1 IPアドレス当たり（2017年版の表）", "For each address (table of 2017)"}),
                   Draw::kLine, "address-old", true},
                  {name({"1 IPアドレス当たり（以後の版）", "For each address (later tables)"}), Draw::kLine,
                   "address", true}};
  const Restated packets = Both(publication, "total_packets");
  const Restated addresses = Both(publication, "packets_per_ip_per_year");
  std::set<std::string> years;
  for (const RowByPeriod* const rows : {&packets.old, &packets.later, &addresses.old, &addresses.later}) {
    AddPeriods(*rows, years);
  }
  for (const std::string& year : years) {
    ChartRow& row = chart.rows.emplace_back();
    row.period = year;
    AddCell(packets.old, places, row);
    AddCell(packets.later, places, row);
    AddCell(addresses.old, 0, row);
    AddCell(addresses.later, 0, row);
  }
  return chart;
}

Chart CategoryChart(const Publication& publication, Language language) {
  const Words not_printed = {"文書に値の記載なし", "not printed in the text"};
  Chart chart;
  chart.id = "categories";
  chart.caption = Words{"ダークネットで観測されたパケットの内容（NICTER）",
                        "What packets at dark addresses were after (NICTER)"}
                      .In(language);
  chart.alt =
      Words{
          "横軸は年、縦軸は割合（%"
          "）の積み上げ棒。公表文書に値がない区分は「内訳不明」にまとめた。値は下の表と同じ。",
          "Years across, stacked shares in percent. Categories whose share is not printed are together as "
          "not broken down. The values are those of the table below."}
          .In(language);
  chart.left_axis = "%";
  std::vector<RowByPeriod> shares;
  std::set<std::string> years;
  for (const CategoryWords& category : kCategories) {
    chart.series.push_back({std::string(category.name.In(language)), Draw::kStack, category.colour});
    shares.push_back(LastStated(publication.history, absl::StrCat("category_share_", category.label),
                                [](const HistoryRow&) { return true; }));
    AddPeriods(shares.back(), years);
  }
  chart.series.push_back(
      {std::string(Words{"内訳不明（%）", "Not broken down, %"}.In(language)), Draw::kStack, "unknown"});
  for (const std::string& year : years) {
    ChartRow& row = chart.rows.emplace_back();
    row.period = year;
    std::string rest = "100";
    for (const RowByPeriod& share : shares) {
      AddCell(share, 0, row);
      ChartCell& cell = row.cells.back();
      if (cell.value.empty()) {
        cell.because = not_printed.In(language);
      } else {
        rest = Difference(rest, cell.value);
      }
    }
    row.cells.push_back({rest, Mark::kDerived, ""});
  }
  return chart;
}

}  // namespace kansoku::aggregator
