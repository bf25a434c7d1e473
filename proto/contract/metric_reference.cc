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

void AppendTable(std::span<const Metric* const> rows, std::string& page) {
  page.append("| name | type | unit | labels | meaning | source |\n| --- | --- | --- | --- | --- | --- |\n");
  for (const Metric* metric : rows) {
    absl::StrAppend(&page, "| `", metric->name.data(), "` | ", TypeLabel(metric->type), " | ",
                    metric->unit.data(), " | ", metric->labels.data(), " | ", metric->help.data(), " | ",
                    metric->source.data(), " |\n");
  }
}

}  // namespace

std::string MetricReferenceMarkdown() {
  std::string page =
      "# Metrics\n\n"
      "Printed from `proto/contract/metric_catalog.cc` by the target `kansoku_docs`; do not edit.\n\n"
      "## kansoku-aggregator\n\n";
  AppendTable(AggregatorMetrics(), page);
  page.append("\n## kansoku-collector\n\nWhere its configuration says `metrics_listen`.\n\n");
  AppendTable(CollectorMetrics(), page);
  return page;
}

}  // namespace kansoku
