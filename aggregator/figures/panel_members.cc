// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/panel_members.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/group_month.h"
#include "aggregator/figures/growth_figures.h"
#include "proto/contract/statistics_lookup.h"

namespace kansoku::aggregator {
namespace {

using Isps = std::set<std::string>;

Isps MeasuredIn(const v1::Statistics& statistics, v1::Series series, Month month) {
  const auto groups = SubscriberGroups(series);
  Isps isps;
  for (const SeriesPoint& ours : PointsOf(statistics, series, month)) {
    if (std::find(groups.begin(), groups.end(), ours.point->group()) != groups.end()) {
      isps.insert(ours.contributor->isp());
    }
  }
  return isps;
}

// Whether the sums over both tell, one subtracted from the other, of some ISPs, and of fewer than that.
bool TellOfFewer(uint32_t fewest, const Isps& one, const Isps& other) {
  std::vector<std::string> not_of_both;
  std::set_symmetric_difference(one.begin(), one.end(), other.begin(), other.end(),
                                std::back_inserter(not_of_both));
  return !not_of_both.empty() && not_of_both.size() < fewest;
}

Withheld OfFew(std::string because) { return {v1::WITHHELD_REASON_FEW_CONTRIBUTORS, std::move(because)}; }

// By itself, and beside the sums over all.
std::optional<Withheld> WhyWithheldAlone(const v1::Statistics& statistics, v1::Series series,
                                         PanelMonths months) {
  const uint32_t fewest = statistics.register_().fewest_contributors();
  const Isps members = PanelMembers(statistics, series, months);
  if (members.size() < fewest) return OfFew(absl::StrCat("fewer than ", fewest, " ISPs contribute to it"));
  for (const Month month : {months.earlier, months.later}) {
    if (TellOfFewer(fewest, members, MeasuredIn(statistics, series, month))) {
      return OfFew(absl::StrCat("of ", MonthText(month), " it leaves out fewer than ", fewest,
                                " ISPs, and would tell of them by subtraction from what is published"));
    }
  }
  return std::nullopt;
}

// Those that share a month with it.
std::set<PanelMonths> OtherPanels(PanelMonths months) {
  std::set<PanelMonths> others;
  for (const Month month : {months.earlier, months.later}) {
    for (const int lag : kLagsInMonths) {
      others.insert({AddMonths(month, -lag), month});
      others.insert({month, AddMonths(month, lag)});
    }
  }
  others.erase(months);
  return others;
}

}  // namespace

std::set<std::string> PanelMembers(const v1::Statistics& statistics, v1::Series series, PanelMonths months) {
  const Isps earlier = MeasuredIn(statistics, series, months.earlier);
  Isps members = MeasuredIn(statistics, series, months.later);
  std::erase_if(members, [&](const std::string& isp) { return !earlier.contains(isp); });
  return members;
}

std::optional<Withheld> WhyPanelIsWithheld(const v1::Statistics& statistics, v1::Series series,
                                           PanelMonths months) {
  std::optional<Withheld> alone = WhyWithheldAlone(statistics, series, months);
  if (alone.has_value()) return alone;
  const uint32_t fewest = statistics.register_().fewest_contributors();
  const Isps members = PanelMembers(statistics, series, months);
  for (const PanelMonths& other : OtherPanels(months)) {
    if (WhyWithheldAlone(statistics, series, other).has_value()) continue;
    if (TellOfFewer(fewest, members, PanelMembers(statistics, series, other))) {
      return OfFew(absl::StrCat("beside the panel of ", MonthText(other.earlier), " and ",
                                MonthText(other.later), " it would tell of fewer than ", fewest,
                                " ISPs by subtraction"));
    }
  }
  return std::nullopt;
}

}  // namespace kansoku::aggregator
