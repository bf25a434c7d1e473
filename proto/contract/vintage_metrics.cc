// SPDX-License-Identifier: Apache-2.0
//
// Rows about how the figures of months and the days of telescopes are kept.
#include "proto/contract/metric_catalog.h"

namespace kansoku::metrics {

const Metric kStatisticsRegisterReloadSuccessful{"kansoku_statistics_register_last_reload_successful",
                                                 MetricType::kGauge,
                                                 "1",
                                                 "",
                                                 "1 if the register of statistics that was read last is in "
                                                 "force; 0 if it was refused and the one before is. "
                                                 "Absent without statistics.",
                                                 "aggregator/vintage/register_change.h"};
const Metric kStatisticsErrors{
    "kansoku_statistics_errors_total",
    MetricType::kCounter,
    "attempts",
    "",
    "Attempts to bring the figures of months, or the days of telescopes, up to date or to read ahead what is "
    "asked about those that failed since the start of the process, and scrapes at which a day of the "
    "telescopes could not be read.",
    "aggregator/vintage/keeper_thread.h"};
const Metric kVintages{"kansoku_vintages_total",
                       MetricType::kCounter,
                       "vintages",
                       "series,state",
                       "Vintages of months that are kept, each as it was published.",
                       "aggregator/store/vintage_rows.h"};

}  // namespace kansoku::metrics
