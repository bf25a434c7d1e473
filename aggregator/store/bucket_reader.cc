// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/bucket_reader.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "aggregator/store/ever_bucket.h"
#include "aggregator/store/retention.h"
#include "proto/contract/measurement.h"

namespace kansoku::aggregator {

absl::Status ParseRow(std::string_view bytes, Tier tier, int64_t start, int64_t point,
                      v1::Measurement& measurement) {
  if (measurement.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the store's row of tier ", static_cast<int>(tier), ", start ",
                                          start, ", point ", point,
                                          " cannot be read; restore the store from a copy"));
}

BucketReader::BucketReader(Database& database)
    : read_(database.Prepare("SELECT measurement FROM bucket WHERE tier = ? AND start = ? AND point = ?")) {}

absl::StatusOr<bool> BucketReader::ReadRow(Tier tier, int64_t start, int64_t point,
                                           v1::Measurement& measurement) {
  absl::StatusOr<bool> held = read_.Bind(static_cast<int>(tier), start, point).Step();
  if (!held.ok() || !*held) {
    measurement.Clear();
    return held;
  }
  if (absl::Status parsed = ParseRow(read_.Bytes(0), tier, start, point, measurement); !parsed.ok()) {
    return parsed;
  }
  return true;
}

absl::StatusOr<bool> BucketReader::Read(Tier tier, int64_t start, const BucketPoint& point,
                                        v1::Measurement& measurement) {
  absl::StatusOr<bool> held = ReadRow(tier, start, point.id, measurement);
  if (!held.ok()) return held;
  absl::StatusOr<bool> added = AddUnrolled(tier, start, point, measurement);
  if (!added.ok()) return added;
  return *held || *added;
}

absl::StatusOr<bool> BucketReader::AddUnrolled(Tier tier, int64_t start, const BucketPoint& point,
                                               v1::Measurement& sum) {
  if (tier == Tier::kWindow) return false;
  int64_t from = point.unrolled_from, to = point.unrolled_to;
  if (tier != Tier::kEver) {
    from = std::max(from, start);
    to = std::min(to, start + BucketSeconds(tier, point.window_seconds));
  }
  bool added = false;
  absl::Status read = ReadWindows(point, from, to, [&](int64_t, const v1::Measurement& window) {
    Merge(window, sum);
    added = true;
  });
  if (!read.ok()) return read;
  if (tier == Tier::kEver) MakeEver(sum);
  return added;
}

absl::Status BucketReader::ReadWindows(const BucketPoint& point, int64_t start, int64_t end,
                                       absl::FunctionRef<void(int64_t, const v1::Measurement&)> visit) {
  for (; start < end; start += point.window_seconds) {
    absl::StatusOr<bool> held = ReadRow(Tier::kWindow, start, point.id, window_);
    if (!held.ok()) return held.status();
    if (*held) visit(start, window_);
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
