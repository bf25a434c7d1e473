// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/recompute_query.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/monthly_figures.h"
#include "aggregator/serve/month_words.h"
#include "aggregator/vintage/recompute.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

absl::StatusOr<uint32_t> LatestNumber(const StoreReader& store, v1::Series series, const std::string& month) {
  VintageFilter filter;
  filter.series = series;
  filter.first_month = filter.last_month = month;
  filter.latest_only = true;
  const absl::StatusOr<std::vector<v1::Vintage>> latest = store.Vintages(filter);
  if (!latest.ok()) return latest.status();
  if (!latest->empty()) return latest->back().number();
  return absl::NotFoundError(
      absl::StrCat("nothing of the series ", EnumLabel(series), " was ever computed of ", month));
}

}  // namespace

absl::StatusOr<v1::RecomputeVintageResponse> RecomputeVintage(const StoreReader& store,
                                                              const v1::RecomputeVintageRequest& request) {
  if (absl::Status series = CheckSeries(request.series()); !series.ok()) return series;
  const absl::StatusOr<Month> month = MonthNamed("month", request.month());
  if (!month.ok()) return month.status();
  const absl::StatusOr<uint32_t> number =
      request.number() != 0 ? request.number() : LatestNumber(store, request.series(), request.month());
  if (!number.ok()) return number.status();
  absl::StatusOr<Recomputed> again =
      Recompute(store, request.series(), request.month(), *number, CurrentMethod());
  if (!again.ok()) return again.status();

  v1::RecomputeVintageResponse response;
  response.set_method_version(std::string(kMethodVersion));
  response.set_figures(static_cast<uint32_t>(again->stored.figures_size()));
  for (FigureDifference& different : again->differences) {
    v1::FigureDifference& difference = *response.add_differences();
    if (different.before_figure.has_value())
      *difference.mutable_stored() = *std::move(different.before_figure);
    if (different.after_figure.has_value())
      *difference.mutable_computed() = *std::move(different.after_figure);
  }
  *response.mutable_vintage() = std::move(again->stored);
  response.mutable_vintage()->clear_figures();
  return response;
}

}  // namespace kansoku::aggregator
