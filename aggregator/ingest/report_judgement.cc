// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/report_judgement.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "aggregator/ingest/darknet_source_validation.h"
#include "aggregator/ingest/flow_record_validation.h"
#include "aggregator/ingest/measurement_validation.h"
#include "aggregator/ingest/report_validation.h"
#include "aggregator/ingest/wrong.h"
#include "proto/contract/name.h"

namespace kansoku::aggregator {
namespace {

// 1971: a clock that was never set begins in 1970.
constexpr absl::Time kFirstCredible = absl::FromUnixSeconds(365 * 86'400);

// What reports and tombstones say alike.
struct Window {
  const std::string& point;
  int64_t start;
  uint32_t seconds;
};

Window WindowOf(const v1::SequencedReport& report) {
  if (report.has_tombstone()) {
    const v1::Tombstone& tombstone = report.tombstone();
    return {tombstone.point(), tombstone.window_start_unix_seconds(), tombstone.window_seconds()};
  }
  return {report.report().point(), report.report().window_start_unix_seconds(),
          report.report().window_seconds()};
}

// A collector whose spool was damaged may know of a report only that there was one.
bool IsBlank(const v1::Tombstone& tombstone) {
  return tombstone.reason() == v1::Tombstone::REASON_DAMAGED && tombstone.point().empty() &&
         tombstone.window_start_unix_seconds() == 0 && tombstone.window_seconds() == 0 &&
         tombstone.captured_packets() == 0;
}

// "report 7, point tokyo-1, window 2024-11-01T00:00:00Z: " before what is wrong with it.
Refusal Refuse(uint64_t sequence, const Window& window, v1::QuarantineReason reason,
               absl::string_view wrong) {
  const std::string time =
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(window.start), absl::UTCTimeZone());
  return {sequence, reason,
          absl::StrCat("report ", sequence, ", point ", IsName(window.point) ? window.point : "(malformed)",
                       ", window ", time, ": ", wrong)};
}

absl::Status ValidateStart(const Window& window) {
  if (window.start < 0) return Wrong("window_start_unix_seconds: ", window.start, " is before 1970");
  if (window.start % window.seconds != 0) {
    return Wrong("window_start_unix_seconds: ", window.start, " is not a multiple of ", window.seconds);
  }
  return absl::OkStatus();
}

absl::Status ValidateReport(const v1::WindowReport& report) {
  if (report.sampling_interval() > kMaxSamplingInterval) {
    return Wrong("sampling_interval: ", report.sampling_interval(), " is above ", kMaxSamplingInterval);
  }
  const absl::Status measured =
      ValidateMeasurement(report.measurement(), report.window_seconds(), report.sampling_interval());
  if (!measured.ok()) return Wrong("measurement.", measured.message());
  if (absl::Status records = ValidateFlowRecords(report); !records.ok()) return records;
  return ValidateDarknetSources(report);
}

absl::Status ValidateTombstone(const v1::Tombstone& tombstone) {
  // One that this version does not know is a newer collector's: the window is lost all the same.
  if (tombstone.reason() == v1::Tombstone::REASON_UNSPECIFIED) return Wrong("tombstone.reason: is missing");
  if (tombstone.captured_packets() > kMaxPackets) {
    return Wrong("tombstone.captured_packets: ", tombstone.captured_packets(), " is above ", kMaxPackets);
  }
  return absl::OkStatus();
}

// A window of a collector that stops is closed before it is over; a tombstone does not say whether it was.
bool IsCutShort(const v1::SequencedReport& report) {
  const auto& flags = report.report().measurement().flags();
  return report.has_tombstone() ||
         std::find(flags.begin(), flags.end(), v1::QUALITY_FLAG_PARTIAL) != flags.end();
}

std::optional<Refusal> JudgeClock(const v1::SequencedReport& report, const ClockTolerance& tolerance,
                                  absl::Time now) {
  const Window window = WindowOf(report);
  const absl::Time start = absl::FromUnixSeconds(window.start);
  const absl::Time end = start + absl::Seconds(window.seconds);
  const absl::Time latest = IsCutShort(report) ? start : end;
  if (latest > now + tolerance.ahead) {
    return Refuse(report.sequence(), window, v1::QUARANTINE_REASON_AHEAD,
                  absl::StrCat("window_start_unix_seconds: ", window.start, " is ",
                               absl::FormatDuration(absl::Trunc(latest - now, absl::Seconds(1))),
                               " ahead of the aggregator's clock, more than ",
                               absl::FormatDuration(tolerance.ahead), "; set the collector's clock"));
  }
  if (start < kFirstCredible || end < now - tolerance.behind) {
    return Refuse(report.sequence(), window, v1::QUARANTINE_REASON_BEHIND,
                  absl::StrCat("window_start_unix_seconds: ", window.start, " is ",
                               absl::FormatDuration(absl::Trunc(now - end, absl::Seconds(1))),
                               " behind the aggregator's clock; set the collector's clock, or raise "
                               "clock.max_behind_days"));
  }
  return std::nullopt;
}

// What a slow clock says lies in the past, as late reports do: only the clock itself tells them apart.
std::optional<Refusal> JudgeSlowClock(const v1::SequencedReport& report, const ClockTolerance& tolerance,
                                      std::optional<absl::Duration> clock_offset) {
  if (!clock_offset.has_value() || tolerance.behind == absl::InfiniteDuration()) return std::nullopt;
  if (*clock_offset >= -tolerance.slow) return std::nullopt;
  return Refuse(report.sequence(), WindowOf(report), v1::QUARANTINE_REASON_BEHIND,
                absl::StrCat("the collector's clock is ",
                             absl::FormatDuration(absl::Trunc(-*clock_offset, absl::Seconds(1))),
                             " behind the aggregator's, more than ", absl::FormatDuration(tolerance.slow),
                             ", so the window is of another time; set the collector's clock and its zone"));
}

}  // namespace

WindowLengths WindowLengthsOf(const v1::Hello& hello) {
  WindowLengths points;
  for (const v1::PointDescription& point : hello.points()) points[point.point()] = point.window_seconds();
  return points;
}

std::optional<Refusal> JudgeContent(const v1::SequencedReport& report, const WindowLengths& points) {
  if (report.content_case() == v1::SequencedReport::CONTENT_NOT_SET) {
    return Refusal{report.sequence(), v1::QUARANTINE_REASON_IMPOSSIBLE,
                   absl::StrCat("report ", report.sequence(), ": content: is none that this version knows")};
  }
  const Window window = WindowOf(report);
  const auto refuse = [&](v1::QuarantineReason reason, absl::string_view wrong) {
    return Refuse(report.sequence(), window, reason, wrong);
  };
  const auto known = points.find(window.point);
  if (known == points.end()) {
    return refuse(v1::QUARANTINE_REASON_UNKNOWN_POINT, "point: was not described in Hello");
  }
  if (window.seconds != known->second) {
    return refuse(v1::QUARANTINE_REASON_WINDOW_LENGTH,
                  absl::StrCat("window_seconds: is ", window.seconds, ", Hello said ", known->second));
  }
  absl::Status valid = ValidateStart(window);
  if (valid.ok()) {
    valid = report.has_tombstone() ? ValidateTombstone(report.tombstone()) : ValidateReport(report.report());
  }
  if (valid.ok()) return std::nullopt;
  return refuse(v1::QUARANTINE_REASON_IMPOSSIBLE, valid.message());
}

std::vector<Refusal> JudgeReports(const v1::Batch& batch, const WindowLengths& points,
                                  const ClockTolerance& tolerance, absl::Time now,
                                  std::optional<absl::Duration> clock_offset) {
  std::vector<Refusal> refusals;
  for (const v1::SequencedReport& report : batch.reports()) {
    if (IsBlank(report.tombstone())) continue;
    std::optional<Refusal> refusal = JudgeContent(report, points);
    if (!refusal.has_value()) refusal = JudgeClock(report, tolerance, now);
    if (!refusal.has_value()) refusal = JudgeSlowClock(report, tolerance, clock_offset);
    if (refusal.has_value()) refusals.push_back(*std::move(refusal));
  }
  return refusals;
}

}  // namespace kansoku::aggregator
