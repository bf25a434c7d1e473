// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "aggregator/ctl/open_metrics.h"
#include "aggregator/publish/history.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// What others published of the rates of a series and of months, as samples of a metric that is theirs alone:
// no published value passes for a measured one. Of several values of one month and basis the one that was
// stated last; each says where it was read. INVALID_ARGUMENT: a rate's period is no month, or its unit none
// of a rate. Pure; any thread.
absl::StatusOr<std::vector<TimedSample>> HistorySamples(const std::vector<HistoryFile>& history,
                                                        const v1::MonthSelection& months);

// The same of the years of NICT's dark addresses that end within these months: packets, and packets for each
// address. INVALID_ARGUMENT: the unit of either is another, or its value no number.
absl::StatusOr<std::vector<TimedSample>> TelescopeHistorySamples(const std::vector<HistoryFile>& history,
                                                                 const v1::MonthSelection& months);

}  // namespace kansoku::aggregator
