// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/prefix_figures.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/figure_labels.h"
#include "aggregator/figures/rational.h"
#include "aggregator/figures/withheld.h"
#include "proto/contract/dark_prefixes.h"
#include "proto/contract/report_limits.h"

namespace kansoku::aggregator {
namespace {

// 192.0.2.0/24.
std::string PrefixText(const v1::DarkPrefix& prefix) {
  const uint32_t address = prefix.address();
  return absl::StrCat(address >> 24, ".", address >> 16 & 0xff, ".", address >> 8 & 0xff, ".", address & 0xff,
                      "/", prefix.length());
}

// Of equal ones those that come first.
std::set<const v1::DarkPrefix*> LongestDark(std::span<const WatchedSensor> sensors) {
  std::vector<const v1::DarkPrefix*> prefixes;
  for (const WatchedSensor& sensor : sensors) {
    for (const v1::DarkPrefix& prefix : sensor.seconds.prefixes()) prefixes.push_back(&prefix);
  }
  std::stable_sort(prefixes.begin(), prefixes.end(), [](const v1::DarkPrefix* a, const v1::DarkPrefix* b) {
    return a->address_seconds() > b->address_seconds();
  });
  if (prefixes.size() > kMostPrefixes) prefixes.resize(kMostPrefixes);
  return {prefixes.begin(), prefixes.end()};
}

Withheld ByNoPrefix() {
  return Withheld(
      v1::WITHHELD_REASON_INCOMPLETE,
      absl::StrCat("a collector does not say which prefixes some of the time was of: it is older, "
                   "or watches more than ",
                   kMaxDarkPrefixes));
}

}  // namespace

void AppendPrefixFigures(std::span<const WatchedSensor> sensors, std::vector<v1::Figure>& figures) {
  const FigureKind& kind = figures::kDarknetPrefixAddressSeconds;
  const std::set<const v1::DarkPrefix*> told = LongestDark(sensors);
  for (const WatchedSensor& sensor : sensors) {
    if (!IsByPrefix(sensor.seconds)) {
      figures.push_back(WithholdFigure(kind, sensor.frame, ByNoPrefix()));
      continue;
    }
    const auto append = [&](const std::string& prefix, const Integer& seconds) {
      figures.push_back(MakeFigure(kind, Labelled(sensor.frame, {{"prefix", prefix}}), seconds));
    };
    Integer other;
    for (const v1::DarkPrefix& prefix : sensor.seconds.prefixes()) {
      const Integer seconds = ToInteger(prefix.address_seconds());
      if (told.contains(&prefix)) {
        append(PrefixText(prefix), seconds);
      } else {
        other += seconds;
      }
    }
    if (other > 0) append("other", other);
  }
}

}  // namespace kansoku::aggregator
