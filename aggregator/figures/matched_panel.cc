// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/matched_panel.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/growth_figures.h"
#include "aggregator/figures/panel_members.h"

namespace kansoku::aggregator {
namespace {

constexpr char kMethod[] =
    "mean rate of the subscribers of those contributors that both months have / the same of the earlier "
    "month - "
    "1, unrounded, whatever breaks lie between (METRICS 7)";

v1::Statistics OnlyOf(const std::set<std::string>& isps, v1::Statistics statistics) {
  auto& contributors = *statistics.mutable_register_()->mutable_contributors();
  contributors.erase(
      std::remove_if(contributors.begin(), contributors.end(),
                     [&](const v1::Contributor& contributor) { return !isps.contains(contributor.isp()); }),
      contributors.end());
  return statistics;
}

Quantity PanelRate(const SeriesMonth& month, Flow flow) {
  return MonthRate(SumGroups(SubscriberGroups(month.inputs.series()), "the matched panel", month), flow,
                   month);
}

Quantity Growth(const Quantity& before, const SeriesMonth& earlier, const Quantity& now,
                const std::optional<Withheld>& why_withheld) {
  Quantity growth{.frame = now.frame, .withheld = now.withheld};
  // No share enters it. How its rates came about would tell, beside how the published ones did, of few.
  growth.frame.clear_basis();
  growth.frame.clear_steps();
  if (growth.is_withheld()) return growth;
  const std::string month = MonthText(earlier.month);
  if (before.is_withheld()) {
    growth.withheld =
        Withheld(v1::WITHHELD_REASON_EARLIER_WITHHELD, absl::StrCat(month, ": ", before.withheld->because));
  } else if (before.value == 0) {
    growth.withheld = Withheld(v1::WITHHELD_REASON_NOTHING_COUNTED,
                               absl::StrCat("nothing was measured of the matched panel in ", month));
  } else {
    growth.withheld = why_withheld;
  }
  if (growth.is_withheld()) return growth;
  AddStep("rate of the matched panel", now.value, "bit/s", growth.frame);
  AddStep(absl::StrCat("rate of the matched panel in ", month), before.value, "bit/s", growth.frame);
  for (const int note : before.frame.notes()) AddNote(static_cast<v1::FigureNote>(note), growth.frame);
  const Rational ratio = now.value / before.value;
  growth.value = ratio - 1;
  growth.variance = (now.variance + ratio * ratio * before.variance) / (before.value * before.value);
  growth.error_is_of_few = now.error_is_of_few || before.error_is_of_few;
  return growth;
}

int MonthsBetween(Month earlier, Month later) {
  return (later.year - earlier.year) * 12 + later.month - earlier.month;
}

const FigureKind& KindOf(v1::Series series, Flow flow) {
  if (series == v1::SERIES_MOBILE) return figures::kMobileGrowth;
  return flow == Flow::kUpload ? figures::kFixedUploadGrowth : figures::kFixedDownloadGrowth;
}

}  // namespace

v1::Figure MatchedPanelGrowth(const v1::MonthInputs& earlier, const v1::MonthInputs& later,
                              const v1::Statistics& statistics, Flow flow) {
  const v1::Series series = later.series();
  const PanelMonths months = {*ParseMonth(earlier.month()), *ParseMonth(later.month())};
  const v1::Statistics panel = OnlyOf(PanelMembers(statistics, series, months), statistics);
  const SeriesMonth before = MakeSeriesMonth(earlier, panel), now = MakeSeriesMonth(later, panel);
  Quantity growth = Growth(PanelRate(before, flow), before, PanelRate(now, flow),
                           WhyPanelIsWithheld(statistics, series, months));
  AddNote(v1::FIGURE_NOTE_MATCHED_PANEL, growth.frame);
  FigureLabels labels = {{"lag", LagLabel(MonthsBetween(months.earlier, months.later))}};
  if (series == v1::SERIES_MOBILE) labels["direction"] = Label(flow);
  v1::Figure figure = ToFigure(KindOf(series, flow), growth, labels, now);
  figure.set_method(kMethod);
  return figure;
}

}  // namespace kansoku::aggregator
