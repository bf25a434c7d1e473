// SPDX-License-Identifier: Apache-2.0
//
// Numbers of months as OpenMetrics text: what `promtool tsdb create-blocks-from openmetrics` reads. Each
// month's samples are of its last second in Japan, so that a query at any second of the next month finds them
// by looking back a month, and none before they are true. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kansoku/v1/figure.pb.h"
#include "proto/contract/month.h"
#include "proto/contract/month_samples.h"

namespace kansoku::aggregator {

struct TimedSample {
  MonthSample sample;
  int64_t unix_seconds = 0;
};

int64_t LastUnixSecond(Month month);

// Figures under the names of proto/contract/figure_metrics.cc.
std::vector<TimedSample> FigureSamples(const std::vector<v1::Figure>& figures);

// Of samples of the same metric, labels and time the last.
std::string OpenMetricsText(const std::vector<TimedSample>& samples);

}  // namespace kansoku::aggregator
