// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/render_top.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "aggregator/ctl/quantity.h"
#include "aggregator/ctl/render_traffic.h"
#include "aggregator/ctl/sparkline.h"
#include "aggregator/ctl/table.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

using ClassName = std::tuple<std::string, std::string, std::string>;  // ISP, access, direction

struct Rates {
  ClassName name;
  std::vector<std::optional<double>> steps;  // bits a second
  double mean = 0;                           // of the last ones
};

struct Losses {
  const v1::CollectorLedger* collector;
  const v1::PointLedger* point;
  absl::Duration lag;  // infinite: no window ever came
  uint64_t lost = 0;
  uint64_t lost_since = 0;
};

const char* Word(TopOrder order) {
  switch (order) {
    case TopOrder::kRate:
      return "rate";
    case TopOrder::kName:
      return "name";
    case TopOrder::kDrops:
      return "drops";
    case TopOrder::kLag:
      return "lag";
  }
  return "";
}

uint64_t LostBy(const v1::PointLedger& point) {
  return point.ledger().kernel_dropped_packets() + point.ledger().interface_dropped_packets() +
         point.refused_packets();
}

std::vector<Rates> RatesOf(const TopFrame& frame) {
  const auto steps = static_cast<size_t>((frame.range.end_unix_seconds() - frame.range.start_unix_seconds()) /
                                         frame.step_seconds);
  std::map<ClassName, Rates> by_name;
  for (const v1::TrafficRow& row : frame.traffic.rows()) {
    const v1::TrafficClass& of = row.cell().traffic_class();
    const ClassName name{row.isp(), EnumLabel(of.access()), EnumLabel(of.direction())};
    Rates& rates = by_name[name];
    rates.name = name;
    rates.steps.resize(steps);
    const int64_t step =
        (row.range().start_unix_seconds() - frame.range.start_unix_seconds()) / frame.step_seconds;
    if (step < 0 || static_cast<size_t>(step) >= steps || !row.withheld_because().empty()) continue;
    rates.steps[static_cast<size_t>(step)] =
        static_cast<double>(BitsPerSecond(OctetsOf(row.cell(), OctetsBasis::kL3), row.range()));
  }
  std::vector<Rates> all;
  for (auto& [name, rates] : by_name) {
    const size_t counted = std::min<size_t>(kStepsOfRate, steps);
    for (size_t i = steps - counted; i < steps; ++i) {
      rates.mean += rates.steps[i].value_or(0) / static_cast<double>(counted);
    }
    all.push_back(std::move(rates));
  }
  return all;
}

std::string RatesText(const TopFrame& frame, TopOrder order) {
  std::vector<Rates> all = RatesOf(frame);
  if (order == TopOrder::kRate) {
    std::stable_sort(all.begin(), all.end(), [](const Rates& a, const Rates& b) { return a.mean > b.mean; });
  }
  Table table{{{"isp"}, {"access"}, {"direction"}, {"rate", Align::kRight}, {"over time"}}, {}};
  for (const Rates& rates : all) {
    double highest = 0;
    for (const std::optional<double>& step : rates.steps) highest = std::max(highest, step.value_or(0));
    const auto& [isp, access, direction] = rates.name;
    table.rows.push_back(
        {isp, access, direction, WithPrefix(rates.mean, "bit/s"), Sparkline(rates.steps, 0, highest)});
  }
  return AlignedText(table);
}

std::vector<Losses> LossesOf(const TopFrame& frame, const LostPackets& since) {
  std::map<std::string, absl::Duration> lags;
  for (const v1::Point& point : frame.points.points()) {
    if (!point.has_last_window()) continue;
    lags[point.point()] = frame.now - absl::FromUnixSeconds(point.last_window().end_unix_seconds());
  }
  std::vector<Losses> all;
  for (const v1::CollectorLedger& collector : frame.ledger.collectors()) {
    for (const v1::PointLedger& point : collector.points()) {
      const auto lag = lags.find(point.point());
      const auto before = since.find(point.point());
      const uint64_t lost = LostBy(point);
      all.push_back(
          {.collector = &collector,
           .point = &point,
           .lag = lag == lags.end() ? absl::InfiniteDuration() : lag->second,
           .lost = lost,
           .lost_since = before == since.end() || lost < before->second ? 0 : lost - before->second});
    }
  }
  return all;
}

