// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/telescope_samples.h"

#include <array>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/figure_labels.h"
#include "aggregator/figures/telescope_figures.h"
#include "proto/contract/day.h"

namespace kansoku::aggregator {
namespace {

constexpr int kDaysBack = 2;

const Metric* ShownBy(std::string_view id) {
  const std::array<std::pair<std::string_view, const Metric*>, 8> shown = {{
      {figures::kDarknetPackets.id, &metrics::kDarknetDayPackets},
      {figures::kDarknetClassPackets.id, &metrics::kDarknetDayClassPackets},
      {figures::kDarknetAddresses.id, &metrics::kDarknetDayAddresses},
      {figures::kDarknetPortPackets.id, &metrics::kDarknetDayPortPackets},
      {figures::kDarknetCategoryShare.id, &metrics::kDarknetDayCategory},
      {figures::kDarknetSurveyScanShare.id, &metrics::kDarknetDaySurveyScan},
      {figures::kDarknetVictims.id, &metrics::kDarknetDayVictims},
      {figures::kDarknetUniqueHosts.id, &metrics::kDarknetDayHosts},
  }};
  for (const auto& [of, metric] : shown) {
    if (of == id) return metric;
  }
  return nullptr;
}

std::vector<std::string> LabelsFor(const Metric& metric, const v1::Figure& figure) {
  std::vector<std::string> values;
  const std::vector<std::string> names = absl::StrSplit(std::string(metric.labels), ',', absl::SkipEmpty());
  for (const std::string& name : names) values.push_back(LabelOf(figure, name));
  return values;
}

}  // namespace

absl::Status TelescopeSamples::AddTo(int64_t newest_window_unix_seconds, MetricFamilies& families) {
  const absl::CivilDay newest = DayOf(absl::FromUnixSeconds(newest_window_unix_seconds));
  const std::lock_guard lock(mutex_);
  const absl::Status looked = Look(DayText(newest - kDaysBack), DayText(newest));
  if (!looked.ok()) return looked;
  for (const Sample& sample : remembered_.samples) {
    families.AddReal(*sample.metric, sample.label_values, sample.value);
  }
  return absl::OkStatus();
}

absl::Status TelescopeSamples::Look(const std::string& first, const std::string& last) {
  if (remembered_.day < first || remembered_.day > last) remembered_ = {};
  std::string from = first;
  if (!remembered_.day.empty()) {
    const absl::StatusOr<uint64_t> changes = store_.DayChanges(remembered_.day);
    if (!changes.ok()) return changes.status();
    const bool is_current =
        *changes == remembered_.day_changes && remembered_.categories == ports_.in_force();
    from = remembered_.day;
    // What is known of it stands; is there a later one?
    if (const auto day = ParseDay(from); is_current && day.ok()) from = DayText(*day + 1);
  }
  if (from > last) return absl::OkStatus();
  std::optional<v1::TelescopeDay> latest;
  const absl::Status scanned =
      store_.ScanTelescopeDays("", from, last, [&](const v1::TelescopeDay& day) { latest = day; });
  if (!scanned.ok()) return scanned;
  if (latest.has_value()) Remember(*latest);
  return absl::OkStatus();
}

void TelescopeSamples::Remember(const v1::TelescopeDay& day) {
  std::shared_ptr<const PortCategories> categories = ports_.in_force();
  if (day.day() == remembered_.day && day.revision() == remembered_.revision &&
      categories == remembered_.categories) {
    return;
  }
  const absl::StatusOr<absl::CivilDay> date = ParseDay(day.day());
  if (!date.ok()) return;
  TelescopePeriod sum{.period = {*date, *date}};
  AddDay(day, sum);
  remembered_ = {.day = day.day(),
                 .revision = day.revision(),
                 .day_changes = day.day_changes(),
                 .categories = std::move(categories),
                 .samples = {}};
  for (const v1::Figure& figure : TelescopeFigures(sum, remembered_.categories.get())) {
    const Metric* metric = ShownBy(figure.id());
    double value = 0;
    if (metric == nullptr || !absl::SimpleAtod(figure.value(), &value)) continue;
    remembered_.samples.push_back({metric, LabelsFor(*metric, figure), value});
  }
  const auto start = static_cast<double>(FrameOf(sum).period().start_unix_seconds());
  remembered_.samples.push_back({&metrics::kDarknetDayStart, {}, start});
}

}  // namespace kansoku::aggregator
