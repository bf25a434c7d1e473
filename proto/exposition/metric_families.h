// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "proto/contract/metric_catalog.h"

namespace kansoku {

// A histogram as Prometheus has it.
struct EdgeCounts {
  struct Below {
    double edge = 0;
    uint64_t count = 0;  // of all numbers below the edge
  };
  std::vector<Below> below;  // edges rise
  uint64_t count = 0;
  double sum = 0;
};

// The families of one scrape, filled sample by sample. Each of the rows is a family, also while it
// has no sample, so that what is exported is what is documented. Not thread-safe; one for each scrape.
class MetricFamilies {
 public:
  // `rows`: AggregatorMetrics() or CollectorMetrics().
  explicit MetricFamilies(std::span<const Metric* const> rows);

  // One value for each of the row's labels, in the row's order.
  void Add(const Metric& metric, std::initializer_list<std::string> label_values, uint64_t value);
  void AddReal(const Metric& metric, std::initializer_list<std::string> label_values, double value);
  void AddReal(const Metric& metric, const std::vector<std::string>& label_values, double value);
  void AddHistogram(const Metric& metric, std::initializer_list<std::string> label_values,
                    const EdgeCounts& histogram);

  std::vector<prometheus::MetricFamily> Take() && { return std::move(families_); }

 private:
  prometheus::ClientMetric& AddSample(const Metric& metric, std::span<const std::string> label_values);
  void SetValue(const Metric& metric, std::span<const std::string> label_values, double value);

  std::vector<prometheus::MetricFamily> families_;
  std::vector<std::vector<std::string>> labels_;  // of the family at the same index
  std::map<const Metric*, size_t> index_of_;
};

}  // namespace kansoku
