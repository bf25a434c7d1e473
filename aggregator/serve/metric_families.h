// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "proto/contract/metric_catalog.h"

namespace kansoku::aggregator {

// The families of one scrape, filled sample by sample. Each row of the catalogue is a family, also while it
// has no sample, so that what is exported is what is documented. Not thread-safe; one for each scrape.
class MetricFamilies {
 public:
  MetricFamilies();

  // One value for each of the row's labels, in the row's order.
  void Add(const Metric& metric, std::initializer_list<std::string> label_values, uint64_t value);
  void AddReal(const Metric& metric, std::initializer_list<std::string> label_values, double value);

  std::vector<prometheus::MetricFamily> Take() && { return std::move(families_); }

 private:
  std::vector<prometheus::MetricFamily> families_;
  std::vector<std::vector<std::string>> labels_;  // of the family at the same index
  std::map<const Metric*, size_t> index_of_;
};

}  // namespace kansoku::aggregator
