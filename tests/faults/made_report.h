// SPDX-License-Identifier: Apache-2.0
//
// The reports that a round's collectors hand over: a function of the seed and their number alone, so that the
// truth is known without being recorded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kansoku/v1/ingest.pb.h"

namespace kansoku::testing {

// Each life of a collector hands over a range of its own, [life * kReportsPerLife, ...).
inline constexpr uint64_t kReportsPerLife = 1000;

// The collector's two points, "NAME-left" and "NAME-right".
std::vector<v1::PointDescription> MadePoints(const std::string& collector);

// Report number n. The two points take turns. Now and then the clock that the windows are cut by jumps, by as
// much as five minutes back or forth, so that a window may come in several parts, of which others lie
// between.
v1::WindowReport MadeReport(const std::string& collector, uint64_t seed, uint64_t n);

}  // namespace kansoku::testing
