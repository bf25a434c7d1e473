// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "aggregator/serve/port_table.h"
#include "aggregator/store/store.h"
#include "proto/exposition/metric_families.h"

namespace kansoku::aggregator {

// The figures of the telescopes' last day, as samples of the metrics that show them. They are computed when
// there is a new day, revision or table of ports, and remembered: a scrape looks whether there is, and reads
// no day again, also while late data waits for the next revision. Any thread.
class TelescopeSamples {
 public:
  // Both must outlive this.
  TelescopeSamples(const StoreReader& store, const PortTable& ports) : store_(store), ports_(ports) {}

  // The last day that there is until the one which holds `newest_window`, the start of a window; at most two
  // days before: what is older is no state of today. None: there is no such day.
  absl::Status AddTo(int64_t newest_window_unix_seconds, MetricFamilies& families);

 private:
  struct Sample {
    const Metric* metric;
    std::vector<std::string> label_values;
    double value;
  };
  struct Remembered {
    KeptDay kept;
    std::shared_ptr<const PortCategories> categories;
    std::vector<Sample> samples;
  };

  absl::Status Look(const std::string& first, const std::string& last);
  void Remember(const v1::TelescopeDay& day);

  const StoreReader& store_;
  const PortTable& ports_;
  std::mutex mutex_;
  Remembered remembered_;  // guarded by mutex_
};

}  // namespace kansoku::aggregator
