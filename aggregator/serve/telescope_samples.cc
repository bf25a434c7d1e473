// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/telescope_samples.h"

#include <array>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/telescope_figures.h"
#include "aggregator/figures/telescope_port_figures.h"
#include "aggregator/serve/few_sources.h"
#include "proto/contract/day.h"

namespace kansoku::aggregator {
namespace {

constexpr int kDaysBack = 2;

const Metric* ShownBy(std::string_view id) {
  using Shown = std::pair<std::string_view, const Metric*>;
  const std::array shown = {
      Shown{figures::kDarknetPackets.id, &metrics::kDarknetDayPackets},
      Shown{figures::kDarknetClassPackets.id, &metrics::kDarknetDayClassPackets},
      Shown{figures::kDarknetAddresses.id, &metrics::kDarknetDayAddresses},
      Shown{figures::kDarknetPortPackets.id, &metrics::kDarknetDayPortPackets},
      Shown{figures::kDarknetPortHosts.id, &metrics::kDarknetDayPortHosts},
      Shown{figures::kDarknetFlaggedPackets.id, &metrics::kDarknetDayFlaggedPackets},
      Shown{figures::kDarknetCategoryShare.id, &metrics::kDarknetDayCategory},
      Shown{figures::kDarknetSurveyScanShare.id, &metrics::kDarknetDaySurveyScan},
      Shown{figures::kDarknetVictims.id, &metrics::kDarknetDayVictims},
      Shown{figures::kDarknetUniqueHosts.id, &metrics::kDarknetDayHosts},
      Shown{figures::kDarknetPacketsPerIp.id, &metrics::kDarknetDayPacketsPerAddress},
      Shown{figures::kDarknetSecondsPerPacketPerIp.id, &metrics::kDarknetDayPacketInterval},
      Shown{figures::kDarknetToolPackets.id, &metrics::kDarknetDayToolPackets},
      Shown{figures::kDarknetToolSources.id, &metrics::kDarknetDayToolHosts},
      Shown{figures::kDarknetBackscatterSources.id, &metrics::kDarknetDayBackscatterHosts},
      Shown{figures::kDarknetUnjudgedPackets.id, &metrics::kDarknetDayUnjudgedPackets},
      Shown{figures::kDarknetInfectedSubscribers.id, &metrics::kDarknetDayInfectedSubscribers},
      Shown{figures::kDarknetUnjudgedSubscriberPackets.id, &metrics::kDarknetDayUnjudgedSubscriberPackets},
  };
  for (const auto& [of, metric] : shown) {
    if (of == id) return metric;
  }
  return nullptr;
}

// The regulator's Prometheus takes the hosts of ports, but not where they are few.
bool IsToldOfFew(const Metric& metric, const v1::Figure& figure) {
  return &metric == &metrics::kDarknetDayPortHosts && AreHostsFew(figure);
}

}  // namespace

absl::Status TelescopeSamples::AddTo(int64_t newest_window_unix_seconds, MetricFamilies& families) {
  const absl::CivilDay newest = DayOf(absl::FromUnixSeconds(newest_window_unix_seconds));
  const std::lock_guard lock(mutex_);
  absl::Status looked = Look(DayText(newest - kDaysBack), DayText(newest));
  if (!looked.ok() && !absl::IsDataLoss(looked)) return looked;
  const absl::Status years = years_.Look(newest);
  if (!years.ok() && !absl::IsDataLoss(years)) return years;
  looked.Update(years);
  Note(looked);
  for (const ShownFigure& sample : remembered_.samples) {
    families.AddReal(*sample.metric, sample.label_values, sample.value);
  }
  years_.AddTo(families);
  return absl::OkStatus();
}

uint64_t TelescopeSamples::errors() const {
  const std::lock_guard lock(mutex_);
  return errors_;
}

// With mutex_ held.
void TelescopeSamples::Note(const absl::Status& looked) {
  if (!looked.ok()) ++errors_;
  const std::string error(looked.message());
  if (error == last_error_) return;
  last_error_ = error;
  say_(looked.ok() ? "the telescopes' days are at /metrics again"
                   : absl::StrCat("a day of the telescopes is not at /metrics: ", error));
}

absl::Status TelescopeSamples::Look(const std::string& first, const std::string& last) {
  const absl::StatusOr<KeptDay> kept = store_.LastTelescopeDay("", first, last);
  if (!kept.ok()) return kept.status();
  const std::shared_ptr<const PortCategories> categories = ports_.in_force();
  if (kept->day == remembered_.kept.day && kept->revision == remembered_.kept.revision &&
      categories == remembered_.categories) {
    return absl::OkStatus();
  }
  remembered_ = {.kept = {}, .categories = categories, .samples = {}};
  return store_.ScanTelescopeDays("", kept->day, kept->day,
                                  [&](const v1::TelescopeDay& day) { Remember(day); });
}

void TelescopeSamples::Remember(const v1::TelescopeDay& day) {
  const absl::StatusOr<absl::CivilDay> date = ParseDay(day.day());
  if (!date.ok()) return;
  TelescopePeriod sum{.period = {*date, *date}};
  AddDay(day, sum);
  remembered_.kept = {.day = day.day(), .revision = day.revision()};
  for (const v1::Figure& figure : TelescopeFigures(sum, remembered_.categories.get())) {
    const Metric* metric = ShownBy(figure.id());
    if (metric == nullptr || IsToldOfFew(*metric, figure)) continue;
    const std::optional<ShownFigure> shown = ShowFigure(*metric, figure);
    if (shown.has_value()) remembered_.samples.push_back(*shown);
  }
  if (remembered_.categories != nullptr) {
    const auto ports = static_cast<double>(UncategorisedPorts(sum, *remembered_.categories));
    remembered_.samples.push_back({&metrics::kDarknetDayUncategorisedPorts, {}, ports});
  }
  const auto start = static_cast<double>(FrameOf(sum).period().start_unix_seconds());
  remembered_.samples.push_back({&metrics::kDarknetDayStart, {}, start});
}

}  // namespace kansoku::aggregator
