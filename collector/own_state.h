// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/time/time.h"
#include "collector/collector.h"
#include "collector/doctor/examination.h"
#include "collector/own_metrics.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku::collector {

// What there is to tell now of a collector that runs with a configuration, by this machine's clock. A file
// that cannot be read says nothing. Any thread.
OwnState ReadOwnState(const Collector& collector, const Examination& examination,
                      const v1::CollectorConfig& config, absl::Time started);

}  // namespace kansoku::collector
