// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/matched_panel.h"

#include <algorithm>
#include <span>
#include <string>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/growth_figures.h"

namespace kansoku::aggregator {
namespace {

constexpr v1::Group kFixedGroups[] = {v1::GROUP_A1};
constexpr v1::Group kMobileGroups[] = {v1::GROUP_A1, v1::GROUP_A2};

v1::Statistics OnlyMembersOfBoth(v1::Statistics statistics, Month earlier, Month later) {
  auto& contributors = *statistics.mutable_register_()->mutable_contributors();
  contributors.erase(std::remove_if(contributors.begin(), contributors.end(),
                                    [&](const v1::Contributor& contributor) {
                                      return !IsMember(contributor, earlier) || !IsMember(contributor, later);
                                    }),
                     contributors.end());
  return statistics;
}

Quantity PanelRate(const SeriesMonth& month, Flow flow) {
  const bool is_fixed = month.inputs.series() == v1::SERIES_FIXED;
  const std::span<const v1::Group> groups =
      is_fixed ? std::span<const v1::Group>(kFixedGroups) : std::span<const v1::Group>(kMobileGroups);
  return MonthRate(SumGroups(groups, "the matched panel", month), flow, month);
}

Quantity Growth(const Quantity& before, const SeriesMonth& earlier, const Quantity& now) {
  Quantity growth{.frame = now.frame, .withheld_because = now.withheld_because};
  if (growth.is_withheld()) return growth;
  const std::string month = MonthText(earlier.month);
  if (before.is_withheld()) {
    growth.withheld_because = absl::StrCat(month, ": ", before.withheld_because);
  } else if (before.value == 0) {
    growth.withheld_because = absl::StrCat("nothing was measured of the matched panel in ", month);
  }
  if (growth.is_withheld()) return growth;
  AddStep("rate of the matched panel", now.value, "bit/s", growth.frame);
  AddStep(absl::StrCat("rate of the matched panel in ", month), before.value, "bit/s", growth.frame);
  for (const int note : before.frame.notes()) AddNote(static_cast<v1::FigureNote>(note), growth.frame);
  const Rational ratio = now.value / before.value;
  growth.value = ratio - 1;
  growth.variance = (now.variance + ratio * ratio * before.variance) / (before.value * before.value);
  return growth;
}

int MonthsBetween(Month earlier, Month later) {
  return (later.year - earlier.year) * 12 + later.month - earlier.month;
}

}  // namespace

v1::Figure MatchedPanelGrowth(const v1::MonthInputs& earlier, const v1::MonthInputs& later,
                              const v1::Statistics& statistics, Flow flow) {
  const Month before = *ParseMonth(earlier.month()), now = *ParseMonth(later.month());
  const v1::Statistics panel = OnlyMembersOfBoth(statistics, before, now);
  const SeriesMonth earlier_month = MakeSeriesMonth(earlier, panel), month = MakeSeriesMonth(later, panel);
  Quantity growth = Growth(PanelRate(earlier_month, flow), earlier_month, PanelRate(month, flow));
  AddNote(v1::FIGURE_NOTE_MATCHED_PANEL, growth.frame);
  FigureLabels labels = {{"lag", LagLabel(MonthsBetween(before, now))}};
  if (later.series() == v1::SERIES_MOBILE) {
    labels["direction"] = Label(flow);
    return ToFigure(figures::kMobileGrowth, growth, labels, month);
  }
  return ToFigure(flow == Flow::kUpload ? figures::kFixedUploadGrowth : figures::kFixedDownloadGrowth, growth,
                  labels, month);
}

}  // namespace kansoku::aggregator
