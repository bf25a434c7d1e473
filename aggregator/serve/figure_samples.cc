// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/figure_samples.h"

#include <vector>

#include "aggregator/serve/vintages_query.h"
#include "proto/contract/month_samples.h"

namespace kansoku::aggregator {

absl::Status AddFigureSamples(const StoreReader& store, MetricFamilies& families) {
  for (const v1::Series series : {v1::SERIES_FIXED, v1::SERIES_MOBILE}) {
    VintageFilter filter;
    filter.series = series;
    filter.latest_only = true;
    const absl::StatusOr<std::vector<v1::Vintage>> months = store.Vintages(filter);
    if (!months.ok()) return months.status();
    if (months->empty()) continue;
    filter.first_month = filter.last_month = months->back().month();
    const absl::StatusOr<std::vector<v1::Figure>> figures = ReadPublished(store, filter);
    if (!figures.ok()) return figures.status();
    for (const MonthSample& sample : MonthSamples(*figures)) {
      families.AddReal(*sample.metric, sample.label_values, sample.value);
    }
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
