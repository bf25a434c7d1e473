// SPDX-License-Identifier: Apache-2.0
//
// Whether labels and directions are right: what goes into the ISPs must come out of them (METRICS 3.9). Pure;
// any thread.
#pragma once

#include <span>

#include "aggregator/figures/group_month.h"

namespace kansoku::aggregator {

// IN / OUT over all groups that have points: those of subscribers (A1, A2), where IN is upload, and of
// exchange (B1, B2, B3), where IN is download. Noted as UNBALANCED where the two differ by more than 5 % of
// the greater. Withheld: one of the two kinds has no points, one of the groups is withheld, or nothing went
// out.
v1::Figure BalanceFigure(std::span<const GroupMonth> subscribers, std::span<const GroupMonth> exchanges,
                         const SeriesMonth& month);

}  // namespace kansoku::aggregator
