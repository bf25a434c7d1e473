// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/figure_html.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "aggregator/publish/decimal.h"
#include "aggregator/publish/figure_names.h"
#include "aggregator/publish/html_text.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

// Empty labels are not asked for.
struct Headline {
  const char* id;
  const char* direction;
  const char* lag;
};
constexpr Headline kHeadlines[] = {
    {"fixed_download_national", "", ""}, {"fixed_download_growth", "", "12_months"},
    {"fixed_upload_national", "", ""},   {"fixed_per_contract_volume", "download", ""},
    {"mobile_rate", "download", ""},     {"mobile_growth", "download", "12_months"},
};

// A figure that has no such label at all is meant too.
bool HasLabel(const v1::Figure& figure, const char* key, std::string_view value) {
  const auto found = figure.labels().find(key);
  return value.empty() || found == figure.labels().end() || found->second == value;
}

bool IsOfMatchedPanel(const v1::Figure& figure) {
  return std::find(figure.notes().begin(), figure.notes().end(), v1::FIGURE_NOTE_MATCHED_PANEL) !=
         figure.notes().end();
}

const v1::Figure* Latest(const Publication& publication, const Headline& headline) {
  const v1::Figure* latest = nullptr;
  for (const v1::Figure& figure : publication.figures) {
    if (figure.id() != headline.id || IsOfMatchedPanel(figure) ||
        !HasLabel(figure, "direction", headline.direction) || !HasLabel(figure, "lag", headline.lag)) {
      continue;
    }
    if (latest == nullptr || figure.month() >= latest->month()) latest = &figure;
  }
  return latest;
}

// 0.4390 is "43.9 %".
std::string CoverageText(const std::string& coverage) {
  if (!IsDecimal(coverage)) return "";
  return absl::StrCat(Percent(coverage), " %");
}

std::string StateText(const v1::Figure& figure, Language language) {
  return absl::StrCat(WordIn(EnumLabel(figure.state()), language), Words{"・第", ", vintage "}.In(language),
                      figure.vintage(), Words{"版", ""}.In(language));
}

std::string BasisText(const v1::Figure& figure, Language language) {
  return figure.basis() == v1::COVERAGE_BASIS_UNSPECIFIED ? "" : WordIn(EnumLabel(figure.basis()), language);
}

std::string HeadlineItem(const v1::Figure& figure, Language language) {
  const std::string labels = LabelWords(figure, language);
  std::string html =
      absl::StrCat("<li", figure.series() == v1::SERIES_MOBILE ? " class=\"mobile\"" : "",
                   "><span class=\"name\">", Escaped(FigureName(figure.id(), language)),
                   labels.empty() ? "" : Words{"・", ", "}.In(language), Escaped(labels), "</span>\n");
  if (figure.value().empty()) {
    absl::StrAppend(&html, "<span class=\"because\">", Words{"非公表：", "Withheld: "}.In(language),
                    Escaped(WithheldText(figure, language)), "</span>\n");
  } else {
    absl::StrAppend(&html, "<strong>", Grouped(figure.value()), " ", Escaped(figure.unit()), "</strong>\n");
  }
  std::vector<std::string> lines = {absl::StrCat(
      MonthWords(figure.month(), language), Words{"、", ", "}.In(language), StateText(figure, language))};
  const std::string coverage = CoverageText(figure.coverage()), basis = BasisText(figure, language);
  if (!coverage.empty()) {
    lines.push_back(absl::StrCat(Words{"カバー率 ", "Coverage "}.In(language), coverage,
                                 basis.empty() ? "" : Words{"（", " ("}.In(language), basis,
                                 basis.empty() ? "" : Words{"）", ")"}.In(language)));
  }
  lines.push_back(absl::StrCat(Words{"品質：", "Quality: "}.In(language), QualityText(figure, language)));
  for (const std::string& line : lines) absl::StrAppend(&html, "<small>", Escaped(line), "</small>\n");
  return absl::StrCat(html, "<small>", Escaped(figure.method()), "</small></li>\n");
}

std::string TableRow(const v1::Figure& figure, Language language) {
  const std::string labels = LabelWords(figure, language);
  std::string html = absl::StrCat("<tr><th scope=\"row\">", figure.month(), "</th><td class=\"text\">",
                                  Escaped(FigureName(figure.id(), language)),
                                  labels.empty() ? "" : absl::StrCat("<br>", Escaped(labels)), "</td>");
  if (figure.value().empty()) {
    absl::StrAppend(&html, "<td class=\"withheld\" colspan=\"2\">",
                    Words{"非公表：", "Withheld: "}.In(language), Escaped(WithheldText(figure, language)),
                    "</td>");
  } else {
    absl::StrAppend(&html, "<td>", Grouped(figure.value()), "</td><td class=\"text\">",
                    Escaped(figure.unit()), "</td>");
  }
  return absl::StrCat(html, "<td>", CoverageText(figure.coverage()), "</td><td class=\"text\">",
                      Escaped(BasisText(figure, language)), "</td><td class=\"text\">",
                      Escaped(StateText(figure, language)), "</td><td class=\"text\">",
                      Escaped(QualityText(figure, language)), "</td></tr>\n");
}

}  // namespace

std::string HeadlineHtml(const Publication& publication, Language language) {
  std::string items;
  for (const Headline& headline : kHeadlines) {
    const v1::Figure* const figure = Latest(publication, headline);
    if (figure != nullptr) absl::StrAppend(&items, HeadlineItem(*figure, language));
  }
  return absl::StrCat(
      "<section id=\"headline\" aria-labelledby=\"headline-title\">\n<h2 id=\"headline-title\">",
      Words{"主な数値", "Headline figures"}.In(language), "</h2>\n",
      items.empty()
          ? absl::StrCat(
                "<p>",
                Words{"公表できる月はまだありません。", "No month has been published yet."}.In(language),
                "</p>")
          : absl::StrCat("<ul class=\"headline\">\n", items, "</ul>"),
      "\n</section>\n");
}

std::string FigureTableHtml(const Publication& publication, Language language) {
  std::string rows;
  for (const v1::Figure& figure : publication.figures) {
    if (!absl::StrContains(figure.id(), "_profile")) absl::StrAppend(&rows, TableRow(figure, language));
  }
  const std::string title(Words{"月別の指標", "Figures by month"}.In(language));
  std::string head;
  constexpr Words kHeads[] = {{"対象月", "Month"}, {"指標", "Figure"},       {"値", "Value"},
                              {"単位", "Unit"},    {"カバー率", "Coverage"}, {"基準", "Basis"},
                              {"状態", "State"},   {"品質", "Quality"}};
  for (const Words& words : kHeads) absl::StrAppend(&head, "<th scope=\"col\">", words.In(language), "</th>");
  return absl::StrCat("<section id=\"figures\" aria-labelledby=\"figures-title\">\n<h2 id=\"figures-title\">",
                      title, "</h2>\n<p>",
                      Words{"時刻帯別・曜日別の値はデータファイルにあります。",
                            "Values by hours and weekdays are in the data files."}
                          .In(language),
                      "</p>\n<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"", title,
                      "\">\n<table>", "<thead><tr>", head, "</tr></thead>\n<tbody>\n", rows,
                      "</tbody></table>\n</div>\n</section>\n");
}

}  // namespace kansoku::aggregator
