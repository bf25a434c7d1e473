// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "aggregator/figures/range_sum.h"
#include "aggregator/figures/time_steps.h"
#include "kansoku/v1/query.pb.h"
#include "kansoku/v1/vintage.pb.h"

namespace kansoku::aggregator {

// A figure of this period without number or labels: no window present, none expected.
v1::Figure FigureFrame(const TimeSteps& period);

// The figures of `frame` also rest on this point: its windows, expected windows, gaps and quality flags
// join. Pure.
void AddPoint(const PointSum& point, v1::Figure& frame);
// Without the packets of its gaps: a gap is mostly one ISP's, and figures of months tell of none alone.
void AddPoint(const v1::PointMonth& point, uint64_t expected_windows, v1::Figure& frame);

// Those of another frame join.
void AddFrame(const v1::Figure& from, v1::Figure& frame);

}  // namespace kansoku::aggregator
