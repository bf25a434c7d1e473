// SPDX-License-Identifier: Apache-2.0
//
// Single buckets over one connection, which must be inside a transaction: a bucket is read from several rows.
#pragma once

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "aggregator/store/sqlite.h"
#include "aggregator/store/store.h"

namespace kansoku::aggregator {

// A point as its buckets are found by. Of its windows, those with start in [unrolled_from, unrolled_to) are
// in no tier but the finest yet (roll_up.h).
struct BucketPoint {
  int64_t id = 0;
  std::string name;
  uint32_t window_seconds = 0;
  int64_t unrolled_from = 0;
  int64_t unrolled_to = 0;
};

// What readers of a tier are told: every bucket holds all windows of its time, rolled up or not.
class BucketReader {
 public:
  explicit BucketReader(Database& database);

  // Whether there is such a bucket. If not, `measurement` is empty afterwards.
  absl::StatusOr<bool> Read(Tier tier, int64_t start, const BucketPoint& point, v1::Measurement& measurement);

  // The row alone.
  absl::StatusOr<bool> ReadRow(Tier tier, int64_t start, int64_t point, v1::Measurement& measurement);

  // Adds to the row of this bucket what is not rolled up into it yet. Whether there was anything.
  absl::StatusOr<bool> AddUnrolled(Tier tier, int64_t start, const BucketPoint& point, v1::Measurement& sum);

  // Calls `visit` with every row of the finest tier with start in [start, end), which must be whole windows.
  // `visit` must not keep the measurement.
  absl::Status ReadWindows(const BucketPoint& point, int64_t start, int64_t end,
                           absl::FunctionRef<void(int64_t start, const v1::Measurement&)> visit);

 private:
  Statement read_;
  v1::Measurement window_;
};

// DATA_LOSS, with the row's key, if the bytes are no measurement.
absl::Status ParseRow(std::string_view bytes, Tier tier, int64_t start, int64_t point,
                      v1::Measurement& measurement);

}  // namespace kansoku::aggregator
