// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/report_validation.h"

#include <algorithm>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "aggregator/ingest/wrong.h"
#include "proto/contract/name.h"
#include "proto/contract/window.h"

namespace kansoku::aggregator {
namespace {

constexpr size_t kMaxVersionBytes = 64;

}  // namespace

absl::Status ValidateHello(const v1::Hello& hello) {
  constexpr absl::string_view kNameRule =
      ": must be 1 to 63 of a-z 0-9 - _ . , beginning with a letter or digit";
  if (!IsName(hello.collector())) return Wrong("hello.collector", kNameRule);
  if (!IsName(hello.isp())) return Wrong("hello.isp", kNameRule);
  if (hello.software_version().size() > kMaxVersionBytes) {
    return Wrong("hello.software_version: is longer than ", kMaxVersionBytes, " bytes");
  }
  if (!std::all_of(hello.software_version().begin(), hello.software_version().end(), absl::ascii_isgraph)) {
    return Wrong("hello.software_version: holds other than visible characters");
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
    if (!point.region().empty() && !IsName(point.region())) return Wrong(where, ".region", kNameRule);
  }
  return absl::OkStatus();
}

absl::Status ValidateBatch(const v1::Batch& batch) {
  if (batch.reports().empty()) return Wrong("batch.reports: are missing");
  if (batch.reports_size() > kMaxReportsPerBatch) {
    return Wrong("batch.reports: ", batch.reports_size(), ", more than ", kMaxReportsPerBatch);
  }
  uint64_t expected = batch.reports(0).sequence();
  if (expected == 0) return Wrong("batch.reports[0].sequence: is 0, sequence numbers start at 1");
  for (const v1::SequencedReport& report : batch.reports()) {
    if (report.sequence() != expected) {
      return Wrong("report ", report.sequence(), ": sequence: comes where ", expected, " is next");
    }
    ++expected;
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
