// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/shown_figure.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "aggregator/figures/figure_labels.h"

namespace kansoku::aggregator {

std::optional<ShownFigure> ShowFigure(const Metric& metric, const v1::Figure& figure) {
  ShownFigure shown{&metric, {}, 0};
  if (!absl::SimpleAtod(figure.value(), &shown.value)) return std::nullopt;
  const std::vector<std::string> names = absl::StrSplit(std::string(metric.labels), ',', absl::SkipEmpty());
  for (const std::string& name : names) shown.label_values.push_back(LabelOf(figure, name));
  return shown;
}

}  // namespace kansoku::aggregator
