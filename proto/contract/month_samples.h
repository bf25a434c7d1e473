// SPDX-License-Identifier: Apache-2.0
//
// Published figures of a month as samples of the metrics that show them (figure_metrics.cc). Profiles are not
// among them, and what was withheld has no sample. Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "kansoku/v1/figure.pb.h"
#include "proto/contract/metric_catalog.h"

namespace kansoku {

struct MonthSample {
  const Metric* metric;
  std::vector<std::string> label_values;  // in the metric's order
  double value;                           // in its base unit
};

// `figures`: of one series and month. No two samples have the same metric and labels.
std::vector<MonthSample> MonthSamples(std::span<const v1::Figure> figures);

}  // namespace kansoku
