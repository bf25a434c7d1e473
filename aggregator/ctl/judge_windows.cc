// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/judge_windows.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "aggregator/ctl/judge_collectors.h"
#include "aggregator/ctl/metric_values.h"
#include "aggregator/ctl/quantity.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/metric_catalog.h"
#include "proto/contract/month.h"

namespace kansoku::aggregator {
namespace {

// A window comes when it is over and its collector has sent it; three of them may be on their way.
constexpr int kWindowsUnderWay = 3;
constexpr absl::Duration kDelivery = absl::Minutes(1);
// A month is computed an hour after its end (docs/vintages.md), which takes a while.
constexpr absl::Duration kMonthIsDue = absl::Hours(3);

std::optional<Month> FirstMeasured(const v1::ListPointsResponse& points) {
  std::optional<Month> first;
  for (const v1::Point& point : points.points()) {
    if (!point.has_held()) continue;
    const Month month = MonthOf(absl::FromUnixSeconds(point.held().start_unix_seconds()));
    if (!first || month < *first) first = month;
  }
  return first;
}

// The latest month of each series that has any.
std::map<v1::Series, Month> LastMonths(const v1::ListVintagesResponse& vintages) {
  std::map<v1::Series, Month> last;
  for (const v1::Vintage& vintage : vintages.vintages()) {
    const absl::StatusOr<Month> month = ParseMonth(vintage.month());
    if (!month.ok()) continue;
    Month& of_series = last[vintage.series()];
    of_series = std::max(of_series, *month);
  }
  return last;
}

void FindMetrics(const std::optional<double>& in_force, const std::optional<double>& errors,
                 std::vector<Finding>& findings) {
  if (in_force == 0) {
    findings.push_back({Verdict::kBroken,
                        "the register of statistics was refused; the one before is in force",
                        "kansoku-aggregator --check-config says what is wrong with it, its log what it would "
                        "change"});
  }
  if (errors.value_or(0) > 0) {
    findings.push_back({Verdict::kLook,
                        absl::StrCat("months or days were not brought up to date ",
                                     Grouped(static_cast<uint64_t>(*errors)), " times"),
                        "the aggregator's log says why; it tries again"});
  }
}

}  // namespace

Stage JudgePoints(const v1::ListPointsResponse& points, absl::Time now) {
  std::vector<Finding> findings;
  absl::Time latest = absl::InfinitePast();
  for (const v1::Point& point : points.points()) {
    if (!point.has_last_window()) {
      findings.push_back({Verdict::kBroken, absl::StrCat(point.point(), " never had a window"),
                          "its collector's log says whether its link opened"});
      continue;
    }
    const absl::Time end = absl::FromUnixSeconds(point.last_window().end_unix_seconds());
    latest = std::max(latest, end);
    const absl::Duration usual = kWindowsUnderWay * absl::Seconds(point.window_seconds()) + kDelivery;
    if (now - end <= usual) continue;
    findings.push_back(
        {now - end > kTakenAway ? Verdict::kLook : Verdict::kBroken,
         absl::StrCat(point.point(), " is silent, its last window ended ", Ago(end, now)),
         "is its collector connected, its spool empty, and its link still in the configuration?"});
  }
  if (points.points().empty()) {
    findings.push_back(
        {Verdict::kBroken, "there is no point", "a point comes with its collector's first Hello"});
  }
  return StageOf("points",
                 absl::StrCat(points.points_size(), points.points_size() == 1 ? " point" : " points",
                              ", the latest window ended ", Ago(latest, now)),
                 findings);
}

Stage JudgeQuarantine(const v1::GetLedgerResponse& ledger) {
  std::vector<Finding> findings;
  for (const v1::CollectorLedger& collector : ledger.collectors()) {
    for (const v1::QuarantineCount& count : collector.quarantined()) {
      if (count.held() == 0) continue;
      findings.push_back({Verdict::kLook,
                          absl::StrCat(Grouped(count.held()), " of ", collector.collector(),
                                       " held: ", EnumLabel(count.reason())),
                          "kansokuctl quarantine lists them; admit or discard them"});
    }
  }
  return StageOf("quarantine", "none is held", findings);
}

Stage JudgeFigures(const v1::ListVintagesResponse& vintages, const v1::ListPointsResponse& points,
                   const HttpAnswer& metrics, absl::Time now) {
  const bool told = metrics.error.empty() && metrics.status == 200;
  const std::optional<double> in_force =
      LargestOf(metrics.body, metrics::kStatisticsRegisterReloadSuccessful.name);
  std::vector<Finding> findings;
  if (told) FindMetrics(in_force, LargestOf(metrics.body, metrics::kStatisticsErrors.name), findings);

  const Month due = AddMonths(MonthOf(now - kMonthIsDue), -1);
  const std::map<v1::Series, Month> last = LastMonths(vintages);
  for (const auto& [series, month] : last) {
    if (!(month < due)) continue;
    findings.push_back({Verdict::kBroken,
                        absl::StrCat(EnumLabel(series), " ends with ", MonthText(month), ", and ",
                                     MonthText(due), " is over"),
                        "the aggregator's log says why the month was not computed"});
  }
  const std::optional<Month> first = FirstMeasured(points);
  const bool is_due = first && !(due < *first);
  if (last.empty() && told && in_force && is_due) {
    findings.push_back(
        {Verdict::kBroken, absl::StrCat("nothing was ever published, and ", MonthText(due), " is over"),
         "does the register name the points? The aggregator's log says why nothing was computed"});
  }
  if (!findings.empty()) return StageOf("figures", "", findings);
  if (!last.empty()) {
    std::string all_well;
    for (const auto& [series, month] : last) {
      absl::StrAppend(&all_well, all_well.empty() ? "" : ", ", EnumLabel(series), " to ", MonthText(month));
    }
    return StageOf("figures", all_well, {});
  }
  if (!told) return Skipped("figures", "none; whether there is a register, /metrics would say");
  return StageOf(
      "figures",
      in_force ? "none, as no month is over yet" : "none, as no register of statistics is configured", {});
}

}  // namespace kansoku::aggregator
