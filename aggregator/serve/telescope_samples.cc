// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/telescope_samples.h"

#include <array>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/figure_labels.h"
#include "aggregator/figures/telescope_figures.h"
#include "aggregator/figures/telescope_port_figures.h"
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
  if (!looked.ok() && !absl::IsDataLoss(looked)) return looked;
  Note(looked);
  for (const Sample& sample : remembered_.samples) {
    families.AddReal(*sample.metric, sample.label_values, sample.value);
  }
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
  say_(looked.ok() ? "the telescopes' last day is at /metrics again"
                   : absl::StrCat("the telescopes' last day is not at /metrics: ", error));
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
    double value = 0;
    if (metric == nullptr || !absl::SimpleAtod(figure.value(), &value)) continue;
    remembered_.samples.push_back({metric, LabelsFor(*metric, figure), value});
  }
  if (remembered_.categories != nullptr) {
    const auto ports = static_cast<double>(UncategorisedPorts(sum, *remembered_.categories));
    remembered_.samples.push_back({&metrics::kDarknetDayUncategorisedPorts, {}, ports});
  }
  const auto start = static_cast<double>(FrameOf(sum).period().start_unix_seconds());
  remembered_.samples.push_back({&metrics::kDarknetDayStart, {}, start});
}

}  // namespace kansoku::aggregator
