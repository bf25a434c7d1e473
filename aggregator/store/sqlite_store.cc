// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/sqlite_store.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aggregator/store/batch_writer.h"
#include "aggregator/store/bucket_expiry.h"
#include "aggregator/store/bucket_scan.h"
#include "aggregator/store/gap_rows.h"
#include "aggregator/store/horizon_rows.h"
#include "aggregator/store/period_change_rows.h"
#include "aggregator/store/point_rows.h"
#include "aggregator/store/quarantine_rows.h"
#include "aggregator/store/registration.h"
#include "aggregator/store/report_part_rows.h"
#include "aggregator/store/roll_up.h"
#include "aggregator/store/schema.h"
#include "aggregator/store/telescope_day_rows.h"
#include "aggregator/store/vintage_rows.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

// Points are looked up one by one for each bucket; for more of them, reading everything is quicker.
constexpr size_t kMostPointsLookedUp = 100;

absl::Status CheckPath(const std::string& path) {
  std::error_code error;
  if (path.empty()) return absl::InvalidArgumentError("the store's path is empty; set store_path");
  if (std::filesystem::is_directory(path, error)) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": is a folder; store_path must name a file in it"));
  }
  const std::filesystem::path folder = std::filesystem::absolute(path, error).parent_path();
  if (!std::filesystem::is_directory(folder, error)) {
    return absl::NotFoundError(absl::StrCat(path, ": the folder ", folder.string(),
                                            " does not exist; create it, or change store_path"));
  }
  return absl::OkStatus();
}

absl::Status NotHeld(const v1::QuarantinedReport& report) {
  const std::string what =
      absl::StrCat("report ", report.id(), " is not held: it was ", EnumLabel(report.state()));
  if (report.decided_by().empty()) return absl::FailedPreconditionError(what);
  return absl::FailedPreconditionError(absl::StrCat(
      what, " by ", report.decided_by(), " at ",
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(report.decided_unix_seconds()),
                       absl::UTCTimeZone())));
}

}  // namespace

SqliteStore::SqliteStore(const SqliteStoreOptions& options, Database writer)
    : retention_(options.retention),
      quarantine_octets_(options.quarantine_octets),
      writer_(std::move(writer)),
      readers_(options.path) {}

