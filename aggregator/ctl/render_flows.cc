// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/render_flows.h"

#include <array>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "aggregator/ctl/quality_text.h"
#include "aggregator/ctl/quantity.h"
#include "aggregator/ctl/table.h"
#include "aggregator/ctl/traffic_dimensions.h"
#include "proto/contract/histogram.h"

namespace kansoku::aggregator {
namespace {

constexpr std::array kPercents = {50u, 90u, 99u};

// One histogram of a row, as a column shows it.
struct Measure {
  const char* name;
  const char* csv_name;
  const v1::Histogram& (v1::FlowStatistics::*histogram)() const;
  double per_unit;  // of the histogram's numbers in one of `unit`
  const char* unit;
};
constexpr std::array kMeasures = {
    Measure{"flow size", "flow_octets", &v1::FlowStatistics::flow_octets, 1, "B"},
    Measure{"flow duration", "flow_milliseconds", &v1::FlowStatistics::flow_milliseconds, 1e3, "s"},
    Measure{"packet size", "packet_octets", &v1::FlowStatistics::packet_octets, 1, "B"},
    Measure{"handshake", "handshake_microseconds", &v1::FlowStatistics::handshake_microseconds, 1e6, "s"},
};

// "1.50 kB / 12 kB / 1.10 MB"; "-" where nothing was counted.
std::string QuantilesText(const Measure& measure, const v1::FlowStatistics& statistics) {
  const v1::Histogram& histogram = (statistics.*measure.histogram)();
  if (CountOf(histogram) == 0) return "-";
  std::string text;
  for (const uint32_t percent : kPercents) {
    const auto number = static_cast<double>(Quantile(histogram, percent, 100).value_or(0));
    absl::StrAppend(&text, text.empty() ? "" : " / ",
                    WithSmallPrefix(number / measure.per_unit, measure.unit));
  }
  return text;
}

std::string ShareText(uint64_t part, uint64_t whole) {
  if (whole == 0) return "-";
  return absl::StrFormat("%.2f %%", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

Table Begin(const FlowsQuestion& question, const char* from, const char* to) {
  Table table{{{from}, {to}}, {}};
  const std::vector<Column> dimensions = DimensionColumns(question.request);
  table.columns.insert(table.columns.end(), dimensions.begin(), dimensions.end());
  return table;
}

}  // namespace

std::string ToText(const FlowsQuestion& question, const v1::GetTrafficResponse& response) {
  Table table = Begin(question, "from (UTC)", "to (UTC)");
  const auto add_column = [&table](const char* name) { table.columns.push_back({name, Align::kRight}); };
  for (const char* name : {"new", "active", "ended"}) add_column(name);
  for (const Measure& measure : kMeasures) add_column(measure.name);
  for (const char* name : {"retransmitted", "reset", "one-sided", "windows"}) add_column(name);
  table.columns.push_back({"quality"});

  for (const v1::TrafficRow& row : response.rows()) {
    const v1::Cell& cell = row.cell();
    const v1::FlowStatistics& statistics = cell.statistics();
    std::vector<std::string> cells{UtcText(row.range().start_unix_seconds()),
                                   UtcText(row.range().end_unix_seconds())};
    for (std::string& text : DimensionTexts(question.request, row)) cells.push_back(std::move(text));
    for (const uint64_t count : {cell.new_flows(), cell.flows(), CountOf(statistics.flow_octets())}) {
      cells.push_back(Grouped(count));
    }
    for (const Measure& measure : kMeasures) cells.push_back(QuantilesText(measure, statistics));
    cells.insert(cells.end(),
                 {ShareText(statistics.tcp_retransmitted_segments(), statistics.tcp_segments()),
                  ShareText(statistics.tcp_reset_flows(), row.tcp_new_flows()),
                  ShareText(row.tcp_flows_one_sided(), row.tcp_flows_ended()),
                  absl::StrCat(row.windows(), "/", row.expected_windows()), QualityText(row.flags(), ", ")});
    table.rows.push_back(std::move(cells));
  }
  return absl::StrCat(
      AlignedText(table),
      "\nSizes, durations and handshakes: 50 % / 90 % / 99 % are at or below, within 6.25 %. An active "
      "flow counts in each of its\nwindows. One-sided: of all TCP flows that ended at the row's "
      "points. Where packets were sampled, flows are those of the sample.\n");
}

std::string ToCsv(const FlowsQuestion& question, const v1::GetTrafficResponse& response) {
  Table table = Begin(question, "start", "end");
  for (const char* name : {"new_flows", "flows", "ended_flows"}) table.columns.push_back({name});
  for (const Measure& measure : kMeasures) {
    for (const uint32_t percent : kPercents)
      table.columns.push_back({absl::StrCat(measure.csv_name, "_p", percent)});
  }
  for (const char* name :
       {"tcp_segments", "tcp_retransmitted_segments", "tcp_new_flows", "tcp_reset_flows", "tcp_flows_ended",
        "tcp_flows_one_sided", "flags", "windows", "expected_windows"}) {
    table.columns.push_back({name});
  }
  for (const v1::TrafficRow& row : response.rows()) {
    const v1::Cell& cell = row.cell();
    const v1::FlowStatistics& statistics = cell.statistics();
    std::vector<std::string> cells{Rfc3339Text(row.range().start_unix_seconds()),
                                   Rfc3339Text(row.range().end_unix_seconds())};
    for (std::string& text : DimensionTexts(question.request, row)) cells.push_back(std::move(text));
    for (const uint64_t count : {cell.new_flows(), cell.flows(), CountOf(statistics.flow_octets())}) {
      cells.push_back(absl::StrCat(count));
    }
    for (const Measure& measure : kMeasures) {
      for (const uint32_t percent : kPercents) {
        const auto number = Quantile((statistics.*measure.histogram)(), percent, 100);
        cells.push_back(number ? absl::StrCat(*number) : "");
      }
    }
    for (const uint64_t count :
         {statistics.tcp_segments(), statistics.tcp_retransmitted_segments(), row.tcp_new_flows(),
          statistics.tcp_reset_flows(), row.tcp_flows_ended(), row.tcp_flows_one_sided()}) {
      cells.push_back(absl::StrCat(count));
    }
    cells.push_back(QualityText(row.flags(), ";"));
    cells.push_back(absl::StrCat(row.windows()));
    cells.push_back(absl::StrCat(row.expected_windows()));
    table.rows.push_back(std::move(cells));
  }
  return CsvText(table);
}

}  // namespace kansoku::aggregator
