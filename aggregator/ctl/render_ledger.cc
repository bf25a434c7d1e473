// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/render_ledger.h"

#include <algorithm>
#include <functional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "aggregator/ctl/quality_text.h"
#include "aggregator/ctl/quantity.h"
#include "aggregator/ctl/table.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

Table WithNumbers(std::vector<Column> columns, std::initializer_list<const char*> numbers) {
  for (const char* name : numbers) columns.push_back({name, Align::kRight});
  return {std::move(columns), {}};
}

std::vector<std::string> Numbers(std::initializer_list<uint64_t> numbers) {
  std::vector<std::string> cells;
  for (const uint64_t number : numbers) cells.push_back(Grouped(number));
  return cells;
}

void Append(const std::vector<std::string>& more, std::vector<std::string>& cells) {
  cells.insert(cells.end(), more.begin(), more.end());
}

std::string ClockText(const v1::CollectorLedger& collector) {
  if (!collector.has_clock_offset_microseconds()) return "";
  return absl::FormatDuration(
      absl::Trunc(absl::Microseconds(collector.clock_offset_microseconds()), absl::Milliseconds(1)));
}

Table Reports(const v1::GetLedgerResponse& response) {
  Table table = WithNumbers({{"collector"}, {"isp"}, {"version"}, {"connected"}, {"last heard (UTC)"}},
                            {"closed", "acknowledged", "in spool", "evicted", "duplicate", "missing"});
  for (const v1::CollectorLedger& it : response.collectors()) {
    std::vector<std::string> cells{
        it.collector(), it.isp(), it.software_version(), it.connected() ? "yes" : "no",
        it.last_heard_unix_seconds() == 0 ? "never" : UtcText(it.last_heard_unix_seconds())};
    Append(Numbers({it.reports_closed(), it.reports_acknowledged(), it.reports_spooled(),
                    it.reports_evicted(), it.duplicate_reports(), it.missing_reports()}),
           cells);
    table.rows.push_back(std::move(cells));
  }
  return table;
}

// Of the collectors that told their time.
Table Clocks(const v1::GetLedgerResponse& response) {
  Table table = WithNumbers({{"collector"}}, {"ahead by"});
  for (const v1::CollectorLedger& it : response.collectors()) {
    if (it.has_clock_offset_microseconds()) table.rows.push_back({it.collector(), ClockText(it)});
  }
  return table;
}

std::string RefusalsText(const v1::Ledger& ledger) {
  return absl::StrJoin(ledger.refused(), ", ", [](std::string* out, const v1::Refused& refused) {
    absl::StrAppend(out, EnumLabel(refused.reason()), " ", Grouped(refused.packets()));
  });
}

Table Packets(const v1::GetLedgerResponse& response) {
  Table table = WithNumbers({{"point"}}, {"received", "captured", "kernel drops", "interface drops", "cells",
                                          "darknet", "refused", "lost windows"});
  table.columns.push_back({"refused because"});
  for (const v1::CollectorLedger& collector : response.collectors()) {
    for (const v1::PointLedger& point : collector.points()) {
      const v1::Ledger& ledger = point.ledger();
      if (!point.withheld_because().empty()) {
        table.rows.push_back({point.point()});
        table.rows.back().resize(table.columns.size(), "withheld");
        continue;
      }
      std::vector<std::string> cells{point.point()};
      Append(Numbers({ledger.received_packets(), ledger.captured_packets(), ledger.kernel_dropped_packets(),
                      ledger.interface_dropped_packets(), point.cell_packets(), point.darknet_packets(),
                      point.refused_packets(), point.evicted_windows()}),
             cells);
      cells.push_back(RefusalsText(ledger));
      table.rows.push_back(std::move(cells));
    }
  }
  return table;
}

// Windows that are missing, and why.
Table Gaps(const v1::GetLedgerResponse& response) {
  Table table{{{"point"}, {"missing because"}, {"windows", Align::kRight}, {"packets", Align::kRight}}, {}};
  for (const v1::CollectorLedger& collector : response.collectors()) {
    for (const v1::PointLedger& point : collector.points()) {
      for (const v1::GapCount& gap : point.gaps()) {
        table.rows.push_back({point.point(), GapReasonText(gap), Grouped(gap.windows()),
                              gap.evicted_because() == 0 ? "" : Grouped(gap.packets())});
      }
    }
  }
  return table;
}

// Reports that were acknowledged without being counted.
Table Quarantine(const v1::GetLedgerResponse& response) {
  Table table =
      WithNumbers({{"collector"}, {"reason"}}, {"reports", "held", "admitted", "discarded", "dropped"});
  for (const v1::CollectorLedger& collector : response.collectors()) {
    for (const v1::QuarantineCount& count : collector.quarantined()) {
      std::vector<std::string> cells{collector.collector(), EnumLabel(count.reason())};
      Append(Numbers({count.reports(), count.held(), count.admitted(), count.discarded(), count.dropped()}),
             cells);
      table.rows.push_back(std::move(cells));
    }
  }
  return table;
}

