// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/telescope_query.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/telescope_figures.h"
#include "aggregator/figures/telescope_growth.h"
#include "aggregator/serve/day_words.h"
#include "aggregator/serve/figure_kinds.h"
#include "aggregator/serve/row_limit.h"
#include "proto/contract/day.h"

namespace kansoku::aggregator {
namespace {

// Whose subscribers are infected is for their ISP, and for those who oversee it; which addresses are dark,
// for their ISP.
bool IsOfItsOwnerAlone(std::string_view id) {
  return id == figures::kDarknetInfectedSubscribers.id ||
         id == figures::kDarknetUnjudgedSubscriberPackets.id ||
         id == figures::kDarknetPrefixAddressSeconds.id;
}

bool IsAskedFor(std::string_view id, const v1::TelescopeSelection& asked) {
  if (asked.as_public() && IsOfItsOwnerAlone(id)) return false;
  const auto& ids = asked.ids();
  return ids.empty() || std::find(ids.begin(), ids.end(), id) != ids.end();
}

absl::Status Scan(const StoreReader& store, const DayPeriod& days,
                  absl::FunctionRef<void(const v1::TelescopeDay&)> visit) {
  return store.ScanTelescopeDays("", DayText(days.first), DayText(days.last), visit);
}

// The years that a year is compared with are read only where somebody wants to know, and it is whole itself.
absl::Status AppendGrowthOf(const StoreReader& store, const TelescopePeriod& sum,
                            const v1::TelescopeSelection& asked, std::vector<v1::Figure>& figures) {
  if (asked.step() != v1::TelescopeSelection::STEP_YEAR) return absl::OkStatus();
  if (!IsAskedFor(figures::kDarknetYoy.id, asked) &&
      !IsAskedFor(figures::kDarknetRatioToBaseYear.id, asked)) {
    return absl::OkStatus();
  }
  const int64_t year = sum.period.first.year();
  YearTotal before{.year = year - 1}, base{.year = kBaseYear};
  if (sum.days == WholeYear(year).days()) {
    for (YearTotal* other : {&before, &base}) {
      const absl::Status read =
          Scan(store, WholeYear(other->year), [&](const v1::TelescopeDay& day) { AddDay(day, *other); });
      if (!read.ok()) return read;
    }
  }
  AppendGrowth(sum, before, base, figures);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::GetFiguresResponse> ReadTelescope(const StoreReader& store,
                                                     const v1::TelescopeSelection& asked,
                                                     const PortCategories* categories) {
  return ReadTelescope(store, asked, categories,
                       [](const TelescopePeriod&, std::vector<v1::Figure>&) { return absl::OkStatus(); });
}

absl::StatusOr<v1::GetFiguresResponse> ReadTelescope(const StoreReader& store,
                                                     const v1::TelescopeSelection& asked,
                                                     const PortCategories* categories, JudgeFigures judge) {
  if (absl::Status known = CheckTelescopeIds(asked.ids()); !known.ok()) return known;
  const absl::StatusOr<DayPeriod> days = DaysSelected(asked);
  if (!days.ok()) return days.status();
  v1::GetFiguresResponse response;
  size_t octets = 0;
  DayPeriod rest = *days;
  while (rest.days() > 0) {
    TelescopePeriod sum{.period = FirstPeriod(rest, asked.step())};
    const absl::Status read = Scan(store, sum.period, [&](const v1::TelescopeDay& day) { AddDay(day, sum); });
    if (!read.ok()) return read;
    std::vector<v1::Figure> figures = TelescopeFigures(sum, categories);
    if (absl::Status grown = AppendGrowthOf(store, sum, asked, figures); !grown.ok()) return grown;
    if (absl::Status judged = judge(sum, figures); !judged.ok()) return judged;
    for (v1::Figure& figure : figures) {
      if (!IsAskedFor(figure.id(), asked)) continue;
      octets += figure.ByteSizeLong() + kOctetsOfAnEntry;
      if (octets > kMostFigureOctets) return TooManyDays(DayText(sum.period.first));
      *response.add_figures() = std::move(figure);
    }
    rest.first = sum.period.last + 1;
  }
  return response;
}

}  // namespace kansoku::aggregator
