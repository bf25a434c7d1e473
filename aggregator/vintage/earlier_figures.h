// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "absl/status/status.h"
#include "aggregator/store/store.h"
#include "proto/contract/month.h"

namespace kansoku::aggregator {

// The months that growth is measured against, in months before.
inline constexpr std::array<int, 2> kGrowthLags = {12, 6};

// Brings the inputs' earlier figures up to the latest vintages of these months. Left out is what has no
// growth (profiles), and how each came about. Where the latest say the same as those that are there, these
// stay: that a month became final changes no growth.
absl::Status UpdateEarlierFigures(const StoreReader& store, v1::Series series, Month month,
                                  v1::MonthInputs& inputs);

}  // namespace kansoku::aggregator
