// SPDX-License-Identifier: Apache-2.0
//
// The rows of the catalogue that each program says of itself.
#include "proto/contract/metric_catalog.h"

namespace kansoku::metrics {

const Metric kBuildInfo{
    "kansoku_build_info", MetricType::kGauge, "1", "program,version", "Always 1; the labels say what runs.",
    "CMakeLists.txt"};
const Metric kProcessCpuSeconds{"kansoku_process_cpu_seconds_total",
                                MetricType::kCounter,
                                "seconds",
                                "",
                                "Processor time of all threads since the start of the process.",
                                "getrusage(2)"};
const Metric kProcessResidentBytes{"kansoku_process_resident_bytes", MetricType::kGauge, "bytes", "",
                                   "Memory that is resident now.",   "/proc/self/statm"};
const Metric kProcessStart{"kansoku_process_start_timestamp_seconds",
                           MetricType::kGauge,
                           "seconds",
                           "",
                           "When the process started, in seconds of the Unix epoch.",
                           "the machine's clock"};
const Metric kCertificateExpiry{
    "kansoku_certificate_expiry_timestamp_seconds",
    MetricType::kGauge,
    "seconds",
    "of",
    "When the program's own certificate, or the first to do so of those behind it, ends: the one it shows to "
    "the "
    "other program (grpc), and to scrapers (metrics). Absent where there is none.",
    "notAfter of the file, read for each scrape"};

}  // namespace kansoku::metrics
