// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/admission.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "aggregator/ingest/report_judgement.h"

namespace kansoku::aggregator {

absl::Status JudgeAdmission(const Store& store, uint64_t id) {
  const auto quarantined = store.FindQuarantined(id);
  if (!quarantined.ok()) return quarantined.status();
  // One that is not held has no content; deciding says what became of it.
  if (quarantined->state() != v1::QUARANTINE_STATE_HELD) return absl::OkStatus();
  const auto points = store.Points();
  if (!points.ok()) return points.status();
  WindowLengths lengths;
  for (const PointRecord& point : *points) {
    if (point.collector == quarantined->collector()) lengths[point.point] = point.window_seconds;
  }
  const std::optional<Refusal> refusal = JudgeContent(quarantined->report(), lengths);
  if (!refusal.has_value()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("still cannot be counted: ", refusal->text));
}

}  // namespace kansoku::aggregator
