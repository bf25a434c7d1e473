// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/metric_reference.h"

#include "absl/strings/str_cat.h"
#include "proto/contract/metric_catalog.h"

namespace kansoku {
namespace {

const char* TypeLabel(MetricType type) {
  switch (type) {
    case MetricType::kCounter:
      return "counter";
    case MetricType::kGauge:
      return "gauge";
    case MetricType::kHistogram:
      return "histogram";
  }
  return "";
}

}  // namespace

std::string MetricReferenceMarkdown() {
  std::string page =
      "# Metrics\n\n"
      "Printed from `proto/contract/metric_catalog.cc` by the target `kansoku_docs`; do not edit.\n\n"
      "| name | type | unit | labels | meaning | source |\n| --- | --- | --- | --- | --- | --- |\n";
  for (const Metric* metric : AllMetrics()) {
    absl::StrAppend(&page, "| `", metric->name.data(), "` | ", TypeLabel(metric->type), " | ",
                    metric->unit.data(), " | ", metric->labels.data(), " | ", metric->help.data(), " | ",
                    metric->source.data(), " |\n");
  }
  return page;
}

}  // namespace kansoku
