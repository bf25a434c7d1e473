// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "aggregator/serve/shown_figure.h"
#include "aggregator/store/store.h"
#include "proto/exposition/metric_families.h"

namespace kansoku::aggregator {

// Figures of the telescopes' calendar years in Japan (図表Ⅱ-1-10-3), as samples of the metrics that show
// them: of the last twenty years until now. What they take of a day is remembered and read again when there
// is a new revision. Reading a day with all its ports takes milliseconds, so a look reads a month of days at
// most, the latest first, and a year is shown once each of its days was read. One thread at a time.
class YearSamples {
 public:
  explicit YearSamples(const StoreReader& store) : store_(store) {}  // must outlive this

  // `newest`: the last day that counts. DATA_LOSS: the record of a day is damaged, which costs its year
  // alone. Other errors of the store.
  absl::Status Look(absl::CivilDay newest);

  // Of the last look.
  void AddTo(MetricFamilies& families) const;

 private:
  absl::Status ReadDay(absl::CivilDay date);
  void Show(const std::set<int64_t>& unread);

  const StoreReader& store_;
  std::map<absl::CivilDay, v1::TelescopeDay> days_;  // their totals
  std::vector<ShownFigure> samples_;
};

}  // namespace kansoku::aggregator
