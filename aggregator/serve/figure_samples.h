// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"
#include "aggregator/store/store.h"
#include "proto/exposition/metric_families.h"

namespace kansoku::aggregator {

// The published figures of the last month that each series has, in its latest vintage.
absl::Status AddFigureSamples(const StoreReader& store, MetricFamilies& families);

}  // namespace kansoku::aggregator