std::string LagText(absl::Duration lag) {
  return lag == absl::InfiniteDuration() ? "never" : absl::FormatDuration(absl::Trunc(lag, absl::Seconds(1)));
}

std::string PointsText(const TopFrame& frame, TopOrder order, const LostPackets& since) {
  std::vector<Losses> all = LossesOf(frame, since);
  std::stable_sort(all.begin(), all.end(), [order](const Losses& a, const Losses& b) {
    if (order == TopOrder::kLag) return a.lag > b.lag;
    if (order == TopOrder::kDrops) return std::tie(a.lost_since, a.lost) > std::tie(b.lost_since, b.lost);
    return false;
  });
  Table table{{{"point"}, {"collector"}, {"connected"}}, {}};
  for (const char* name : {"lag", "in spool", "kernel drops", "interface drops", "refused", "lost now"}) {
    table.columns.push_back({name, Align::kRight});
  }
  table.columns.push_back({"refused because"});
  for (const Losses& it : all) {
    const v1::Ledger& ledger = it.point->ledger();
    table.rows.push_back(
        {it.point->point(), it.collector->collector(), it.collector->connected() ? "yes" : "no",
         LagText(it.lag), Grouped(it.collector->reports_spooled()), Grouped(ledger.kernel_dropped_packets()),
         Grouped(ledger.interface_dropped_packets()), Grouped(it.point->refused_packets()),
         Grouped(it.lost_since),
         absl::StrJoin(ledger.refused(), ", ", [](std::string* out, const v1::Refused& refused) {
           absl::StrAppend(out, EnumLabel(refused.reason()), " ", Grouped(refused.packets()));
         })});
  }
  return AlignedText(table);
}

std::string Heading(const TopFrame& frame, TopOrder order) {
  int connected = 0;
  uint64_t spooled = 0;
  for (const v1::CollectorLedger& collector : frame.ledger.collectors()) {
    connected += collector.connected() ? 1 : 0;
    spooled += collector.reports_spooled();
  }
  const int64_t end = frame.range.end_unix_seconds();
  const int64_t start =
      std::max(end - int64_t{kStepsOfRate} * frame.step_seconds, frame.range.start_unix_seconds());
  return absl::StrCat(frame.address, " at ", UtcText(absl::ToUnixSeconds(frame.now)), " UTC, by ",
                      Word(order), "\n", connected, " of ", frame.ledger.collectors_size(),
                      " collectors connected, ", Grouped(spooled), " reports in spools; rates are of ",
                      end - start, " s to ", UtcText(end).substr(11), "\n");
}

}  // namespace

LostPackets LostOf(const v1::GetLedgerResponse& ledger) {
  LostPackets lost;
  for (const v1::CollectorLedger& collector : ledger.collectors()) {
    for (const v1::PointLedger& point : collector.points()) lost[point.point()] = LostBy(point);
  }
  return lost;
}

std::string TopText(const TopFrame& frame, TopOrder order, const LostPackets& since) {
  return absl::StrCat(Heading(frame, order), "\n", RatesText(frame, order), "\n",
                      PointsText(frame, order, since));
}

std::string Clipped(const std::string& text, size_t columns, size_t lines) {
  std::string clipped;
  size_t column = 0, line = 1;
  for (const char c : text) {
    const bool is_in_character = (c & 0xc0) == 0x80;
    if (c == '\n') {
      if (++line > lines) break;
      column = 0;
    } else if (!is_in_character) {
      ++column;
    }
    if (column <= columns) clipped += c;
  }
  return clipped;
}

}  // namespace kansoku::aggregator
