// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/report_validation.h"

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "aggregator/ingest/flow_record_validation.h"
#include "aggregator/ingest/measurement_validation.h"
#include "aggregator/ingest/wrong.h"
#include "proto/contract/name.h"
#include "proto/contract/window.h"

namespace kansoku::aggregator {
namespace {

constexpr size_t kMaxVersionBytes = 64;

// "report 7, point tokyo-1, window 2024-11-01T00:00:00Z: " before what is wrong with it.
absl::Status InReport(uint64_t sequence, const std::string& point, int64_t window_start,
                      const absl::Status& wrong) {
  if (wrong.ok()) return wrong;
  const std::string time =
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(window_start), absl::UTCTimeZone());
  return Wrong("report ", sequence, ", point ", IsName(point) ? point : "(malformed)", ", window ", time,
               ": ", wrong.message());
}

using WindowLengths = absl::flat_hash_map<std::string, uint32_t>;

absl::Status ValidateWindow(const std::string& point, int64_t start, uint32_t seconds,
                            const WindowLengths& points, absl::Time now) {
  const auto known = points.find(point);
  if (known == points.end()) return Wrong("point: was not described in Hello");
  if (seconds != known->second) {
    return Wrong("window_seconds: is ", seconds, ", Hello said ", known->second);
  }
  if (start < 0) return Wrong("window_start_unix_seconds: ", start, " is before 1970");
  if (start % seconds != 0) {
    return Wrong("window_start_unix_seconds: ", start, " is not a multiple of ", seconds);
  }
  if (absl::FromUnixSeconds(start) > now + kMaxFuture) {
    return Wrong("window_start_unix_seconds: ", start,
                 " is more than a day in the future; set the collector's clock");
  }
  return absl::OkStatus();
}

absl::Status ValidateReport(uint64_t sequence, const v1::WindowReport& report, const WindowLengths& points,
                            absl::Time now) {
  const int64_t start = report.window_start_unix_seconds();
  absl::Status status = ValidateWindow(report.point(), start, report.window_seconds(), points, now);
  if (status.ok() && report.sampling_interval() > kMaxSamplingInterval) {
    status = Wrong("sampling_interval: ", report.sampling_interval(), " is above ", kMaxSamplingInterval);
  }
  if (status.ok()) {
    status = ValidateMeasurement(report.measurement(), report.window_seconds(), report.sampling_interval());
    if (!status.ok()) status = Wrong("measurement.", status.message());
  }
  if (status.ok()) status = ValidateFlowRecords(report);
  return InReport(sequence, report.point(), start, status);
}

// A collector whose spool was damaged may know of a report only that there was one.
bool IsBlank(const v1::Tombstone& tombstone) {
  return tombstone.reason() == v1::Tombstone::REASON_DAMAGED && tombstone.point().empty() &&
         tombstone.window_start_unix_seconds() == 0 && tombstone.window_seconds() == 0 &&
         tombstone.captured_packets() == 0;
}

absl::Status ValidateTombstone(uint64_t sequence, const v1::Tombstone& tombstone, const WindowLengths& points,
                               absl::Time now) {
  if (IsBlank(tombstone)) return absl::OkStatus();
  const int64_t start = tombstone.window_start_unix_seconds();
  absl::Status status = ValidateWindow(tombstone.point(), start, tombstone.window_seconds(), points, now);
  if (status.ok() && (tombstone.reason() == v1::Tombstone::REASON_UNSPECIFIED ||
                      !v1::Tombstone::Reason_IsValid(tombstone.reason()))) {
    status = Wrong("tombstone.reason: ", tombstone.reason(), " is none that this version knows");
  }
  if (status.ok() && tombstone.captured_packets() > kMaxPackets) {
    status = Wrong("tombstone.captured_packets: ", tombstone.captured_packets(), " is above ", kMaxPackets);
  }
  return InReport(sequence, tombstone.point(), start, status);
}

}  // namespace

absl::Status ValidateHello(const v1::Hello& hello) {
  constexpr absl::string_view kNameRule =
      ": must be 1 to 63 of a-z 0-9 - _ . , beginning with a letter or digit";
  if (!IsName(hello.collector())) return Wrong("hello.collector", kNameRule);
  if (!IsName(hello.isp())) return Wrong("hello.isp", kNameRule);
  if (hello.software_version().size() > kMaxVersionBytes) {
    return Wrong("hello.software_version: is longer than ", kMaxVersionBytes, " bytes");
  }
  if (hello.first_sequence() == 0) return Wrong("hello.first_sequence: is 0, sequence numbers start at 1");
  if (hello.points_size() == 0) return Wrong("hello.points: are missing; a collector has at least one");
  if (hello.points_size() > kMaxPointsPerCollector) {
    return Wrong("hello.points: more than ", kMaxPointsPerCollector);
  }
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < hello.points_size(); ++i) {
    const v1::PointDescription& point = hello.points(i);
    const std::string where = absl::StrCat("hello.points[", i, "]");
    if (!IsName(point.point())) return Wrong(where, ".point", kNameRule);
    if (!seen.insert(point.point()).second) return Wrong(where, ".point: ", point.point(), " comes twice");
    if (!v1::Group_IsValid(point.group())) {
      return Wrong(where, ".group: ", point.group(), " is none that this version knows");
    }
    if (!IsWindowLength(point.window_seconds())) {
      return Wrong(where, ".window_seconds: ", point.window_seconds(), " does not divide 300");
    }
  }
  return absl::OkStatus();
}

absl::Status ValidateBatch(const v1::Batch& batch, const v1::Hello& hello, absl::Time now) {
  if (batch.reports().empty()) return Wrong("batch.reports: are missing");
  if (batch.reports_size() > kMaxReportsPerBatch) {
    return Wrong("batch.reports: ", batch.reports_size(), ", more than ", kMaxReportsPerBatch);
  }
  WindowLengths points;
  for (const v1::PointDescription& point : hello.points()) points[point.point()] = point.window_seconds();

  uint64_t expected = batch.reports(0).sequence();
  if (expected == 0) return Wrong("batch.reports[0].sequence: is 0, sequence numbers start at 1");
  for (const v1::SequencedReport& report : batch.reports()) {
    if (report.sequence() != expected) {
      return Wrong("report ", report.sequence(), ": sequence: comes where ", expected, " is next");
    }
    ++expected;
    absl::Status status;
    switch (report.content_case()) {
      case v1::SequencedReport::kReport:
        status = ValidateReport(report.sequence(), report.report(), points, now);
        break;
      case v1::SequencedReport::kTombstone:
        status = ValidateTombstone(report.sequence(), report.tombstone(), points, now);
        break;
      case v1::SequencedReport::CONTENT_NOT_SET:
        status = Wrong("report ", report.sequence(), ": content: is none that this version knows");
    }
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ValidateDelivery(const v1::Delivery& delivery) {
  for (const uint64_t reports : {delivery.reports_closed(), delivery.reports_acknowledged(),
                                 delivery.reports_spooled(), delivery.reports_evicted()}) {
    if (reports > kMaxPackets) {
      return Wrong("delivery: ", reports, " reports are more than ", kMaxPackets);
    }
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
