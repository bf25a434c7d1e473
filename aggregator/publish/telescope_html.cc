// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/telescope_html.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "aggregator/publish/chart_html.h"
#include "aggregator/publish/charts.h"
#include "aggregator/publish/decimal.h"
#include "aggregator/publish/figure_names.h"
#include "aggregator/publish/html_text.h"
#include "proto/contract/month.h"
#include "proto/contract/period_text.h"

namespace kansoku::aggregator {
namespace {

constexpr char kUsualPopulation[] = "non_survey";

std::string Label(const v1::Figure& figure, const char* key) {
  const auto found = figure.labels().find(key);
  return found == figure.labels().end() ? "" : found->second;
}

// Empty where there is none.
std::string LastMonth(const Publication& publication) {
  std::string last;
  for (const v1::Figure& figure : publication.telescope) {
    const std::string period = PeriodText(figure.period());
    if (ParseMonth(period).ok()) last = std::max(last, period);
  }
  return last;
}

struct RankedPort {
  const v1::Figure* share = nullptr;
  const v1::Figure* packets = nullptr;
};

// By rank.
std::map<int, RankedPort> LeadingPorts(const Publication& publication, const std::string& month) {
  const std::string population = ShownPopulation(publication);
  std::map<int, RankedPort> ports;
  for (const v1::Figure& figure : publication.telescope) {
    const std::string rank = Label(figure, "rank");
    if (Label(figure, "population") != population || !IsDecimal(rank) || rank.size() > 2 ||
        PeriodText(figure.period()) != month) {
      continue;
    }
    if (figure.id() == "darknet_port_share") ports[std::stoi(rank)].share = &figure;
    if (figure.id() == "darknet_port_packets") ports[std::stoi(rank)].packets = &figure;
  }
  std::erase_if(ports, [](const auto& port) { return port.second.share == nullptr; });
  return ports;
}

std::string Cell(const v1::Figure* figure, const std::string& value, Language language) {
  if (figure == nullptr) return "<td></td>";
  if (figure->value().empty()) {
    return absl::StrCat("<td class=\"withheld\">", Escaped(WithheldText(*figure, language)), "</td>");
  }
  return absl::StrCat("<td>", Grouped(value), "</td>");
}

std::string PortsTable(const Publication& publication, const std::string& month, Language language) {
  const std::map<int, RankedPort> ports = LeadingPorts(publication, month);
  if (ports.empty()) return "";
  const std::string caption = absl::StrCat(
      Words{"宛先ポート上位10", "The ten leading ports"}.In(language), Words{"（", " ("}.In(language),
      MonthWords(month, language), Words{"、", ", "}.In(language),
      WordIn(ShownPopulation(publication), language), Words{"）", ")"}.In(language));
  std::string html =
      absl::StrCat("<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"", caption,
                   "\">\n<table id=\"ports\"><caption>", caption, "</caption>\n<thead><tr><th scope=\"col\">",
                   Words{"順位", "Rank"}.In(language), "</th><th scope=\"col\" class=\"text\">",
                   Words{"ポート", "Port"}.In(language), "</th><th scope=\"col\">",
                   Words{"割合（%）", "Share, %"}.In(language), "</th><th scope=\"col\">",
                   Words{"パケット数", "Packets"}.In(language), "</th></tr></thead>\n<tbody>\n");
  for (const auto& [rank, port] : ports) {
    const std::string percent = IsDecimal(port.share->value()) ? Percent(port.share->value()) : "";
    absl::StrAppend(&html, "<tr><th scope=\"row\">", rank, "</th><td class=\"text\">",
                    Escaped(absl::StrCat(Label(*port.share, "port"), "/", Label(*port.share, "protocol"))),
                    "</td>", Cell(port.share, percent, language),
                    Cell(port.packets, port.packets == nullptr ? "" : port.packets->value(), language),
                    "</tr>\n");
  }
  return absl::StrCat(html, "</tbody></table>\n</div>\n");
}

std::string WithheldList(const Publication& publication, const std::string& month, Language language) {
  std::string items;
  for (const v1::Figure& figure : publication.telescope) {
    if (!figure.value().empty() || PeriodText(figure.period()) != month) continue;
    const std::string labels = LabelWords(figure, language);
    absl::StrAppend(&items, "<li>", Escaped(FigureName(figure.id(), language)),
                    labels.empty() ? "" : Words{"・", ", "}.In(language), Escaped(labels),
                    Words{"：", ": "}.In(language), Escaped(WithheldText(figure, language)), "</li>\n");
  }
  if (items.empty()) return "";
  return absl::StrCat("<h3>", MonthWords(month, language), Words{"の非公表の指標", ": withheld"}.In(language),
                      "</h3>\n<ul class=\"withheld\">\n", items, "</ul>\n");
}

}  // namespace

std::string ShownPopulation(const Publication& publication) {
  const auto& figures = publication.telescope;
  const bool has_usual = std::any_of(figures.begin(), figures.end(), [](const v1::Figure& figure) {
    return Label(figure, "population") == kUsualPopulation && !figure.value().empty();
  });
  return has_usual ? kUsualPopulation : "all";
}

std::string TelescopeHtml(const Publication& publication, Language language) {
  if (publication.telescope.empty()) return "";
  const std::string month = LastMonth(publication);
  return absl::StrCat(
      "<h3>", Words{"実測したダークネットのパケット", "Packets at dark addresses, measured"}.In(language),
      "</h3>\n<p>",
      Words{"日本時間の日ごとに判定した値による。ほかの指標と日別の値はデータファイルにある。",
            "From days in Japan, each judged as a whole. Other figures, and those of single days, are in the "
            "data "
            "files."}
          .In(language),
      "</p>\n", ChartHtml(TelescopeChart(publication, language), language),
      PortsTable(publication, month, language), WithheldList(publication, month, language));
}

}  // namespace kansoku::aggregator
