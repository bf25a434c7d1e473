// SPDX-License-Identifier: Apache-2.0
//
// The rows of the catalogue that show published figures of months (METRICS 1.5).
#include "proto/contract/metric_catalog.h"

namespace kansoku::metrics {

const Metric kFixedTrafficRate{
    "kansoku_fixed_traffic_bits_per_second",
    MetricType::kGauge,
    "bits_per_second",
    "direction,scope,group,basis",
    "Mean rate of fixed traffic in the last published month: of the contributors, or estimated for the "
    "nation.",
    "Figures fixed_month_rate, fixed_interconnection, fixed_download_national, fixed_upload_national"};
const Metric kFixedCoverage{"kansoku_fixed_coverage_ratio",
                            MetricType::kGauge,
                            "ratio",
                            "basis",
                            "Share of the contributors in the last published month.",
                            "Figure fixed_coverage"};
const Metric kFixedVolume{"kansoku_fixed_volume_bytes",
                          MetricType::kGauge,
                          "bytes",
                          "direction,window",
                          "National fixed traffic of such a span of time in the last published month.",
                          "Figure fixed_volume_per_day"};
const Metric kFixedPerContractRate{
    "kansoku_fixed_per_contract_bits_per_second",
    MetricType::kGauge,
    "bits_per_second",
    "direction",
    "National fixed traffic for each broadband contract in the last published month.",
    "Figure fixed_per_contract_rate"};
const Metric kMobileTrafficRate{"kansoku_mobile_traffic_bits_per_second",
                                MetricType::kGauge,
                                "bits_per_second",
                                "direction",
                                "Mean rate of mobile traffic in the last published month.",
                                "Figure mobile_rate"};
const Metric kGrowth{"kansoku_growth_ratio",
                     MetricType::kGauge,
                     "ratio",
                     "series,direction,lag",
                     "Growth of the last published month against the one so long before: 0.127 is 12.7 %.",
                     "Figures fixed_download_growth, fixed_upload_growth, mobile_growth"};
const Metric kPeriodComplete{"kansoku_period_complete_ratio",
                             MetricType::kGauge,
                             "ratio",
                             "series",
                             "Windows that were present in the last published month, of those expected: of "
                             "the figure with the fewest.",
                             "Figure.windows / Figure.expected_windows"};
const Metric kFigureInfo{"kansoku_figure_info",
                         MetricType::kGauge,
                         "1",
                         "figure,period,basis,vintage,digits",
                         "Always 1; the labels say which month and vintage a published figure is of.",
                         "Figure"};
const Metric kHistoryTrafficRate{
    "kansoku_history_traffic_bits_per_second",
    MetricType::kGauge,
    "bits_per_second",
    "series,direction,basis,evidence,source",
    "Mean rate of a month as others published it (MIC, mostly by way of the press), not measured by Kansoku; "
    "source says where it was read, evidence whether it was seen there, derived or recalled.",
    "deploy/reference, by kansokuctl export openmetrics --history; never at /metrics"};
const Metric kHistoryDarknetPackets{
    "kansoku_history_darknet_packets",
    MetricType::kGauge,
    "packets",
    "basis,evidence,source",
    "Packets to NICT's dark addresses in a year as others published them, by edition (basis), not measured "
    "by "
    "Kansoku; source says where they were read, evidence whether they were seen there, derived or recalled.",
    "deploy/reference, by kansokuctl export openmetrics --series darknet; never at /metrics"};
const Metric kHistoryDarknetPacketsPerAddress{
    "kansoku_history_darknet_packets_per_address",
    MetricType::kGauge,
    "1",
    "basis,evidence,source",
    "The same for each address, as NICT divides.",
    "deploy/reference, by kansokuctl export openmetrics --series darknet; never at /metrics"};

}  // namespace kansoku::metrics
