// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "aggregator/store/store.h"
#include "proto/exposition/metric_families.h"

namespace kansoku::aggregator {

// Traffic, windows, ledger and identities of one point.
void AddPointSamples(const PointTotals& totals, MetricFamilies& families);

// Each quality flag of one window, set or not.
void AddQualitySamples(const PointRecord& point, const v1::Measurement& window, MetricFamilies& families);

// What the telescopes saw, by sensor, over all points.
void AddDarknetSamples(std::span<const PointTotals> points, MetricFamilies& families);

}  // namespace kansoku::aggregator
