// SPDX-License-Identifier: Apache-2.0
//
// Figures of telescopes' whole days, as the store keeps the days. Any thread.
#pragma once

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "aggregator/figures/port_categories.h"
#include "aggregator/figures/telescope_period.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// Called for each period with every figure of it, of which it may withhold some and leave out others, before
// those that nobody asked for are.
using JudgeFigures =
    absl::FunctionRef<absl::Status(const TelescopePeriod& sum, std::vector<v1::Figure>& figures)>;

// Query.GetFigures of a telescope, by period. `categories` null: there is no table of them. INVALID_ARGUMENT
// names the field. RESOURCE_EXHAUSTED: they are more than one answer holds.
absl::StatusOr<v1::GetFiguresResponse> ReadTelescope(const StoreReader& store,
                                                     const v1::TelescopeSelection& asked,
                                                     const PortCategories* categories);
absl::StatusOr<v1::GetFiguresResponse> ReadTelescope(const StoreReader& store,
                                                     const v1::TelescopeSelection& asked,
                                                     const PortCategories* categories, JudgeFigures judge);

}  // namespace kansoku::aggregator
