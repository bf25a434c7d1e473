// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/matched_panel_query.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "aggregator/figures/growth_figures.h"
#include "aggregator/figures/matched_panel.h"
#include "aggregator/serve/month_words.h"
#include "aggregator/vintage/asked_inputs.h"
#include "aggregator/vintage/figure_stamp.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

absl::StatusOr<int> LagOf(const v1::GetMatchedPanelRequest& request) {
  if (request.lag_months() == 0) return kLagsInMonths.front();
  for (const int lag : kLagsInMonths) {
    if (request.lag_months() == static_cast<uint32_t>(lag)) return lag;
  }
  return absl::InvalidArgumentError(absl::StrCat("lag_months: ", request.lag_months(), ": growth is over ",
                                                 absl::StrJoin(kLagsInMonths, " or "), " months"));
}

// With its inputs.
absl::StatusOr<v1::Vintage> LatestOf(const StoreReader& store, const v1::GetMatchedPanelRequest& request,
                                     const std::string& month) {
  VintageFilter filter;
  filter.series = request.series();
  filter.first_month = filter.last_month = month;
  if (request.has_as_published_unix_seconds()) {
    filter.as_published_unix_seconds = request.as_published_unix_seconds();
  }
  filter.latest_only = true;
  const absl::StatusOr<std::vector<v1::Vintage>> latest = store.Vintages(filter);
  if (!latest.ok()) return latest.status();
  if (!latest->empty()) return store.FindVintage(request.series(), month, latest->back().number());
  return absl::FailedPreconditionError(absl::StrCat(
      "nothing was published of ", EnumLabel(request.series()), " ", month,
      request.has_as_published_unix_seconds() ? " by then" : "", "; a matched panel needs both months"));
}

// Else a panel would be subtracted from sums over other points.
absl::Status CheckIsOfThisRegister(const v1::Vintage& vintage, const v1::Statistics& statistics) {
  const std::vector<std::string> differences = AskedDifferences(vintage.inputs(), statistics);
  if (differences.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      EnumLabel(vintage.series()), " ", vintage.month(), ", vintage ", vintage.number(),
      ", was computed of other points than the later register has, so the months cannot be matched: ",
      absl::StrJoin(differences, ", ")));
}

std::vector<Flow> FlowsOf(v1::Series series) {
  if (series == v1::SERIES_MOBILE) return {Flow::kDownload, Flow::kUpload, Flow::kTotal};
  return {Flow::kDownload, Flow::kUpload};
}

v1::Vintage WithoutContent(v1::Vintage vintage) {
  vintage.clear_figures();
  vintage.clear_inputs();
  return vintage;
}

}  // namespace

absl::StatusOr<v1::GetMatchedPanelResponse> ReadMatchedPanel(const StoreReader& store,
                                                             const v1::GetMatchedPanelRequest& request) {
  if (absl::Status series = CheckSeries(request.series()); !series.ok()) return series;
  const absl::StatusOr<Month> month = MonthNamed("month", request.month());
  if (!month.ok()) return month.status();
  const absl::StatusOr<int> lag = LagOf(request);
  if (!lag.ok()) return lag.status();
  const absl::StatusOr<v1::Vintage> earlier = LatestOf(store, request, MonthText(AddMonths(*month, -*lag)));
  if (!earlier.ok()) return earlier.status();
  const absl::StatusOr<v1::Vintage> later = LatestOf(store, request, request.month());
  if (!later.ok()) return later.status();
  const v1::Vintage& last =
      earlier->computed_unix_seconds() > later->computed_unix_seconds() ? *earlier : *later;
  const absl::StatusOr<v1::Statistics> statistics = store.FindRegister(last.register_digest());
  if (!statistics.ok()) return statistics.status();
  for (const v1::Vintage* vintage : {&*earlier, &*later}) {
    if (absl::Status same = CheckIsOfThisRegister(*vintage, *statistics); !same.ok()) return same;
  }

  std::vector<v1::Figure> figures;
  for (const Flow flow : FlowsOf(request.series())) {
    figures.push_back(MatchedPanelGrowth(earlier->inputs(), later->inputs(), *statistics, flow));
  }
  v1::Vintage stamp = WithoutContent(*later);
  stamp.set_register_digest(last.register_digest());
  PutFigures(std::move(figures), stamp);
  v1::GetMatchedPanelResponse response;
  *response.mutable_figures() = stamp.figures();
  *response.mutable_earlier() = WithoutContent(*earlier);
  *response.mutable_later() = WithoutContent(*later);
  return response;
}

}  // namespace kansoku::aggregator
