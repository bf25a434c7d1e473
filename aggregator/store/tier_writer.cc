// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/tier_writer.h"

#include "aggregator/store/ever_bucket.h"
#include "proto/contract/measurement.h"

namespace kansoku::aggregator {

TierWriter::TierWriter(Database& database, const Horizons& horizons)
    : horizons_(horizons),
      reader_(database),
      write_(database.Prepare(
          "INSERT OR REPLACE INTO bucket (tier, start, point, measurement) VALUES (?, ?, ?, ?)")) {}

void TierWriter::AddWindow(int64_t point, int64_t start, const v1::Measurement& measurement) {
  if (Keeps(Tier::kWindow, start)) windows_[{start, point}].push_back(&measurement);
}

void TierWriter::AddAbove(int64_t point, int64_t start, const v1::Measurement& measurement) {
  v1::Measurement*& sum = five_minutes_[{BucketStart(Tier::kFiveMinutes, start), point}];
  if (sum == nullptr) sum = google::protobuf::Arena::CreateMessage<v1::Measurement>(&arena_);
  Merge(measurement, *sum);
}

absl::Status TierWriter::Write() {
  for (const auto& [key, parts] : windows_) {
    if (absl::Status done = AddToRow(Tier::kWindow, key, parts); !done.ok()) return done;
  }
  for (const Tier tier : {Tier::kFiveMinutes, Tier::kHour, Tier::kEver}) {
    std::map<Key, Parts> rows;
    for (const auto& [key, sum] : five_minutes_) {
      if (tier == Tier::kEver) MakeEver(*sum);  // the last that it is for
      const auto [start, point] = key;
      // Tiers are cut at whole hours, so all windows of the sum are on one side.
      if (Keeps(tier, start)) rows[{BucketStart(tier, start), point}].push_back(sum);
    }
    for (const auto& [key, parts] : rows) {
      if (absl::Status done = AddToRow(tier, key, parts); !done.ok()) return done;
    }
  }
  return absl::OkStatus();
}

absl::Status TierWriter::AddToRow(Tier tier, const Key& key, std::span<const v1::Measurement* const> parts) {
  const auto [start, point] = key;
  absl::StatusOr<bool> held = reader_.ReadRow(tier, start, point, row_);
  if (!held.ok()) return held.status();
  if (!*held && parts.size() == 1) {
    parts.front()->SerializeToString(&bytes_);
  } else {
    for (const v1::Measurement* part : parts) Merge(*part, row_);
    row_.SerializeToString(&bytes_);
  }
  return write_.Bind(static_cast<int>(tier), start, point, Blob{bytes_}).Run();
}

}  // namespace kansoku::aggregator
