// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/darknet_section.h"

#include "absl/strings/str_cat.h"
#include "aggregator/publish/chart_html.h"
#include "aggregator/publish/darknet_years.h"
#include "aggregator/publish/telescope_html.h"

namespace kansoku::aggregator {
namespace {

Mark MarkOf(Evidence evidence) {
  return evidence == Evidence::kSeen      ? Mark::kSeen
         : evidence == Evidence::kDerived ? Mark::kDerived
                                          : Mark::kRecalled;
}

ChartCell CellOf(const YearQuotient& quotient, Language language) {
  return {quotient.value, MarkOf(quotient.evidence), WhyWithheld(quotient, language)};
}

}  // namespace

Chart DarknetGrowth(const Publication& publication, Language language) {
  const auto name = [&](Words words) { return std::string(words.In(language)); };
  Chart table;
  table.id = "darknet-growth";
  table.caption = name({"公表されたパケット数の増減（NICTER）", "How the published packets grew (NICTER)"});
  table.series = {
      {.name = name({"総観測パケット数", "Packets"})},
      {.name = name({"2015年比（倍）", "Times those of 2015"})},
      {.name = name({"前年比（%）", "On the year before, %"})},
      {.name = name({"1アドレスに1パケットが届く間隔（秒）", "Seconds for each packet at an address"})}};
  for (const DarknetYear& year : DarknetYears(publication.history)) {
    ChartRow& row = table.rows.emplace_back();
    row.period = year.packets.period;
    row.cells = {{year.packets.value, MarkOf(year.packets.evidence), ""},
                 year.ratio_to_base ? CellOf(*year.ratio_to_base, language) : ChartCell(),
                 CellOf(year.growth, language),
                 {year.seconds_per_packet, MarkOf(year.seconds_evidence), ""}};
    row.remark = absl::StrCat(year.packets.basis, "; ", year.packets.source);
  }
  return table;
}

std::string DarknetSection(const Publication& publication, Language language) {
  const std::string growth = ChartTableHtml(DarknetGrowth(publication, language), language);
  const std::string measured = TelescopeHtml(publication, language);
  if (growth.empty() && measured.empty()) return "";
  const std::string about_growth =
      growth.empty()
          ? ""
          : absl::StrCat(
                "<h3>", Words{"公表値の増減", "How published values grew"}.In(language), "</h3>\n<p>",
                Words{"過去の値は報告書の版ごとに改められているため、二つの年は同じ版の値だけで比べる。間隔は"
                      "、その年"
                      "の秒数を1 IPアドレス当たりのパケット数で割ったもの。",
                      "Past values are restated from report to report, so two years are compared within one "
                      "vintage only. Seconds are those of the year, divided by packets for each address."}
                    .In(language),
                "</p>\n");
  return absl::StrCat("<section id=\"", kDarknetSection,
                      "\" aria-labelledby=\"dark-title\">\n<h2 id=\"dark-title\">",
                      Words{"ダークネット", "Dark addresses"}.In(language), "</h2>\n", measured, about_growth,
                      growth, "</section>\n");
}

}  // namespace kansoku::aggregator
