// SPDX-License-Identifier: Apache-2.0
//
// What frames the reports: who sends them, and in which order. INVALID_ARGUMENT, which ends the stream, names
// the field and what was found in it. The reports themselves are judged by report_judgement.h. Pure
// functions; any thread.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "kansoku/v1/ingest.pb.h"

namespace kansoku::aggregator {

inline constexpr int kMaxPointsPerCollector = 1'000;
inline constexpr int kMaxReportsPerBatch = 100'000;
// More than there are traffic classes.
inline constexpr int kMaxCells = 20'000;
// Over all histograms of a report: each class has four, and few have more than some dozen buckets.
inline constexpr int kMaxHistogramBuckets = 1'000'000;
inline constexpr int kMaxFlowRecords = 20'000;

// No link carries this much in five minutes, and sums over a report cannot overflow.
inline constexpr uint64_t kMaxPackets = uint64_t{1} << 48;
inline constexpr uint64_t kMaxOctets = uint64_t{1} << 56;

// One packet in so many, as the collector's configuration allows.
inline constexpr uint32_t kMaxSamplingInterval = 1'000'000;

inline constexpr uint32_t kMaxPort = 65'535;
inline constexpr uint32_t kMaxProtocol = 255;
inline constexpr uint32_t kMaxTcpControlBits = 65'535;

absl::Status ValidateHello(const v1::Hello& hello);

// The number of reports and their sequence.
absl::Status ValidateBatch(const v1::Batch& batch);

absl::Status ValidateDelivery(const v1::Delivery& delivery);

}  // namespace kansoku::aggregator
