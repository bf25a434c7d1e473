// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/page.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "aggregator/publish/chart_html.h"
#include "aggregator/publish/charts.h"
#include "aggregator/publish/darknet_section.h"
#include "aggregator/publish/figure_columns.h"
#include "aggregator/publish/figure_html.h"
#include "aggregator/publish/html_text.h"
#include "aggregator/publish/page_sections.h"

namespace kansoku::aggregator {
namespace {

// Nothing from elsewhere, and no script or style but the site's own files.
constexpr char kContentSecurityPolicy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action "
    "'none'";

constexpr Words kTitle = {"我が国のインターネットトラヒック：公表値とオープンデータ",
                          "Internet traffic of Japan: published figures and open data"};

std::string Head(const std::string& root, Language language) {
  return absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"", Words{"ja", "en"}.In(language),
      "\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"",
      kContentSecurityPolicy,
      "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>",
      kTitle.In(language), "</title>\n<link rel=\"icon\" href=\"", root,
      "assets/icon.svg\" type=\"image/svg+xml\">\n<link rel=\"stylesheet\" href=\"", root,
      "assets/uPlot.min.css\">\n<link rel=\"stylesheet\" href=\"", root, "assets/site.css\">\n</head>\n");
}

std::string Navigation(const Publication& publication, Language language) {
  const bool is_japanese = language == Language::kJapanese;
  std::string html =
      absl::StrCat("<a class=\"skip\" href=\"#main\">", Words{"本文へ", "Skip to the content"}.In(language),
                   "</a>\n<nav aria-label=\"", Words{"ページ内", "On this page"}.In(language), "\"><ul>\n");
  constexpr struct {
    const char* id;
    Words words;
  } kParts[] = {{"headline", {"主な数値", "Headline figures"}},
                {"charts", {"図表", "Charts"}},
                {kDarknetSection, {"ダークネット", "Dark addresses"}},
                {"figures", {"月別の指標", "Figures by month"}},
                {"data", {"データ", "Data"}},
                {"method", {"方法", "Method"}},
                {"licence", {"利用条件", "Licence"}}};
  for (const auto& part : kParts) {
    if (std::string_view(part.id) == kDarknetSection && DarknetSection(publication, language).empty())
      continue;
    absl::StrAppend(&html, "<li><a href=\"#", part.id, "\">", part.words.In(language), "</a></li>\n");
  }
  absl::StrAppend(&html, is_japanese
                             ? "<li><a href=\"en/index.html\" lang=\"en\" hreflang=\"en\">English</a></li>\n"
                             : "<li><a href=\"../index.html\" lang=\"ja\" hreflang=\"ja\">日本語</a></li>\n");
  return absl::StrCat(html, "</ul></nav>\n");
}

std::string Opening(const Publication& publication, Language language) {
  int64_t latest = 0;
  for (const v1::Figure& figure : publication.figures) {
    latest = std::max(latest, figure.computed_unix_seconds());
  }
  std::string html = absl::StrCat("<header>\n<h1>", kTitle.In(language), "</h1>\n<p>",
                                  Words{"公表者：", "Published by "}.In(language),
                                  Escaped(language == Language::kJapanese ? publication.publisher.name_ja()
                                                                          : publication.publisher.name_en()));
  if (latest > 0) {
    absl::StrAppend(&html, Words{"。最終算出：", ". Last computed: "}.In(language), "<time datetime=\"",
                    JapaneseTime(latest), "\">", JapaneseTime(latest), "</time>");
  }
  absl::StrAppend(&html, "</p>\n");
  if (std::any_of(publication.figures.begin(), publication.figures.end(), IsSimulated)) {
    absl::StrAppend(
        &html, "<p class=\"warning\" role=\"note\">",
        Words{"注意：「実測」とある値は模擬入力から計算したもので、実際の通信量ではありません。",
              "Note: values called measured are computed from simulated input. They are not real traffic."}
            .In(language),
        "</p>\n");
  }
  return absl::StrCat(html, "</header>\n");
}

std::string ChartsSection(const Publication& publication, Language language) {
  std::string html =
      absl::StrCat("<section id=\"charts\" aria-labelledby=\"charts-title\">\n<h2 id=\"charts-title\">",
                   Words{"図表", "Charts"}.In(language), "</h2>\n<p>",
                   Words{"各図の下の表が図のデータそのものです。図にキーボードで移動し、左右の矢印キーで時期"
                         "ごとの値を読めます。",
                         "The table beneath each chart is its data. With a chart in focus, the left and "
                         "right arrow keys read it period by period."}
                       .In(language),
                   "</p>\n");
  for (const Chart& chart : {TrafficChart(publication, language), DarknetChart(publication, language),
                             CategoryChart(publication, language)}) {
    absl::StrAppend(&html, ChartHtml(chart, language));
  }
  return absl::StrCat(html, "</section>\n");
}

}  // namespace

std::string PageHtml(const Publication& publication, const PageFacts& facts, Language language) {
  const std::string root = language == Language::kJapanese ? "" : "../";
  return absl::StrCat(Head(root, language), "<body>\n", Navigation(publication, language),
                      Opening(publication, language), "<main id=\"main\">\n",
                      HeadlineHtml(publication, language), ChartsSection(publication, language),
                      DarknetSection(publication, language), FigureTableHtml(publication, language),
                      DataSection(facts, root, language), MethodSection(publication, language),
                      LicenceSection(publication, facts, language), "</main>\n<script src=\"", root,
                      "assets/uPlot.iife.min.js\"></script>\n<script src=\"", root,
                      "assets/charts.js\"></script>\n</body>\n</html>\n");
}

}  // namespace kansoku::aggregator
