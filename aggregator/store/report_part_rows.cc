// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/report_part_rows.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {
namespace {

constexpr int64_t kMaxErasedOctets = 64 << 20;

absl::string_view TableOf(ReportPart part) {
  return part == ReportPart::kFlowRecords ? "flow_records" : "darknet_sources";
}

}  // namespace

absl::Status WriteReportPart(Database& database, ReportPart part, int64_t point,
                             const v1::WindowReport& report) {
  v1::WindowReport kept;
  kept.set_point(report.point());
  kept.set_window_start_unix_seconds(report.window_start_unix_seconds());
  kept.set_window_seconds(report.window_seconds());
  kept.set_sampling_interval(report.sampling_interval());
  if (part == ReportPart::kFlowRecords) *kept.mutable_flow_records() = report.flow_records();
  if (part == ReportPart::kDarknetSources) *kept.mutable_darknet_sources() = report.darknet_sources();
  const std::string bytes = kept.SerializeAsString();
  Statement write = database.Prepare(
      absl::StrCat("INSERT INTO ", TableOf(part), " (start, point, report) VALUES (?, ?, ?)"));
  return write.Bind(kept.window_start_unix_seconds(), point, Blob{bytes}).Run();
}

absl::Status EraseReportParts(Database& database, ReportPart part, int64_t before_unix_seconds) {
  Statement find = database.Prepare(absl::StrCat("SELECT id, length(report) FROM ", TableOf(part),
                                                 " WHERE start < ? ORDER BY start, id LIMIT 1"));
  Statement erase = database.Prepare(absl::StrCat("DELETE FROM ", TableOf(part), " WHERE id = ?"));
  for (int64_t erased = 0; erased < kMaxErasedOctets;) {
    absl::StatusOr<bool> found = find.Bind(before_unix_seconds).Step();
    if (!found.ok()) return found.status();
    if (!*found) break;
    erased += find.Int(1);
    if (absl::Status done = erase.Bind(find.Int(0)).Run(); !done.ok()) return done;
  }
  return absl::OkStatus();
}

absl::Status ScanReportParts(Database& database, ReportPart part, int64_t start_unix_seconds,
                             int64_t end_unix_seconds, std::span<const std::string> points,
                             FlowRecordPlace first,
                             absl::FunctionRef<bool(FlowRecordPlace, const v1::WindowReport&)> visit) {
  const std::set<std::string, std::less<>> wanted(points.begin(), points.end());
  Statement read = database.Prepare(absl::StrCat(
      "SELECT start, part.id, name, report FROM ", TableOf(part),
      " AS part CROSS JOIN point ON point.id = part.point WHERE start >= ? AND start < ? AND (start, "
      "part.id) >= (?, ?) ORDER BY start, part.id"));
  read.Bind(std::max(start_unix_seconds, first.start_unix_seconds), end_unix_seconds,
            first.start_unix_seconds, first.row);
  v1::WindowReport report;
  while (true) {
    absl::StatusOr<bool> row = read.Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
    if (!wanted.empty() && !wanted.contains(read.Bytes(2))) continue;
    const FlowRecordPlace place{read.Int(0), read.Int(1)};
    const std::string_view bytes = read.Bytes(3);
    if (!report.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      return absl::DataLossError(absl::StrCat("the store's ", TableOf(part), " of point ",
                                              std::string(read.Bytes(2)), " at ", place.start_unix_seconds,
                                              " cannot be read; restore the store from a copy"));
    }
    if (!visit(place, report)) return absl::OkStatus();
  }
}

}  // namespace kansoku::aggregator
