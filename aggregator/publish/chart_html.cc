// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/chart_html.h"

#include "absl/strings/str_cat.h"
#include "aggregator/publish/decimal.h"
#include "aggregator/publish/html_text.h"

namespace kansoku::aggregator {
namespace {

struct MarkWords {
  const char* word;
  Words text;
};

MarkWords WordsOf(Mark mark) {
  switch (mark) {
    case Mark::kDerived:
      return {"derived", {"算出", "derived"}};
    case Mark::kRecalled:
      return {"recalled", {"記憶", "recalled"}};
    case Mark::kMeasured:
      return {"measured", {"実測", "measured"}};
    case Mark::kSeen:
      break;
  }
  return {"seen", {"確認", "seen"}};
}

const char* WordOf(Draw draw) {
  return draw == Draw::kBars ? "bars" : draw == Draw::kStack ? "stack" : "line";
}

std::string CellHtml(const ChartCell& cell, Language language) {
  if (cell.value.empty() && cell.because.empty()) return "<td></td>";
  if (cell.value.empty()) return absl::StrCat("<td class=\"withheld\">", Escaped(cell.because), "</td>");
  const MarkWords mark = WordsOf(cell.mark);
  return absl::StrCat("<td data-value=\"", cell.value, "\" data-mark=\"", mark.word, "\">",
                      Grouped(cell.value), " <small>", mark.text.In(language), "</small></td>");
}

std::string DrawnBy(const ChartSeries& series) {
  if (series.colour.empty()) return "";
  return absl::StrCat(" data-draw=\"", WordOf(series.draw), "\" data-colour=\"", series.colour,
                      "\" data-axis=\"", series.on_right ? "right" : "left", "\"");
}

std::string TableHtml(const Chart& chart, Language language) {
  std::string html = absl::StrCat("<table id=\"", chart.id, "-table\"><caption>", Escaped(chart.caption),
                                  "</caption>\n<thead><tr><th scope=\"col\" class=\"text\">",
                                  Words{"時期", "Period"}.In(language), "</th>");
  for (const ChartSeries& series : chart.series) {
    absl::StrAppend(&html, "<th scope=\"col\"", DrawnBy(series), ">", Escaped(series.name), "</th>");
  }
  absl::StrAppend(&html, "<th scope=\"col\" class=\"text\">",
                  Words{"基準・出典", "Basis and source"}.In(language), "</th></tr></thead>\n<tbody>\n");
  for (const ChartRow& row : chart.rows) {
    absl::StrAppend(&html, "<tr><th scope=\"row\">", Escaped(row.period), "</th>");
    for (const ChartCell& cell : row.cells) absl::StrAppend(&html, CellHtml(cell, language));
    absl::StrAppend(&html, "<td class=\"text\">", Escaped(row.remark), "</td></tr>\n");
  }
  return absl::StrCat(html, "</tbody></table>");
}

}  // namespace

std::string ChartHtml(const Chart& chart, Language language) {
  if (chart.rows.empty()) return "";
  return absl::StrCat("<figure id=\"", chart.id, "\" data-left=\"", Escaped(chart.left_axis),
                      "\" data-right=\"", Escaped(chart.right_axis), "\">\n<figcaption id=\"", chart.id,
                      "-caption\">", Escaped(chart.caption),
                      "</figcaption>\n<div class=\"plot\" role=\"group\" tabindex=\"0\" aria-labelledby=\"",
                      chart.id, "-caption\" aria-describedby=\"", chart.id,
                      "-alt\" hidden></div>\n<p class=\"reading\" aria-live=\"polite\" ",
                      "hidden></p>\n<p class=\"alt\" id=\"", chart.id, "-alt\">", Escaped(chart.alt),
                      "</p>\n", ChartTableHtml(chart, language), "</figure>\n");
}

std::string ChartTableHtml(const Chart& chart, Language language) {
  if (chart.rows.empty()) return "";
  return absl::StrCat("<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"",
                      Escaped(absl::StrCat(chart.caption, Words{"（表）", " (table)"}.In(language))), "\">\n",
                      TableHtml(chart, language), "\n</div>\n");
}

}  // namespace kansoku::aggregator
