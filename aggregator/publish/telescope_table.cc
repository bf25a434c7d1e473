// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/telescope_table.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "aggregator/publish/figure_columns.h"
#include "proto/contract/period_text.h"

namespace kansoku::aggregator {
namespace {

struct LabelColumn {
  const char* label;
  TableColumn column;
};

constexpr LabelColumn kLabels[] = {
    {"population",
     {"population",
      "string",
      "",
      {"母集団", "Population"},
      "of packets or hosts: all, non_survey (without survey scanners by behaviour) or non_listed (without "
      "listed ones)"}},
    {"rank", {"rank", "integer", "1", {"順位", "Rank"}, "of the port, 1 to 10"}},
    {"protocol", {"protocol", "string", "", {"プロトコル", "Protocol"}, "tcp or udp of the port"}},
    {"port", {"port", "integer", "1", {"宛先ポート", "Port"}, "the destination port's number"}},
    {"category",
     {"category",
      "string",
      "",
      {"区分", "Category"},
      "iot, http, windows, or other: outside the ten leading ports"}},
    {"rule",
     {"rule",
      "string",
      "",
      {"判定方法", "Rule"},
      "by which a source is a survey scanner: behaviour or listed"}},
    {"list",
     {"list",
      "string",
      "",
      {"リスト", "List"},
      "of survey scanners, by name and version; further lists: those beyond the 63rd of a day; empty: any"}},
    {"tool", {"tool", "string", "", {"ツール", "Tool"}, "for scanning, that its mark gives away"}},
    {"family", {"family", "string", "", {"IPの版", "Family"}, "ipv4 or ipv6"}},
    {"class",
     {"class",
      "string",
      "",
      {"種別", "Class"},
      "of packets: tcp_syn, backscatter_syn_ack, udp_probe, icmp_request ..."}},
    {"flag",
     {"flag",
      "string",
      "",
      {"特徴", "Flag"},
      "of packets that look odd: examined (all that were looked at), high_ttl, network_source, own_source, "
      "port_zero, or any of these; and foreign_quote, ICMP errors about packets of others"}},
    {"method",
     {"division",
      "string",
      "",
      {"除し方", "Division"},
      "how packets are divided by addresses whose number changes: daily, mean or lastday"}},
    {"evidence",
     {"evidence", "string", "", {"根拠", "Evidence"}, "that a subscriber is infected: reached or scanning"}},
    {"because",
     {"unjudged_because",
      "string",
      "",
      {"判定できない理由", "Unjudged because"},
      "why packets could not be judged: no_room, untold or undecided; or not taken out of a population: "
      "no_port"}},
};

std::string Label(const v1::Figure& figure, const char* key) {
  const auto found = figure.labels().find(key);
  return found == figure.labels().end() ? "" : found->second;
}

std::string TextUnlessZero(uint64_t number) { return number == 0 ? "" : absl::StrCat(number); }

const TableColumn kPeriod = {"period",
                             "string",
                             "",
                             {"対象期間", "Period"},
                             "month, day, or first and last day of others (ISO 8601), in the time zone"};
const TableColumn kFirstDay = {
    "first_day", "date", "", {"最初の日", "First day"}, "of the period, itself in it"};
const TableColumn kLastDay = {
    "last_day", "date", "", {"最後の日", "Last day"}, "of the period, itself in it"};
const TableColumn kRules = {
    "rules",
    "integer",
    "1",
    {"判定規則の版", "Rules"},
    "version of the classes and marks that packets and sources were judged by; empty: several, or "
    "before it was said"};
const TableColumn kJudgement = {"judgement",
                                "integer",
                                "1",
                                {"送信元判定の版", "Judgement"},
                                "version of how the sources of a day are judged; empty: of no judged "
                                "sources, several, or before it was said"};
const TableColumn kRevision = {"revision",
                               "integer",
                               "1",
                               {"改訂", "Revision"},
                               "revisions of the days that it is made of, added up: rises whenever one is "
                               "made or made again"};

// The columns of the table of months that say the same here.
constexpr std::string_view kShared[] = {
    "value",   "unit",    "standard_error",   "withheld_reason", "withheld_because", "digits",
    "quality", "windows", "expected_windows", "method",          "source",           "licence"};

const FigureColumn& Shared(std::string_view name) {
  const std::span<const FigureColumn> all = FigureColumns();
  return *std::find_if(all.begin(), all.end(),
                       [&](const FigureColumn& column) { return column.name == name; });
}

}  // namespace

DataTable TelescopeTable(const Publication& publication) {
  DataTable table{"telescope", {kPeriod, kFirstDay, kLastDay, Shared("time_zone"), Shared("figure_id")}, {}};
  for (const LabelColumn& label : kLabels) table.columns.push_back(label.column);
  for (const std::string_view name : kShared) table.columns.push_back(Shared(name));
  table.columns.insert(table.columns.end(), {kRules, kJudgement, kRevision, Shared("computed_at")});
  for (const v1::Figure& figure : publication.telescope) {
    std::vector<std::string>& row = table.rows.emplace_back(std::vector<std::string>{
        PeriodText(figure.period()), FirstDayText(figure.period()), LastDayText(figure.period()),
        Shared("time_zone").cell(figure, publication), figure.id()});
    for (const LabelColumn& label : kLabels) row.push_back(Label(figure, label.label));
    for (const std::string_view name : kShared) row.push_back(Shared(name).cell(figure, publication));
    row.push_back(TextUnlessZero(figure.darknet_rules()));
    row.push_back(TextUnlessZero(figure.darknet_judgement()));
    row.push_back(TextUnlessZero(figure.darknet_revision()));
    // Of days of which there is none nothing was computed.
    row.push_back(figure.darknet_revision() == 0 ? "" : Shared("computed_at").cell(figure, publication));
  }
  return table;
}

absl::Status CheckTelescope(const std::vector<v1::Figure>& figures) {
  for (const v1::Figure& figure : figures) {
    const auto bad = [&](const std::string& what) {
      return absl::InvalidArgumentError(
          absl::StrCat("figure ", figure.id(), " of ", PeriodText(figure.period()), ": ", what));
    };
    if (const absl::Status status = CheckValue(figure); !status.ok())
      return bad(std::string(status.message()));
    for (const auto& [key, value] : figure.labels()) {
      if (std::none_of(std::begin(kLabels), std::end(kLabels),
                       [&](const LabelColumn& label) { return label.label == key; })) {
        return bad(absl::StrCat("no column for the label ", key));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
