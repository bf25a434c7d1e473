// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/year_samples.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/day_totals.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/figure_labels.h"
#include "aggregator/figures/telescope_figures.h"
#include "aggregator/figures/telescope_growth.h"
#include "proto/contract/day.h"

namespace kansoku::aggregator {
namespace {

constexpr int64_t kMostYears = 20;
constexpr int kMostDaysOfALook = 31;

const Metric* ShownBy(std::string_view id) {
  using Shown = std::pair<std::string_view, const Metric*>;
  const std::array shown = {
      Shown{figures::kDarknetPackets.id, &metrics::kDarknetYearPackets},
      Shown{figures::kDarknetAddresses.id, &metrics::kDarknetYearAddresses},
      Shown{figures::kDarknetPacketsPerIp.id, &metrics::kDarknetYearPacketsPerAddress},
      Shown{figures::kDarknetSecondsPerPacketPerIp.id, &metrics::kDarknetYearPacketInterval},
      Shown{figures::kDarknetRatioToBaseYear.id, &metrics::kDarknetYearBaseRatio},
  };
  for (const auto& [of, metric] : shown) {
    if (of == id) return metric;
  }
  return nullptr;
}

}  // namespace

absl::Status YearSamples::Look(absl::CivilDay newest) {
  const absl::CivilDay first(newest.year() - kMostYears + 1, 1, 1);
  const auto kept = store_.KeptTelescopeDays("", DayText(first), DayText(newest));
  if (!kept.ok()) return kept.status();
  absl::Status read;
  std::set<int64_t> unread;
  int looked_at = 0;
  for (auto day = kept->rbegin(); day != kept->rend(); ++day) {
    const absl::StatusOr<absl::CivilDay> date = ParseDay(day->day);
    if (!date.ok()) return date.status();
    const auto is_read = [&] {
      const auto known = days_.find(*date);
      return known != days_.end() && known->second.revision() >= day->revision;
    };
    if (is_read()) continue;
    if (++looked_at <= kMostDaysOfALook) read.Update(ReadDay(*date));
    if (!is_read()) unread.insert(date->year());
  }
  if (looked_at > 0) {
    days_.erase(days_.begin(), days_.lower_bound(first));
    Show(unread);
  }
  return read;
}

absl::Status YearSamples::ReadDay(absl::CivilDay date) {
  return store_.ScanTelescopeDays("", DayText(date), DayText(date), [&](const v1::TelescopeDay& day) {
    days_.insert_or_assign(date, TotalsOf(day));
  });
}

void YearSamples::Show(const std::set<int64_t>& unread) {
  std::map<int64_t, TelescopePeriod> sums;
  std::map<int64_t, YearTotal> totals;
  for (const auto& [date, day] : days_) {
    const int64_t year = date.year();
    if (unread.contains(year)) continue;
    AddDay(day, sums.try_emplace(year, TelescopePeriod{.period = WholeYear(year)}).first->second);
    AddDay(day, totals.try_emplace(year, YearTotal{.year = year}).first->second);
  }
  const auto total_of = [&](int64_t year) {
    const auto known = totals.find(year);
    return known == totals.end() ? YearTotal{.year = year} : known->second;
  };
  samples_.clear();
  for (const auto& [year, sum] : sums) {
    std::vector<v1::Figure> figures = TelescopeFigures(sum, nullptr);
    AppendGrowth(sum, total_of(year - 1), total_of(kBaseYear), figures);
    const std::string label = absl::StrCat(year);
    for (const v1::Figure& figure : figures) {
      const Metric* metric = ShownBy(figure.id());
      if (metric == nullptr) continue;
      const std::optional<ShownFigure> shown = ShowFigure(*metric, Labelled(figure, {{"year", label}}));
      if (shown.has_value()) samples_.push_back(*shown);
    }
    const double known = static_cast<double>(sum.days) / static_cast<double>(sum.period.days());
    samples_.push_back({&metrics::kDarknetYearComplete, {label}, known});
  }
}

void YearSamples::AddTo(MetricFamilies& families) const {
  for (const ShownFigure& sample : samples_) {
    families.AddReal(*sample.metric, sample.label_values, sample.value);
  }
}

}  // namespace kansoku::aggregator
