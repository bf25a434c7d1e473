// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/vintages_query.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/serve/figure_kinds.h"
#include "aggregator/serve/month_words.h"
#include "aggregator/serve/row_limit.h"
#include "proto/contract/month.h"

namespace kansoku::aggregator {
namespace {

// What ParseMonth takes.
constexpr char kFirstMonth[] = "1971-01", kLastMonth[] = "9998-12";

struct Months {
  Month first, last;
};

// Without `last` the first alone.
absl::StatusOr<Months> MonthsBetween(const std::string& first, const std::string& last) {
  const absl::StatusOr<Month> from = MonthNamed("first", first);
  if (!from.ok()) return from.status();
  const absl::StatusOr<Month> to = last.empty() ? from : MonthNamed("last", last);
  if (!to.ok()) return to.status();
  if (*to < *from) return absl::InvalidArgumentError(absl::StrCat("last: ", last, " is before ", first));
  return Months{*from, *to};
}

absl::Status CheckIsOver(Month month, absl::Time now) {
  if (month < MonthOf(now)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(MonthText(month), " is not over: it ends when ", MonthText(AddMonths(month, 1)),
                   "-01 begins in Japan (JST), and is published then; the last that is over is ",
                   MonthText(AddMonths(MonthOf(now), -1))));
}

bool IsAskedFor(const v1::Figure& figure, const v1::MonthSelection& months) {
  const auto& ids = months.ids();
  return ids.empty() || std::find(ids.begin(), ids.end(), figure.id()) != ids.end();
}

void KeepWhatIsAskedFor(const v1::MonthSelection& months, v1::Figure& figure) {
  if (!months.steps()) figure.clear_steps();
  // A gap is one point's, and so are the packets in it.
  for (v1::GapCount& gap : *figure.mutable_gaps()) gap.clear_packets();
}

}  // namespace

absl::StatusOr<std::vector<v1::Figure>> ReadPublished(const StoreReader& store, VintageFilter filter) {
  filter.with_figures = true;
  absl::StatusOr<std::vector<v1::Vintage>> vintages = store.Vintages(filter);
  if (!vintages.ok()) return vintages.status();
  std::vector<v1::Figure> figures;
  for (v1::Vintage& vintage : *vintages) {
    for (v1::Figure& figure : *vintage.mutable_figures()) figures.push_back(std::move(figure));
  }
  return figures;
}

absl::StatusOr<v1::GetFiguresResponse> ReadMonths(const StoreReader& store, const v1::MonthSelection& months,
                                                  absl::Time now) {
  if (absl::Status known = CheckFigureIds(months.ids(), months.series()); !known.ok()) return known;
  if (absl::Status series = CheckSeries(months.series()); !series.ok()) return series;
  const absl::StatusOr<Months> asked = MonthsBetween(months.first(), months.last());
  if (!asked.ok()) return asked.status();
  if (absl::Status over = CheckIsOver(asked->last, now); !over.ok()) return over;

  VintageFilter filter;
  filter.series = months.series();
  filter.first_month = MonthText(asked->first);
  filter.last_month = MonthText(asked->last);
  if (months.has_as_published_unix_seconds()) {
    filter.as_published_unix_seconds = months.as_published_unix_seconds();
  }
  filter.latest_only = true;
  const absl::StatusOr<std::vector<v1::Vintage>> latest = store.Vintages(filter);
  if (!latest.ok()) return latest.status();

  v1::GetFiguresResponse response;
  size_t octets = 0;
  // Month by month: of what is too much, no more is read than one answer holds.
  for (size_t i = 0; i < latest->size(); ++i) {
    filter.first_month = filter.last_month = (*latest)[i].month();
    absl::StatusOr<std::vector<v1::Figure>> published = ReadPublished(store, filter);
    if (!published.ok()) return published.status();
    for (v1::Figure& figure : *published) {
      if (!IsAskedFor(figure, months)) continue;
      KeepWhatIsAskedFor(months, figure);
      octets += figure.ByteSizeLong() + kOctetsOfAnEntry;
      if (octets > kMostFigureOctets) return TooManyMonths(i, latest->size());
      *response.add_figures() = std::move(figure);
    }
  }
  return response;
}

absl::StatusOr<v1::ListVintagesResponse> ListVintages(const StoreReader& store,
                                                      const v1::ListVintagesRequest& request) {
  const absl::StatusOr<Months> asked = MonthsBetween(request.first().empty() ? kFirstMonth : request.first(),
                                                     request.last().empty() ? kLastMonth : request.last());
  if (!asked.ok()) return asked.status();
  VintageFilter filter;
  filter.series = request.series();
  filter.first_month = MonthText(asked->first);
  filter.last_month = MonthText(asked->last);
  absl::StatusOr<std::vector<v1::Vintage>> vintages = store.Vintages(filter);
  if (!vintages.ok()) return vintages.status();
  v1::ListVintagesResponse response;
  for (v1::Vintage& vintage : *vintages) *response.add_vintages() = std::move(vintage);
  return response;
}

}  // namespace kansoku::aggregator
