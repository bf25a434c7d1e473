// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/metric_families.h"

#include <cassert>

#include "absl/strings/str_split.h"

namespace kansoku::aggregator {

MetricFamilies::MetricFamilies() {
  for (const Metric* metric : AllMetrics()) {
    index_of_[metric] = families_.size();
    const auto type = metric->type == MetricType::kCounter ? prometheus::MetricType::Counter
                                                           : prometheus::MetricType::Gauge;
    families_.push_back({std::string(metric->name), std::string(metric->help), type, {}});
    labels_.push_back(absl::StrSplit(std::string(metric->labels), ',', absl::SkipEmpty()));
  }
}

void MetricFamilies::Add(const Metric& metric, std::initializer_list<std::string> label_values,
                         uint64_t value) {
  AddReal(metric, label_values, static_cast<double>(value));
}

void MetricFamilies::AddReal(const Metric& metric, std::initializer_list<std::string> label_values,
                             double value) {
  const size_t index = index_of_.at(&metric);
  const std::vector<std::string>& names = labels_[index];
  assert(label_values.size() == names.size());
  prometheus::ClientMetric& sample = families_[index].metric.emplace_back();
  auto name = names.begin();
  for (const std::string& label_value : label_values) sample.label.push_back({*name++, label_value});
  (metric.type == MetricType::kCounter ? sample.counter.value : sample.gauge.value) = value;
}

}  // namespace kansoku::aggregator
