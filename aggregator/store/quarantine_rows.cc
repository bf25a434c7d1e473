// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/quarantine_rows.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "proto/contract/name.h"

namespace kansoku::aggregator {
namespace {

constexpr size_t kMostTextOctets = 400;

// What ToMessage reads, in its order.
constexpr char kColumns[] =
    "id, collector, epoch, sequence, point, start, window_seconds, reason, text, received_unix_ns, state, "
    "length(report), decided_by, decided_unix_ns";
constexpr int kColumnCount = 14;

v1::QuarantinedReport ToMessage(const Statement& row) {
  v1::QuarantinedReport report;
  report.set_id(row.Unsigned(0));
  report.set_collector(std::string(row.Bytes(1)));
  report.set_epoch(row.Unsigned(2));
  report.set_sequence(row.Unsigned(3));
  report.set_point(std::string(row.Bytes(4)));
  report.set_window_start_unix_seconds(row.Int(5));
  report.set_window_seconds(static_cast<uint32_t>(row.Int(6)));
  report.set_reason(static_cast<v1::QuarantineReason>(row.Int(7)));
  report.set_text(std::string(row.Bytes(8)));
  report.set_received_unix_seconds(absl::ToUnixSeconds(absl::FromUnixNanos(row.Int(9))));
  report.set_state(static_cast<v1::QuarantineState>(row.Int(10)));
  report.set_octets(row.Unsigned(11));
  report.set_decided_by(std::string(row.Bytes(12)));
  report.set_decided_unix_seconds(absl::ToUnixSeconds(absl::FromUnixNanos(row.Int(13))));
  return report;
}

struct Window {
  std::string point;
  int64_t start;
  uint32_t seconds;
};

Window WindowOf(const v1::SequencedReport& report) {
  const auto of = [](const auto& content) {
    return Window{IsName(content.point()) ? content.point() : "", content.window_start_unix_seconds(),
                  content.window_seconds()};
  };
  return report.has_tombstone() ? of(report.tombstone()) : of(report.report());
}

// Without what it tells of single sources: that is forgotten after a day, and a decision may take longer.
std::string ContentOf(const v1::SequencedReport& report) {
  if (report.report().darknet_sources().empty()) return report.SerializeAsString();
  v1::SequencedReport kept = report;
  kept.mutable_report()->clear_darknet_sources();
  return kept.SerializeAsString();
}

absl::Status AddOctets(Database& database, const std::string& collector, int64_t octets) {
  return database.Prepare("UPDATE collector SET quarantine_octets = quarantine_octets + ? WHERE name = ?")
      .Bind(octets, collector)
      .Run();
}

// `column` is one of quarantine_count.
absl::Status Count(Database& database, std::string_view column, const std::string& collector,
                   int64_t reason) {
  return database
      .Prepare(absl::StrCat("INSERT INTO quarantine_count (collector, reason, ", std::string(column),
                            ") VALUES (?, ?, 1) ON CONFLICT (collector, reason) DO UPDATE SET ",
                            std::string(column), " = ", std::string(column), " + 1"))
      .Bind(collector, reason)
      .Run();
}

}  // namespace

absl::Status WriteQuarantined(Database& database, const RefusedReport& refused, absl::Time now) {
  const Window window = WindowOf(*refused.report);
  const std::string content = ContentOf(*refused.report);
  const std::string text = refused.refusal->text.substr(0, kMostTextOctets);
  Statement write = database.Prepare(
      "INSERT INTO quarantine (collector, epoch, sequence, point, start, window_seconds, reason, text, "
      "received_unix_ns, report, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  write.Bind(refused.collector, refused.epoch, refused.refusal->sequence, window.point, window.start,
             window.seconds, static_cast<int>(refused.refusal->reason), text, absl::ToUnixNanos(now),
             Blob{content}, static_cast<int>(v1::QUARANTINE_STATE_HELD));
  absl::Status done = write.Run();
  if (done.ok()) done = Count(database, "reports", refused.collector, refused.refusal->reason);
  if (!done.ok()) return done;
  return AddOctets(database, refused.collector, static_cast<int64_t>(content.size()) + kQuarantineRowOctets);
}

absl::Status BoundQuarantine(Database& database, const std::string& collector, uint64_t most_octets) {
  Statement read = database.Prepare("SELECT quarantine_octets FROM collector WHERE name = ?");
  absl::StatusOr<bool> known = read.Bind(collector).Step();
  if (!known.ok()) return known.status();
  const int64_t before = *known ? read.Int(0) : 0;
  int64_t octets = before;

  Statement oldest = database.Prepare(
      "SELECT id, length(report), reason FROM quarantine WHERE collector = ? AND state = ? ORDER BY id LIMIT "
      "1");
  Statement drop = database.Prepare("UPDATE quarantine SET report = x'', state = ? WHERE id = ?");
  Statement least =
      database.Prepare("SELECT id FROM quarantine WHERE collector = ? ORDER BY state DESC, id LIMIT 1");
  Statement forget = database.Prepare("DELETE FROM quarantine WHERE id = ?");
  while (octets > static_cast<int64_t>(most_octets)) {
    absl::StatusOr<bool> found = oldest.Bind(collector, static_cast<int>(v1::QUARANTINE_STATE_HELD)).Step();
    if (!found.ok()) return found.status();
    absl::Status done;
    if (*found) {
      octets -= oldest.Int(1);
      done = drop.Bind(static_cast<int>(v1::QUARANTINE_STATE_DROPPED), oldest.Int(0)).Run();
      if (done.ok()) done = Count(database, "dropped", collector, oldest.Int(2));
    } else {
      found = least.Bind(collector).Step();
      if (!found.ok()) return found.status();
      if (!*found) break;
      octets -= kQuarantineRowOctets;
      done = forget.Bind(least.Int(0)).Run();
    }
    if (!done.ok()) return done;
  }
  return octets == before ? absl::OkStatus() : AddOctets(database, collector, octets - before);
}

absl::Status MarkDecided(Database& database, const v1::QuarantinedReport& held,
                         const QuarantineDecision& decision, absl::Time now) {
  const v1::QuarantineState state =
      decision.admit ? v1::QUARANTINE_STATE_ADMITTED : v1::QUARANTINE_STATE_DISCARDED;
  absl::Status done =
      database
          .Prepare(
              "UPDATE quarantine SET state = ?, decided_by = ?, decided_unix_ns = ?, report = x'' WHERE "
              "id = ?")
          .Bind(static_cast<int>(state), decision.by, absl::ToUnixNanos(now), held.id())
          .Run();
  if (done.ok()) {
    done = Count(database, decision.admit ? "admitted" : "discarded", held.collector(), held.reason());
  }
  if (!done.ok()) return done;
  return AddOctets(database, held.collector(), -static_cast<int64_t>(held.octets()));
}

absl::StatusOr<std::vector<v1::QuarantinedReport>> ReadQuarantine(Database& database,
                                                                  const QuarantineFilter& filter) {
  Statement read = database.Prepare(
      absl::StrCat("SELECT ", kColumns,
                   " FROM quarantine WHERE id > ?1 AND (?2 = '' OR collector = ?2) AND (?3 OR state = ?4) "
                   "ORDER BY id LIMIT ?5"));
  read.Bind(filter.after_id, filter.collector, static_cast<int>(filter.every_state),
            static_cast<int>(v1::QUARANTINE_STATE_HELD), filter.most);
  std::vector<v1::QuarantinedReport> reports;
  while (true) {
    absl::StatusOr<bool> row = read.Step();
    if (!row.ok()) return row.status();
    if (!*row) return reports;
    reports.push_back(ToMessage(read));
  }
}

absl::StatusOr<v1::QuarantinedReport> ReadQuarantined(Database& database, uint64_t id) {
  Statement read =
      database.Prepare(absl::StrCat("SELECT ", kColumns, ", report FROM quarantine WHERE id = ?"));
  absl::StatusOr<bool> found = read.Bind(id).Step();
  if (!found.ok()) return found.status();
  if (!*found) {
    return absl::NotFoundError(
        absl::StrCat("quarantine: no report has the id ", id, "; ListQuarantine names those there are"));
  }
  v1::QuarantinedReport report = ToMessage(read);
  if (report.state() != v1::QUARANTINE_STATE_HELD) return report;
  const std::string_view content = read.Bytes(kColumnCount);
  if (!report.mutable_report()->ParseFromArray(content.data(), static_cast<int>(content.size()))) {
    return absl::DataLossError(absl::StrCat("the store's quarantined report ", id,
                                            " cannot be read; restore the store from a copy"));
  }
  return report;
}

absl::StatusOr<std::vector<v1::QuarantineCount>> ReadQuarantineCounts(Database& database,
                                                                      const std::string& collector) {
  Statement read = database.Prepare(
      "SELECT reason, reports, admitted, discarded, dropped FROM quarantine_count WHERE collector = ? ORDER "
      "BY "
      "reason");
  read.Bind(collector);
  std::vector<v1::QuarantineCount> counts;
  while (true) {
    absl::StatusOr<bool> row = read.Step();
    if (!row.ok()) return row.status();
    if (!*row) return counts;
    v1::QuarantineCount& count = counts.emplace_back();
    count.set_reason(static_cast<v1::QuarantineReason>(read.Int(0)));
    count.set_reports(read.Unsigned(1));
    count.set_admitted(read.Unsigned(2));
    count.set_discarded(read.Unsigned(3));
    count.set_dropped(read.Unsigned(4));
    count.set_held(count.reports() - count.admitted() - count.discarded() - count.dropped());
  }
}

}  // namespace kansoku::aggregator
