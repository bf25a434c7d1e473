// SPDX-License-Identifier: Apache-2.0
//
// What a collector may say. Everything it sends is judged here, once, before the store sees it:
// INVALID_ARGUMENT names sequence, point, window and field, and what was found in it. Violated accounting
// identities are not an error; the ledger is there to show them. Pure functions; any thread.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
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

// How far a window may begin after the aggregator's clock.
inline constexpr absl::Duration kMaxFuture = absl::Hours(24);

absl::Status ValidateHello(const v1::Hello& hello);

// A batch of the collector that introduced itself with `hello`: only its points, with their window lengths.
absl::Status ValidateBatch(const v1::Batch& batch, const v1::Hello& hello, absl::Time now);

absl::Status ValidateDelivery(const v1::Delivery& delivery);

}  // namespace kansoku::aggregator