// What the interface counted, and how the captured packets were corrected; only of points with any of it.
Table Corrections(const v1::GetLedgerResponse& response) {
  Table table =
      WithNumbers({{"point"}}, {"nic packets", "nic octets", "tap packets", "segmented", "not sampled",
                                "ring freezes", "tcp flows ended", "one-sided", "records dropped"});
  for (const v1::CollectorLedger& collector : response.collectors()) {
    for (const v1::PointLedger& point : collector.points()) {
      const v1::Ledger& ledger = point.ledger();
      const std::initializer_list<uint64_t> numbers = {
          ledger.nic_packets(),       ledger.nic_octets(),          ledger.tap_packets(),
          ledger.segmented_packets(), ledger.not_sampled_packets(), ledger.ring_freezes(),
          ledger.tcp_flows_ended(),   ledger.tcp_flows_one_sided(), ledger.flow_records_dropped()};
      if (std::all_of(numbers.begin(), numbers.end(), [](uint64_t number) { return number == 0; })) continue;
      std::vector<std::string> cells{point.point()};
      Append(Numbers(numbers), cells);
      table.rows.push_back(std::move(cells));
    }
  }
  return table;
}

// Calls with collector, point (empty for an identity of the whole collector) and identity.
void ForEachIdentity(
    const v1::GetLedgerResponse& response,
    const std::function<void(const std::string&, const std::string&, const v1::Identity&)>& visit) {
  for (const v1::CollectorLedger& collector : response.collectors()) {
    for (const v1::Identity& identity : collector.identities()) visit(collector.collector(), "", identity);
    for (const v1::PointLedger& point : collector.points()) {
      for (const v1::Identity& identity : point.identities())
        visit(collector.collector(), point.point(), identity);
    }
  }
}

std::string Verdict(const v1::Identity& identity) {
  const std::string sides = absl::StrCat(" left=", identity.left(), " right=", identity.right());
  if (!identity.holds()) return absl::StrCat("VIOLATED", sides);
  return identity.left() == identity.right() ? "holds"
                                             : absl::StrCat("holds within ", identity.slack(), sides);
}

Table Identities(const v1::GetLedgerResponse& response) {
  Table table{{{"subject"}, {"identity"}, {"verdict"}, {"statement"}}, {}};
  ForEachIdentity(response,
                  [&](const std::string& collector, const std::string& point, const v1::Identity& identity) {
                    table.rows.push_back({point.empty() ? "collector " + collector : "point " + point,
                                          identity.name(), Verdict(identity), identity.statement()});
                  });
  return table;
}

}  // namespace

std::string ToText(const v1::GetLedgerRequest&, const v1::GetLedgerResponse& response) {
  const Table corrections = Corrections(response);
  const Table clocks = Clocks(response), gaps = Gaps(response), quarantine = Quarantine(response);
  return absl::StrCat(
      "Reports\n", AlignedText(Reports(response)), "\nPackets\n", AlignedText(Packets(response)),
      corrections.rows.empty() ? "" : "\nInterfaces and corrections\n" + AlignedText(corrections),
      clocks.rows.empty() ? "" : "\nClocks\n" + AlignedText(clocks),
      gaps.rows.empty() ? "" : "\nMissing windows\n" + AlignedText(gaps),
      quarantine.rows.empty() ? "" : "\nQuarantine\n" + AlignedText(quarantine), "\nIdentities\n",
      AlignedText(Identities(response)));
}

std::string ToCsv(const v1::GetLedgerRequest&, const v1::GetLedgerResponse& response) {
  Table table{{{"collector"}, {"point"}, {"identity"}, {"left"}, {"right"}, {"slack"}, {"holds"}}, {}};
  ForEachIdentity(response,
                  [&](const std::string& collector, const std::string& point, const v1::Identity& identity) {
                    table.rows.push_back({collector, point, identity.name(), absl::StrCat(identity.left()),
                                          absl::StrCat(identity.right()), absl::StrCat(identity.slack()),
                                          identity.holds() ? "true" : "false"});
                  });
  return CsvText(table);
}

std::vector<std::string> ViolatedIdentities(const v1::GetLedgerResponse& response) {
  std::vector<std::string> violated;
  ForEachIdentity(
      response, [&](const std::string& collector, const std::string& point, const v1::Identity& identity) {
        if (identity.holds()) return;
        violated.push_back(absl::StrCat(point.empty() ? "collector " + collector : "point " + point, ": ",
                                        identity.name(), " is violated: ", identity.left(), " is not ",
                                        identity.right(), " (", identity.statement(), ")"));
      });
  return violated;
}

}  // namespace kansoku::aggregator
