// SPDX-License-Identifier: Apache-2.0
//
// Who is in a matched panel (METRICS 7), and whom its rate would tell of. Every ISP counts that the register
// has a point of subscribers of: of a month to which one of them sent nothing no rate is told. Pure; any
// thread.
#pragma once

#include <compare>
#include <optional>
#include <set>
#include <string>

#include "aggregator/figures/withheld.h"
#include "kansoku/v1/statistics.pb.h"
#include "proto/contract/month.h"

namespace kansoku::aggregator {

struct PanelMonths {
  Month earlier, later;
  friend auto operator<=>(const PanelMonths&, const PanelMonths&) = default;
};

// The ISPs whose subscribers are measured in both months.
std::set<std::string> PanelMembers(const v1::Statistics& statistics, v1::Series series, PanelMonths months);

// Why the panel's rates are not told, beside the rates of all that are published: with the register's
// fewest_contributors, fewer are in it, or are in one of its months and not in it, or are in it and not in
// another panel that may be asked for of one of its months. Nothing: they are.
std::optional<Withheld> WhyPanelIsWithheld(const v1::Statistics& statistics, v1::Series series,
                                           PanelMonths months);

}  // namespace kansoku::aggregator
