// SPDX-License-Identifier: Apache-2.0
#include "proto/exposition/metric_families.h"

#include <cassert>
#include <limits>

#include "absl/strings/str_split.h"

namespace kansoku {

namespace {

prometheus::MetricType TypeOf(const Metric& metric) {
  switch (metric.type) {
    case MetricType::kCounter:
      return prometheus::MetricType::Counter;
    case MetricType::kGauge:
      return prometheus::MetricType::Gauge;
    case MetricType::kHistogram:
      return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

}  // namespace

MetricFamilies::MetricFamilies(std::span<const Metric* const> rows) {
  for (const Metric* metric : rows) {
    // What others published is filled into a Prometheus, and never scraped.
    if (metric->name.starts_with("kansoku_history_")) continue;
    index_of_[metric] = families_.size();
    families_.push_back({std::string(metric->name), std::string(metric->help), TypeOf(*metric), {}});
    labels_.push_back(absl::StrSplit(std::string(metric->labels), ',', absl::SkipEmpty()));
  }
}

void MetricFamilies::Add(const Metric& metric, std::initializer_list<std::string> label_values,
                         uint64_t value) {
  AddReal(metric, label_values, static_cast<double>(value));
}

void MetricFamilies::AddReal(const Metric& metric, std::initializer_list<std::string> label_values,
                             double value) {
  SetValue(metric, {label_values.begin(), label_values.end()}, value);
}

void MetricFamilies::AddReal(const Metric& metric, const std::vector<std::string>& label_values,
                             double value) {
  SetValue(metric, label_values, value);
}

void MetricFamilies::SetValue(const Metric& metric, std::span<const std::string> label_values, double value) {
  prometheus::ClientMetric& sample = AddSample(metric, label_values);
  (metric.type == MetricType::kCounter ? sample.counter.value : sample.gauge.value) = value;
}

void MetricFamilies::AddHistogram(const Metric& metric, std::initializer_list<std::string> label_values,
                                  const EdgeCounts& counts) {
  prometheus::ClientMetric::Histogram& histogram =
      AddSample(metric, {label_values.begin(), label_values.end()}).histogram;
  histogram.sample_count = counts.count;
  histogram.sample_sum = counts.sum;
  for (const EdgeCounts::Below& below : counts.below) {
    histogram.bucket.push_back({below.count, below.edge});
  }
  histogram.bucket.push_back({counts.count, std::numeric_limits<double>::infinity()});
}

prometheus::ClientMetric& MetricFamilies::AddSample(const Metric& metric,
                                                    std::span<const std::string> label_values) {
  const size_t index = index_of_.at(&metric);
  const std::vector<std::string>& names = labels_[index];
  assert(label_values.size() == names.size());
  prometheus::ClientMetric& sample = families_[index].metric.emplace_back();
  auto name = names.begin();
  for (const std::string& label_value : label_values) sample.label.push_back({*name++, label_value});
  return sample;
}

}  // namespace kansoku
