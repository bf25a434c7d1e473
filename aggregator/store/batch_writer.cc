// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/batch_writer.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "aggregator/store/gap_rows.h"
#include "aggregator/store/report_part_rows.h"
#include "aggregator/store/roll_up.h"
#include "proto/contract/identity.h"
#include "proto/contract/measurement.h"

namespace kansoku::aggregator {

BatchWriter::BatchWriter(Database& database, const Horizons& horizons, uint64_t quarantine_octets,
                         absl::Time now)
    : database_(database),
      horizons_(horizons),
      quarantine_octets_(quarantine_octets),
      now_(now),
      evicted_window_(EvictedWindow()),
      find_epoch_(database.Prepare("SELECT committed_through FROM epoch WHERE collector = ? AND epoch = ?")),
      find_point_(
          database.Prepare("SELECT id, collector, window_seconds, first_window_start, last_window_start, "
                           "windows, acknowledged_packets, unrolled_from, unrolled_to FROM point WHERE name "
                           "= ?")),
      tiers_(database, horizons),
      periods_(database) {}

absl::StatusOr<uint64_t> BatchWriter::Add(const CollectorBatch& batch) {
  absl::StatusOr<Epoch*> epoch = FindEpoch(batch.collector, batch.epoch);
  if (!epoch.ok()) return epoch.status();
  auto refusal = batch.refusals.begin();
  for (const v1::SequencedReport& report : batch.reports) {
    uint64_t& through = (*epoch)->committed_through;
    if (report.sequence() <= through) {
      ++(*epoch)->duplicate_reports;
      continue;
    }
    if (report.sequence() != through + 1) {
      return absl::FailedPreconditionError(
          absl::StrCat("collector ", batch.collector, ": report ", report.sequence(), " arrived where ",
                       through + 1, " is next; open a new stream and continue from its welcome"));
    }
    while (refusal != batch.refusals.end() && refusal->sequence < report.sequence()) ++refusal;
    if (refusal != batch.refusals.end() && refusal->sequence == report.sequence()) {
      refused_.push_back({batch.collector, batch.epoch, &report, &*refusal});
      const int64_t start = report.has_tombstone() ? report.tombstone().window_start_unix_seconds()
                                                   : report.report().window_start_unix_seconds();
      if (start >= horizons_[static_cast<size_t>(Tier::kHour)]) periods_.AddGap(start);
    } else if (report.has_tombstone() && report.tombstone().point().empty()) {
      ++(*epoch)->missing_reports;  // lost with its window's name: no point's gap can be told
    } else if (absl::Status added = AddReport(batch.collector, report); !added.ok()) {
      return added;
    }
    ++through;
  }
  if (batch.delivery.has_value()) (*epoch)->delivery = &*batch.delivery;
  return (*epoch)->committed_through;
}

absl::Status BatchWriter::AddAdmitted(const std::string& collector, const v1::SequencedReport& report) {
  return AddReport(collector, report);
}

absl::StatusOr<BatchWriter::Epoch*> BatchWriter::FindEpoch(const std::string& collector, uint64_t epoch) {
  const auto [entry, is_new] = epochs_.try_emplace({collector, epoch});
  if (is_new) {
    absl::StatusOr<bool> found = find_epoch_.Bind(collector, epoch).Step();
    if (!found.ok()) return found.status();
    if (!*found) {
      return absl::FailedPreconditionError(
          absl::StrCat("collector ", collector, ", epoch ", epoch,
                       ": was never welcomed; open a stream with Hello first"));
    }
    entry->second.committed_through = find_epoch_.Unsigned(0);
  }
  return &entry->second;
}

absl::StatusOr<BatchWriter::Point*> BatchWriter::FindPoint(const std::string& name) {
  const auto [entry, is_new] = points_.try_emplace(name);
  Point& point = entry->second;
  if (is_new) {
    absl::StatusOr<bool> found = find_point_.Bind(name).Step();
    if (!found.ok()) return found.status();
    if (!*found) {
      return absl::FailedPreconditionError(
          absl::StrCat("point ", name, ": was never welcomed; describe it in Hello first"));
    }
    point.collector = std::string(find_point_.Bytes(1));
    point.first_window_start = find_point_.Int(3);
    point.last_window_start = find_point_.Int(4);
    point.windows = find_point_.Unsigned(5);
    point.acknowledged_packets = find_point_.Unsigned(6);
    point.unrolled_from = find_point_.Int(7);
    point.unrolled_to = find_point_.Int(8);
    point.stored = {.id = find_point_.Int(0),
                    .name = name,
                    .window_seconds = static_cast<uint32_t>(find_point_.Int(2)),
                    .unrolled_from = point.unrolled_from,
                    .unrolled_to = point.unrolled_to};
  }
  return &point;
}

absl::Status BatchWriter::AddReport(const std::string& collector, const v1::SequencedReport& report) {
  const bool evicted = report.has_tombstone();
  const std::string& name = evicted ? report.tombstone().point() : report.report().point();
  const uint32_t window_seconds =
      evicted ? report.tombstone().window_seconds() : report.report().window_seconds();
  absl::StatusOr<Point*> found = FindPoint(name);
  if (!found.ok()) return found.status();
  Point& point = **found;
  if (point.collector != collector || point.stored.window_seconds != window_seconds) {
    return absl::FailedPreconditionError(absl::StrCat(
        "report ", report.sequence(), " of collector ", collector, ": point ", name, " was registered by ",
        point.collector, " with windows of ", point.stored.window_seconds, " s"));
  }
  if (evicted) {
    const int64_t missing_start = report.tombstone().window_start_unix_seconds();
    AddWindow(point, missing_start, evicted_window_);
    if (missing_start >= horizons_[static_cast<size_t>(Tier::kHour)]) {
      gaps_.emplace_back(point.stored.id, &report.tombstone());
    }
    return absl::OkStatus();
  }
  const v1::Measurement& measurement = report.report().measurement();
  const int64_t start = report.report().window_start_unix_seconds();
  AddWindow(point, start, measurement);
  if (report.report().flow_records_size() > 0 && start >= horizons_[static_cast<size_t>(Tier::kWindow)]) {
    flow_records_.emplace_back(point.stored.id, &report.report());
  }
  if (report.report().darknet_sources_size() > 0 && start >= horizons_[static_cast<size_t>(Tier::kWindow)]) {
    darknet_sources_.emplace_back(point.stored.id, &report.report());
  }
  point.first_window_start = point.windows == 0 ? start : std::min(point.first_window_start, start);
  point.last_window_start = point.windows == 0 ? start : std::max(point.last_window_start, start);
  ++point.windows;
  // The right side of identity 4: straight from the report, past the rollups that it is there to check.
  point.acknowledged_packets += Totals(measurement).stored_packets();
  return absl::OkStatus();
}

void BatchWriter::AddWindow(Point& point, int64_t start, const v1::Measurement& measurement) {
  tiers_.AddWindow(point.stored.id, start, measurement);
  if (start >= horizons_[static_cast<size_t>(Tier::kHour)]) periods_.AddWindow(start, measurement);
  // What the finest tier does not keep cannot wait in it, and below unrolled_from nothing waits any more.
  if (start < horizons_[static_cast<size_t>(Tier::kWindow)] || start < point.unrolled_from) {
    tiers_.AddAbove(point.stored.id, start, measurement);
    return;
  }
  if (point.unrolled_from == point.unrolled_to) point.unrolled_from = start;
  point.unrolled_to = std::max(point.unrolled_to, start + point.stored.window_seconds);
  point.fresh.emplace_back(start, &measurement);
}

absl::Status BatchWriter::RollUpPoints() {
  BucketReader reader(database_);
  for (auto& [name, point] : points_) {
    if (point.fresh.empty()) continue;
    const int64_t through = RollUpThrough(point.stored.id, point.stored.window_seconds, point.unrolled_to);
    if (through <= point.unrolled_from) continue;
    if (absl::Status done = RollUp(reader, point.stored, through, tiers_); !done.ok()) return done;
    for (const auto& [start, measurement] : point.fresh) {
      if (start < through) tiers_.AddAbove(point.stored.id, start, *measurement);
    }
    point.unrolled_from = through;
  }
  return absl::OkStatus();
}

absl::Status BatchWriter::Write() {
  // Before the fresh windows are written: stored and fresh ones are rolled up apart.
  if (absl::Status done = RollUpPoints(); !done.ok()) return done;
  if (absl::Status done = tiers_.Write(); !done.ok()) return done;
  if (absl::Status done = periods_.Write(); !done.ok()) return done;
  if (absl::Status done = WriteParts(); !done.ok()) return done;
  if (absl::Status done = WriteGaps(); !done.ok()) return done;
  if (absl::Status done = WriteQuarantine(); !done.ok()) return done;
  if (absl::Status done = WritePoints(); !done.ok()) return done;
  return WriteEpochs();
}

absl::Status BatchWriter::WriteParts() {
  for (const auto& [point, report] : flow_records_) {
    absl::Status done = WriteReportPart(database_, ReportPart::kFlowRecords, point, *report);
    if (!done.ok()) return done;
  }
  for (const auto& [point, report] : darknet_sources_) {
    absl::Status done = WriteReportPart(database_, ReportPart::kDarknetSources, point, *report);
    if (!done.ok()) return done;
  }
  return absl::OkStatus();
}

absl::Status BatchWriter::WriteGaps() {
  for (const auto& [point, tombstone] : gaps_) {
    if (absl::Status done = WriteGap(database_, point, *tombstone); !done.ok()) return done;
  }
  return absl::OkStatus();
}

absl::Status BatchWriter::WriteQuarantine() {
  std::set<std::string> collectors;
  for (const RefusedReport& refused : refused_) {
    if (absl::Status done = WriteQuarantined(database_, refused, now_); !done.ok()) return done;
    collectors.insert(refused.collector);
  }
  for (const std::string& collector : collectors) {
    if (absl::Status done = BoundQuarantine(database_, collector, quarantine_octets_); !done.ok())
      return done;
  }
  return absl::OkStatus();
}

absl::Status BatchWriter::WritePoints() {
  Statement write = database_.Prepare(
      "UPDATE point SET first_window_start = ?, last_window_start = ?, windows = ?, acknowledged_packets = "
      "?, "
      "unrolled_from = ?, unrolled_to = ? WHERE id = ?");
  for (const auto& [name, point] : points_) {
    write.Bind(point.first_window_start, point.last_window_start, point.windows, point.acknowledged_packets,
               point.unrolled_from, point.unrolled_to, point.stored.id);
    if (absl::Status done = write.Run(); !done.ok()) return done;
  }
  return absl::OkStatus();
}

absl::Status BatchWriter::WriteEpochs() {
  Statement advance =
      database_.Prepare("UPDATE epoch SET committed_through = ? WHERE collector = ? AND epoch = ?");
  Statement deliver = database_.Prepare("UPDATE epoch SET delivery = ? WHERE collector = ? AND epoch = ?");
  Statement hear = database_.Prepare(
      "UPDATE collector SET duplicate_reports = duplicate_reports + ?, missing_reports = missing_reports + "
      "?, last_heard_unix_ns = ? WHERE name = "
      "?");
  std::string bytes;
  for (const auto& [key, epoch] : epochs_) {
    const auto& [collector, number] = key;
    absl::Status done = advance.Bind(epoch.committed_through, collector, number).Run();
    if (done.ok() && epoch.delivery != nullptr) {
      epoch.delivery->SerializeToString(&bytes);
      done = deliver.Bind(Blob{bytes}, collector, number).Run();
    }
    if (done.ok())
      done =
          hear.Bind(epoch.duplicate_reports, epoch.missing_reports, absl::ToUnixNanos(now_), collector).Run();
    if (!done.ok()) return done;
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
