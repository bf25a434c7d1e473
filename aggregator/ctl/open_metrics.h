// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "kansoku/v1/figure.pb.h"

namespace kansoku::aggregator {

// Figures of months as OpenMetrics text, under the names of proto/contract/figure_metrics.cc: what
// `promtool tsdb create-blocks-from openmetrics` reads. Each month's samples are of its last second in Japan,
// so that a query at any second of the next month finds them by looking back a month, and none before they
// are true. Pure; any thread.
std::string OpenMetricsText(const std::vector<v1::Figure>& figures);

}  // namespace kansoku::aggregator
