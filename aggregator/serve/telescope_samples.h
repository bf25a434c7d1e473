// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "aggregator/serve/port_table.h"
#include "aggregator/serve/shown_figure.h"
#include "aggregator/serve/year_samples.h"
#include "aggregator/store/store.h"
#include "proto/exposition/metric_families.h"

namespace kansoku::aggregator {

// The figures of the telescopes' last day and of their years (year_samples.h), as samples of the metrics that
// show them. They are computed when there is a new day, revision or table of ports, and remembered: a scrape
// looks whether there is, and reads no day again, also while late data waits for the next revision. Any
// thread.
class TelescopeSamples {
 public:
  using Say = std::function<void(const std::string& line)>;  // to the log; on the thread that adds

  // Both must outlive this.
  TelescopeSamples(const StoreReader& store, const PortTable& ports, Say say)
      : store_(store), ports_(ports), say_(std::move(say)), years_(store) {}

  // The last day that there is until the one which holds `newest_window`, the start of a window; at most two
  // days before: what is older is no state of today. None: there is no such day, or its record is damaged,
  // which is said once and counted each time: it costs no other sample but those of its year. Errors of the
  // store.
  absl::Status AddTo(int64_t newest_window_unix_seconds, MetricFamilies& families);

  // How often a day could not be read.
  uint64_t errors() const;

 private:
  struct Remembered {
    KeptDay kept;
    std::shared_ptr<const PortCategories> categories;
    std::vector<ShownFigure> samples;
  };

  absl::Status Look(const std::string& first, const std::string& last);
  void Remember(const v1::TelescopeDay& day);
  void Note(const absl::Status& looked);

  const StoreReader& store_;
  const PortTable& ports_;
  const Say say_;
  mutable std::mutex mutex_;
  Remembered remembered_;  // guarded by mutex_, as what follows
  YearSamples years_;
  uint64_t errors_ = 0;
  std::string last_error_;
};

}  // namespace kansoku::aggregator
