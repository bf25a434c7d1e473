// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/figures_query.h"

#include <utility>

#include "aggregator/figures/darknet_figures.h"
#include "aggregator/figures/range_sum.h"
#include "aggregator/figures/time_steps.h"
#include "aggregator/figures/traffic_figures.h"

namespace kansoku::aggregator {

absl::StatusOr<v1::GetFiguresResponse> ReadFigures(const StoreReader& store,
                                                   const v1::GetFiguresRequest& request) {
  const auto period = ToTimeSteps(request.range(), 0);
  if (!period.ok()) return period.status();
  const auto points = SumByPoint(store, *period);
  if (!points.ok()) return points.status();
  v1::GetFiguresResponse response;
  for (v1::Figure& figure : TrafficFigures(*points, *period)) *response.add_figures() = std::move(figure);
  for (v1::Figure& figure : DarknetFigures(*points, *period)) *response.add_figures() = std::move(figure);
  return response;
}

}  // namespace kansoku::aggregator