absl::StatusOr<std::unique_ptr<Store>> SqliteStore::Open(const SqliteStoreOptions& options) {
  if (absl::Status path = CheckPath(options.path); !path.ok()) return path;
  absl::StatusOr<Database> writer = Database::Open(options.path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (!writer.ok()) {
    return absl::Status(writer.status().code(), absl::StrCat(writer.status().message(),
                                                             "; the file and its folder must be writable"));
  }
  // SQLite opens what it may not write for reading only, and would fail at the first commit.
  if (sqlite3_db_readonly(writer->handle(), "main") == 1) {
    return absl::PermissionDeniedError(absl::StrCat(
        options.path, ": may only be read; make it writable for this user, or change store_path"));
  }
  // The page size takes effect in a new file only, and must come before WAL.
  if (absl::Status set = writer->Execute("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; "
                                         "PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; "
                                         "PRAGMA wal_autocheckpoint = 2000");
      !set.ok()) {
    return set;
  }
  if (absl::Status ready = PrepareSchema(*writer, options.path, options.on_migration); !ready.ok())
    return ready;
  return std::unique_ptr<Store>(new SqliteStore(options, *std::move(writer)));
}

absl::StatusOr<uint64_t> SqliteStore::Welcome(const v1::Hello& hello, absl::Time now) {
  std::lock_guard lock(write_mutex_);
  absl::StatusOr<Transaction> transaction = Transaction::BeginWrite(writer_);
  if (!transaction.ok()) return transaction.status();
  absl::StatusOr<uint64_t> committed_through = Register(writer_, hello, now);
  if (!committed_through.ok()) return committed_through;
  if (absl::Status done = transaction->Commit(); !done.ok()) return done;
  return committed_through;
}

absl::StatusOr<std::vector<uint64_t>> SqliteStore::Commit(std::span<const CollectorBatch> batches,
                                                          absl::Time now) {
  std::lock_guard lock(write_mutex_);
  absl::StatusOr<Transaction> transaction = Transaction::BeginWrite(writer_);
  if (!transaction.ok()) return transaction.status();
  absl::StatusOr<Horizons> horizons = ReadHorizons(writer_);
  if (!horizons.ok()) return horizons.status();
  BatchWriter batch_writer(writer_, *horizons, quarantine_octets_, now);
  std::vector<uint64_t> committed_through;
  for (const CollectorBatch& batch : batches) {
    absl::StatusOr<uint64_t> through = batch_writer.Add(batch);
    if (!through.ok()) return through.status();
    committed_through.push_back(*through);
  }
  if (absl::Status done = batch_writer.Write(); !done.ok()) return done;
  if (absl::Status done = transaction->Commit(); !done.ok()) return done;
  return committed_through;
}

absl::Status SqliteStore::RecordDelivery(const std::string& collector, uint64_t epoch,
                                         const v1::Delivery& delivery, absl::Time now) {
  const CollectorBatch account{.collector = collector, .epoch = epoch, .delivery = delivery};
  return Commit({&account, 1}, now).status();
}

absl::StatusOr<v1::QuarantinedReport> SqliteStore::Decide(const QuarantineDecision& decision,
                                                          absl::Time now) {
  std::lock_guard lock(write_mutex_);
  absl::StatusOr<Transaction> transaction = Transaction::BeginWrite(writer_);
  if (!transaction.ok()) return transaction.status();
  absl::StatusOr<v1::QuarantinedReport> held = ReadQuarantined(writer_, decision.id);
  if (!held.ok()) return held;
  if (held->state() != v1::QUARANTINE_STATE_HELD) return NotHeld(*held);
  if (decision.admit) {
    absl::StatusOr<Horizons> horizons = ReadHorizons(writer_);
    if (!horizons.ok()) return horizons.status();
    // Fields of a newer version cannot be added up.
    held->mutable_report()->DiscardUnknownFields();
    BatchWriter batch_writer(writer_, *horizons, quarantine_octets_, now);
    absl::Status done = batch_writer.AddAdmitted(held->collector(), held->report());
    if (done.ok()) done = batch_writer.Write();
    if (!done.ok()) return done;
  }
  if (absl::Status done = MarkDecided(writer_, *held, decision, now); !done.ok()) return done;
  absl::StatusOr<v1::QuarantinedReport> decided = ReadQuarantined(writer_, decision.id);
  if (!decided.ok()) return decided;
  if (absl::Status done = transaction->Commit(); !done.ok()) return done;
  return decided;
}

absl::Status SqliteStore::AddVintage(const v1::Vintage& vintage, const v1::Statistics& statistics) {
  const PackedVintage packed = Pack(vintage, statistics);
  std::lock_guard lock(write_mutex_);
  absl::StatusOr<Transaction> transaction = Transaction::BeginWrite(writer_);
  if (!transaction.ok()) return transaction.status();
  if (absl::Status done = WriteVintage(writer_, vintage, packed); !done.ok()) return done;
  return transaction->Commit();
}

absl::Status SqliteStore::AddTelescopeDay(const v1::TelescopeDay& day) {
  const std::string packed = Pack(day);
  std::lock_guard lock(write_mutex_);
  absl::StatusOr<Transaction> transaction = Transaction::BeginWrite(writer_);
  if (!transaction.ok()) return transaction.status();
  if (absl::Status done = WriteTelescopeDay(writer_, day, packed); !done.ok()) return done;
  return transaction->Commit();
}

absl::StatusOr<std::vector<ChangedDay>> SqliteStore::ChangedDays() const {
  absl::StatusOr<ReaderPool::Reader> reader = readers_.Borrow();
  if (!reader.ok()) return reader.status();
  const absl::StatusOr<Horizons> horizons = ReadHorizons(**reader);
  if (!horizons.ok()) return horizons.status();
  return ReadChangedDays(**reader, (*horizons)[static_cast<size_t>(Tier::kHour)]);
}

absl::Status SqliteStore::Probe() {
  std::lock_guard lock(write_mutex_);
  absl::StatusOr<Transaction> transaction = Transaction::BeginWrite(writer_);
  if (!transaction.ok()) return transaction.status();
  absl::Status done =
      writer_.Execute("INSERT OR REPLACE INTO probe (id, filler) VALUES (1, randomblob(65536))");
  return done.ok() ? transaction->Commit() : done;
}

absl::Status SqliteStore::Expire(absl::Time now) {
  std::lock_guard lock(write_mutex_);
  absl::StatusOr<Transaction> transaction = Transaction::BeginWrite(writer_);
  if (!transaction.ok()) return transaction.status();
  absl::StatusOr<Horizons> horizons = ReadHorizons(writer_);
  if (!horizons.ok()) return horizons.status();
  const Horizons moved = MoveHorizons(*horizons, retention_, now);
  // What waits in a tier must not be forgotten with it.
  absl::Status done = RollUpBefore(writer_, moved, *std::max_element(moved.begin(), moved.end()));
  if (done.ok() && moved != *horizons) done = WriteHorizons(writer_, moved);
  if (done.ok()) done = EraseBuckets(writer_, moved);
  const int64_t windows_from = moved[static_cast<size_t>(Tier::kWindow)];
  if (done.ok()) done = EraseReportParts(writer_, ReportPart::kFlowRecords, windows_from);
  const absl::StatusOr<int64_t> unjudged = ReadFirstUnkeptDay(writer_, windows_from);
  if (!unjudged.ok()) return unjudged.status();
  if (done.ok()) {
    done = EraseReportParts(writer_, ReportPart::kDarknetSources,
                            SourcesKeptFrom(moved, retention_, *unjudged, now));
  }
  if (done.ok()) done = EraseGaps(writer_, moved[static_cast<size_t>(Tier::kHour)]);
  return done.ok() ? transaction->Commit() : done;
}

absl::StatusOr<std::vector<TierSpan>> SqliteStore::Plan(int64_t start_unix_seconds, int64_t end_unix_seconds,
                                                        uint32_t step_seconds,
                                                        uint32_t window_seconds) const {
  absl::StatusOr<ReaderPool::Reader> reader = readers_.Borrow();
  if (!reader.ok()) return reader.status();
  absl::StatusOr<Horizons> horizons = ReadHorizons(**reader);
  if (!horizons.ok()) return horizons.status();
  return PlanSpans(*horizons, window_seconds, start_unix_seconds, end_unix_seconds, step_seconds);
}

absl::Status SqliteStore::Scan(Tier tier, int64_t start_unix_seconds, int64_t end_unix_seconds,
                               std::span<const std::string> points,
                               absl::FunctionRef<void(const Bucket&)> visit) const {
  absl::StatusOr<ReaderPool::Reader> reader = readers_.Borrow();
  if (!reader.ok()) return reader.status();
  absl::StatusOr<Transaction> snapshot = Transaction::BeginRead(**reader);
  if (!snapshot.ok()) return snapshot.status();
  if (tier == Tier::kEver) {
    start_unix_seconds = 0;
    end_unix_seconds = 1;
  }
  if (points.empty()) return ScanAll(**reader, tier, start_unix_seconds, end_unix_seconds, visit);
  if (points.size() <= kMostPointsLookedUp) {
    return ScanPoints(**reader, tier, start_unix_seconds, end_unix_seconds, points, visit);
  }
  const std::set<std::string, std::less<>> wanted(points.begin(), points.end());
  return ScanAll(**reader, tier, start_unix_seconds, end_unix_seconds, [&](const Bucket& bucket) {
    if (wanted.contains(bucket.point)) visit(bucket);
  });
}

absl::Status SqliteStore::ScanFlowRecords(
    int64_t start_unix_seconds, int64_t end_unix_seconds, std::span<const std::string> points,
    FlowRecordPlace first, absl::FunctionRef<bool(FlowRecordPlace, const v1::WindowReport&)> visit) const {
  absl::StatusOr<ReaderPool::Reader> reader = readers_.Borrow();
  if (!reader.ok()) return reader.status();
  return ScanReportParts(**reader, ReportPart::kFlowRecords, start_unix_seconds, end_unix_seconds, points,
                         first, visit);
}

absl::Status SqliteStore::ScanDarknetSources(int64_t start_unix_seconds, int64_t end_unix_seconds,
                                             std::span<const std::string> points,
                                             absl::FunctionRef<void(const v1::WindowReport&)> visit) const {
  absl::StatusOr<ReaderPool::Reader> reader = readers_.Borrow();
  if (!reader.ok()) return reader.status();
  return ScanReportParts(**reader, ReportPart::kDarknetSources, start_unix_seconds, end_unix_seconds, points,
                         {}, [&](FlowRecordPlace, const v1::WindowReport& report) {
                           visit(report);
                           return true;
                         });
}

absl::Status SqliteStore::ScanGaps(int64_t start_unix_seconds, int64_t end_unix_seconds,
                                   absl::FunctionRef<void(const Gap&)> visit) const {
  absl::StatusOr<ReaderPool::Reader> reader = readers_.Borrow();
  if (!reader.ok()) return reader.status();
  return aggregator::ScanGaps(**reader, start_unix_seconds, end_unix_seconds, visit);
}

absl::StatusOr<std::vector<v1::QuarantinedReport>> SqliteStore::Quarantine(
    const QuarantineFilter& filter) const {
  absl::StatusOr<ReaderPool::Reader> reader = readers_.Borrow();
  if (!reader.ok()) return reader.status();
  return ReadQuarantine(**reader, filter);
}

absl::StatusOr<v1::QuarantinedReport> SqliteStore::FindQuarantined(uint64_t id) const {
  absl::StatusOr<ReaderPool::Reader> reader = readers_.Borrow();
  if (!reader.ok()) return reader.status();
  return ReadQuarantined(**reader, id);
}

absl::StatusOr<std::vector<PointRecord>> SqliteStore::Points() const {
  absl::StatusOr<ReaderPool::Reader> reader = readers_.Borrow();
  if (!reader.ok()) return reader.status();
  return ReadPoints(**reader);
}

absl::StatusOr<std::vector<PointTotals>> SqliteStore::ReadTotals(bool with_hours) const {
  absl::StatusOr<ReaderPool::Reader> reader = readers_.Borrow();
  if (!reader.ok()) return reader.status();
  absl::StatusOr<Transaction> snapshot = Transaction::BeginRead(**reader);
  if (!snapshot.ok()) return snapshot.status();
  absl::StatusOr<std::vector<PointTotals>> totals = ReadEverTotals(**reader);
  if (!totals.ok() || !with_hours) return totals;
  absl::StatusOr<Horizons> horizons = ReadHorizons(**reader);
  if (!horizons.ok()) return horizons.status();
  if ((*horizons)[static_cast<size_t>(Tier::kHour)] != 0) return totals;
  if (absl::Status added = AddHourPackets(**reader, *totals); !added.ok()) return added;
  return totals;
}

absl::StatusOr<std::vector<v1::Vintage>> SqliteStore::Vintages(const VintageFilter& filter) const {
  absl::StatusOr<ReaderPool::Reader> reader = readers_.Borrow();
  if (!reader.ok()) return reader.status();
  return ReadVintages(**reader, filter);
}

absl::StatusOr<v1::Vintage> SqliteStore::FindVintage(v1::Series series, const std::string& month,
                                                     uint32_t number) const {
  absl::StatusOr<ReaderPool::Reader> reader = readers_.Borrow();
  if (!reader.ok()) return reader.status();
  return ReadVintage(**reader, series, month, number);
}

absl::StatusOr<v1::Statistics> SqliteStore::FindRegister(const std::string& digest) const {
  absl::StatusOr<ReaderPool::Reader> reader = readers_.Borrow();
  if (!reader.ok()) return reader.status();
  return ReadStoredRegister(**reader, digest);
}

absl::StatusOr<uint64_t> SqliteStore::MonthChanges(const std::string& month) const {
  absl::StatusOr<ReaderPool::Reader> reader = readers_.Borrow();
  if (!reader.ok()) return reader.status();
  return ReadMonthChanges(**reader, month);
}

absl::Status SqliteStore::ScanTelescopeDays(const std::string& isp, const std::string& first_day,
                                            const std::string& last_day,
                                            absl::FunctionRef<void(const v1::TelescopeDay&)> visit) const {
  absl::StatusOr<ReaderPool::Reader> reader = readers_.Borrow();
  if (!reader.ok()) return reader.status();
  return aggregator::ScanTelescopeDays(**reader, isp, first_day, last_day, visit);
}

absl::StatusOr<KeptDay> SqliteStore::LastTelescopeDay(const std::string& isp, const std::string& first_day,
                                                      const std::string& last_day) const {
  absl::StatusOr<ReaderPool::Reader> reader = readers_.Borrow();
  if (!reader.ok()) return reader.status();
  return ReadLastTelescopeDay(**reader, isp, first_day, last_day);
}

absl::StatusOr<std::vector<KeptDay>> SqliteStore::KeptTelescopeDays(const std::string& isp,
                                                                    const std::string& first_day,
                                                                    const std::string& last_day) const {
  absl::StatusOr<ReaderPool::Reader> reader = readers_.Borrow();
  if (!reader.ok()) return reader.status();
  return ReadKeptTelescopeDays(**reader, isp, first_day, last_day);
}

absl::StatusOr<uint64_t> SqliteStore::DayChanges(const std::string& day) const {
  absl::StatusOr<ReaderPool::Reader> reader = readers_.Borrow();
  if (!reader.ok()) return reader.status();
  return ReadDayChanges(**reader, day);
}

absl::StatusOr<std::vector<CollectorRecord>> SqliteStore::Collectors() const {
  absl::StatusOr<ReaderPool::Reader> reader = readers_.Borrow();
  if (!reader.ok()) return reader.status();
  Statement read = (*reader)->Prepare(
      "SELECT name, isp, software_version, collector.epoch, committed_through, duplicate_reports, "
      "missing_reports, "
      "delivery, last_heard_unix_ns FROM collector JOIN epoch ON epoch.collector = collector.name AND "
      "epoch.epoch = "
      "collector.epoch ORDER BY name");
  std::vector<CollectorRecord> collectors;
  while (true) {
    absl::StatusOr<bool> row = read.Step();
    if (!row.ok()) return row.status();
    if (!*row) return collectors;
    CollectorRecord& collector = collectors.emplace_back();
    collector.collector = read.Bytes(0);
    collector.isp = read.Bytes(1);
    collector.software_version = read.Bytes(2);
    collector.epoch = read.Unsigned(3);
    collector.committed_through = read.Unsigned(4);
    collector.duplicate_reports = read.Unsigned(5);
    collector.missing_reports = read.Unsigned(6);
    if (!collector.delivery.ParseFromString(std::string(read.Bytes(7)))) {
      return absl::DataLossError(absl::StrCat("the store's account of collector ", collector.collector,
                                              " cannot be read; restore the store from a copy"));
    }
    collector.last_heard = absl::FromUnixNanos(read.Int(8));
    auto quarantined = ReadQuarantineCounts(**reader, collector.collector);
    if (!quarantined.ok()) return quarantined.status();
    collector.quarantined = *std::move(quarantined);
  }
}

}  // namespace kansoku::aggregator
