// SPDX-License-Identifier: Apache-2.0
//
// How traffic goes through the day, and where it is highest (METRICS 3.8, M5). Means over the days of one
// kind of each slot's mean rate; slots that the month's edge cut are left out. Pure; any thread.
#pragma once

#include <vector>

#include "aggregator/figures/group_month.h"

namespace kansoku::aggregator {

// By direction (download, upload), day type and slot.
void AppendHourProfile(const FigureKind& kind, const GroupMonth& group, const SeriesMonth& month,
                       std::vector<v1::Figure>& figures);

// By direction, day of the week and slot.
void AppendWeekdayProfile(const FigureKind& kind, const GroupMonth& group, const SeriesMonth& month,
                          std::vector<v1::Figure>& figures);

// By direction and day type: the highest rate of the hour profile, and the hour at which its slot begins. Of
// equal ones the earlier.
void AppendPeaks(const FigureKind& rate_kind, const FigureKind& slot_kind, const GroupMonth& group,
                 const SeriesMonth& month, std::vector<v1::Figure>& figures);

}  // namespace kansoku::aggregator
