// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kansoku/v1/figure.pb.h"
#include "proto/contract/metric_catalog.h"

namespace kansoku::aggregator {

// A figure as a sample of the metric that shows it.
struct ShownFigure {
  const Metric* metric;
  std::vector<std::string> label_values;  // in the metric's order
  double value;
};

// The metric's labels are the figure's. None: it was withheld. Pure; any thread.
std::optional<ShownFigure> ShowFigure(const Metric& metric, const v1::Figure& figure);

}  // namespace kansoku::aggregator
