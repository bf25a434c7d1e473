// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "aggregator/store/report_list.h"
#include "kansoku/v1/ingest.pb.h"
#include "kansoku/v1/quarantine.pb.h"
#include "kansoku/v1/query.pb.h"
#include "kansoku/v1/report.pb.h"
#include "kansoku/v1/statistics.pb.h"
#include "kansoku/v1/telescope_day.pb.h"
#include "kansoku/v1/vintage.pb.h"

namespace kansoku::aggregator {

// Resolutions at which measurements are kept. Every tier says of any moment what was committed until then, so
// tiers never disagree and a late window changes the right rollup.
enum class Tier {
  kWindow = 0,  // as reported
  kFiveMinutes = 1,
  kHour = 2,
  kEver = 3,  // one bucket for all time: what cumulative counters are served from. Of a sensor it has one
              // tally, of no key and rules, without sketches
};

// One bucket of one point.
struct Bucket {
  std::string_view point;
  int64_t start_unix_seconds = 0;
  uint32_t seconds = 0;  // window length for kWindow, 300, 3600; 0 for kEver
  const v1::Measurement& measurement;
};

// A report that goes to quarantine instead of being counted.
struct Refusal {
  uint64_t sequence = 0;
  v1::QuarantineReason reason = v1::QUARANTINE_REASON_UNSPECIFIED;
  std::string text;  // for people: where, and what was found there
};

// Reports of one collector's epoch, in rising order without gaps. May hold none, to carry the account alone.
struct CollectorBatch {
  std::string collector;
  uint64_t epoch = 0;
  ReportList reports = {};
  std::optional<v1::Delivery> delivery = std::nullopt;  // as by RecordDelivery, in the same transaction
  std::vector<Refusal> refusals = {};                   // of reports in it, by rising sequence
};

struct PointRecord {
  std::string point;
  std::string collector;
  std::string isp;
  v1::Group group = v1::GROUP_NONE;
  std::string region;  // empty: its collector says none
  uint32_t window_seconds = 0;
  int64_t first_window_start_unix_seconds = 0;  // with last_window_end: 0 and 0 while there is none
  int64_t last_window_start_unix_seconds = 0;
  int64_t last_window_end_unix_seconds = 0;
  uint64_t windows = 0;  // reports committed; like first and last, without tombstones
  uint64_t acknowledged_packets =
      0;  // cells + darknet, summed straight from the reports: right side of identity 4
};

// What the store holds of one point over all time.
struct PointTotals {
  PointRecord point;
  v1::Measurement ever;  // the kEver bucket; empty while nothing arrived
  // Of the hour that its last window is in; empty where that is forgotten, or no interface was ever read.
  v1::Ledger last_hour;
  // Cells + darknet of the hour tier. Absent unless asked for, and where an hour was ever forgotten: the tier
  // then need not hold all that came.
  std::optional<uint64_t> hour_packets = std::nullopt;
};

struct CollectorRecord {
  std::string collector;
  std::string isp;
  std::string software_version;
  uint64_t epoch = 0;              // the latest
  uint64_t committed_through = 0;  // of that epoch
  uint64_t duplicate_reports = 0;  // over all epochs
  uint64_t missing_reports = 0;
  v1::Delivery delivery;  // of that epoch, as last told
  absl::Time last_heard;
  std::vector<v1::QuarantineCount> quarantined;  // by reason
};

// A window of a point that is missing, and why.
struct Gap {
  std::string_view point;
  int64_t start_unix_seconds = 0;
  v1::GapCount count = {};
};

// Which reports of the quarantine to list.
struct QuarantineFilter {
  std::string collector;     // empty: of all
  bool every_state = false;  // also those that are not held any more
  uint64_t after_id = 0;
  uint32_t most = 0;
};

// What becomes of a report in quarantine, and who says so.
struct QuarantineDecision {
  uint64_t id = 0;
  bool admit = false;  // else discard
  std::string by;
};

// Which vintages to list. What is not given restricts nothing.
struct VintageFilter {
  v1::Series series = v1::SERIES_UNSPECIFIED;
  std::string first_month = {};  // both included: 2024-11
  std::string last_month = {};
  std::optional<int64_t> as_published_unix_seconds = std::nullopt;  // computed by then
  bool latest_only = false;                                         // of each series and month, of these
  bool with_figures = false;
};

// A day in Japan of which more came than what is kept of it says.
struct ChangedDay {
  std::string day;                   // 2026-11-21
  uint64_t changes = 0;              // as by DayChanges
  bool is_partly_forgotten = false;  // hours of it are
};

// Which revision of a day in Japan is kept.
struct KeptDay {
  std::string day;        // 2026-11-21; empty: none
  uint32_t revision = 0;  // the latest
};

// Which tier answers which part of a range: of those that still hold it, the coarsest whose buckets fit the
// step and the edges. A finer one would give the same sums from more rows.
struct TierSpan {
  Tier tier;
  int64_t start_unix_seconds;
  int64_t end_unix_seconds;
};

// Where the flow records of one report stand in the order of ScanFlowRecords.
struct FlowRecordPlace {
  int64_t start_unix_seconds = 0;
  int64_t row = 0;  // rises with the commits
  friend auto operator<=>(const FlowRecordPlace&, const FlowRecordPlace&) = default;
};

// What is committed, to read. Implementations are thread-safe.
class StoreReader {
 public:
  virtual ~StoreReader() = default;

  // Splits [start, end) among the tiers, in the order of time and without a gap or an overlap, at the
  // horizons that Expire last applied. Edges and step must be multiples of the step, and of the length in
  // which their time is kept (for windows: `window_seconds`, the least that the windows of all points to be
  // read divide); INVALID_ARGUMENT says which is not, and what to ask instead. A step of 0 asks for one sum
  // over the whole range. Time that no tier holds any more is kHour's.
  virtual absl::StatusOr<std::vector<TierSpan>> Plan(int64_t start_unix_seconds, int64_t end_unix_seconds,
                                                     uint32_t step_seconds,
                                                     uint32_t window_seconds) const = 0;

  // Buckets of one tier with start in [start, end), by start and then point; all from one moment. Empty
  // `points`: all. Unknown ones have no buckets. For kEver the range is ignored. `visit` must not keep the
  // bucket.
  virtual absl::Status Scan(Tier tier, int64_t start_unix_seconds, int64_t end_unix_seconds,
                            std::span<const std::string> points,
                            absl::FunctionRef<void(const Bucket&)> visit) const = 0;

  // Reports that carried flow records, with nothing else in them, whose window starts in [start, end): from
  // `first` on, by place. Points as for Scan. `visit` must not keep the report, and returns whether to go on.
  virtual absl::Status ScanFlowRecords(
      int64_t start_unix_seconds, int64_t end_unix_seconds, std::span<const std::string> points,
      FlowRecordPlace first,
      absl::FunctionRef<bool(FlowRecordPlace, const v1::WindowReport&)> visit) const = 0;

  // Reports that told of single sources of dark packets, with nothing else in them, whose window starts in
  // [start, end), by start and then commit. They are kept until their day is judged. Points as for Scan.
  // `visit` must not keep the report.
  virtual absl::Status ScanDarknetSources(int64_t start_unix_seconds, int64_t end_unix_seconds,
                                          std::span<const std::string> points,
                                          absl::FunctionRef<void(const v1::WindowReport&)> visit) const = 0;

  // Windows with start in [start, end) that are missing for a known reason; all from one moment, in no order.
  // `visit` must not keep the gap.
  virtual absl::Status ScanGaps(int64_t start_unix_seconds, int64_t end_unix_seconds,
                                absl::FunctionRef<void(const Gap&)> visit) const = 0;

  // Reports in quarantine by id, without their content.
  virtual absl::StatusOr<std::vector<v1::QuarantinedReport>> Quarantine(
      const QuarantineFilter& filter) const = 0;
  // One of them, with its content while it is held. NOT_FOUND: no such report.
  virtual absl::StatusOr<v1::QuarantinedReport> FindQuarantined(uint64_t id) const = 0;

  virtual absl::StatusOr<std::vector<PointRecord>> Points() const = 0;          // by name
  virtual absl::StatusOr<std::vector<CollectorRecord>> Collectors() const = 0;  // by name

  // Every point, by name; all of one moment, so that identities hold between records and sums while reports
  // are committed. `with_hours` reads the whole hour tier, whose size grows with the years.
  virtual absl::StatusOr<std::vector<PointTotals>> ReadTotals(bool with_hours) const = 0;

  // By series, month and number; without inputs.
  virtual absl::StatusOr<std::vector<v1::Vintage>> Vintages(const VintageFilter& filter) const = 0;
  // One of them, with figures and inputs. NOT_FOUND: there is none.
  virtual absl::StatusOr<v1::Vintage> FindVintage(v1::Series series, const std::string& month,
                                                  uint32_t number) const = 0;
  // The register that vintages were computed with. NOT_FOUND: none was.
  virtual absl::StatusOr<v1::Statistics> FindRegister(const std::string& digest) const = 0;
  // How many commits changed what is held of a month in Japan: 0 as long as nothing of it came. It is raised
  // with the commit itself, so who reads it first and then the hours misses nothing.
  virtual absl::StatusOr<uint64_t> MonthChanges(const std::string& month) const = 0;

  // Days (2026-11-01) from first to last, both included, in the latest revision of each, by day: of an ISP's
  // own sensors, or of everyone's where `isp` is empty. `visit` must not keep the day.
  virtual absl::Status ScanTelescopeDays(const std::string& isp, const std::string& first_day,
                                         const std::string& last_day,
                                         absl::FunctionRef<void(const v1::TelescopeDay&)> visit) const = 0;
  // The last of these days that is kept, and its latest revision, without reading what it says.
  virtual absl::StatusOr<KeptDay> LastTelescopeDay(const std::string& isp, const std::string& first_day,
                                                   const std::string& last_day) const = 0;
  // All of these days that are kept, each in its latest revision, by day; without reading what they say.
  virtual absl::StatusOr<std::vector<KeptDay>> KeptTelescopeDays(const std::string& isp,
                                                                 const std::string& first_day,
                                                                 const std::string& last_day) const = 0;
  // As MonthChanges, of what telescopes told of a day in Japan.
  virtual absl::StatusOr<uint64_t> DayChanges(const std::string& day) const = 0;
};

// The durable rollups, sequence numbers and accounts. Implementations are thread-safe: writes are serialised,
// reads run beside them and see only what is committed.
class Store : public StoreReader {
 public:
  // A collector introduces itself. Registers its points and returns the last sequence of the epoch that is
  // committed (0: none). FAILED_PRECONDITION: a point belongs to another collector, or its window length
  // changed. Reports before first_sequence that were never committed are counted as missing.
  virtual absl::StatusOr<uint64_t> Welcome(const v1::Hello& hello, absl::Time now) = 0;

  // Commits all batches in ONE transaction: measurements, flow records and sources beside them, and the
  // sequence numbers. Reports at or below the committed sequence are counted as duplicates and change nothing
  // else. Refused ones go to quarantine; the others are taken as validated. All or nothing: on an error
  // nothing of any batch is stored. Returns, for each batch, the sequence committed through.
  // FAILED_PRECONDITION: a gap in the sequence, an epoch or point that was never welcomed. RESOURCE_EXHAUSTED
  // or UNAVAILABLE: the store cannot write now (disk full, locked); come back.
  virtual absl::StatusOr<std::vector<uint64_t>> Commit(std::span<const CollectorBatch> batches,
                                                       absl::Time now) = 0;

  // The collector's own account (identity 3), kept for the ledger.
  virtual absl::Status RecordDelivery(const std::string& collector, uint64_t epoch,
                                      const v1::Delivery& delivery, absl::Time now) = 0;

  // Decides about a report in quarantine, in one transaction: one that is admitted is stored as Commit would
  // have stored it, and taken as validated. Returns it as it is then, without its content. NOT_FOUND: no such
  // report. FAILED_PRECONDITION: it is not held any more, or its point and window are not as registered.
  // Other errors as Commit.
  virtual absl::StatusOr<v1::QuarantinedReport> Decide(const QuarantineDecision& decision,
                                                       absl::Time now) = 0;

  // Keeps a vintage, and the register that it was computed with, in one transaction and for ever.
  // ALREADY_EXISTS: there is one of this number; none is ever overwritten. FAILED_PRECONDITION: it is not the
  // next number.
  virtual absl::Status AddVintage(const v1::Vintage& vintage, const v1::Statistics& statistics) = 0;

  // Keeps a revision of a day for ever. ALREADY_EXISTS: there is this one; none is ever overwritten.
  // FAILED_PRECONDITION: it is not the next one.
  virtual absl::Status AddTelescopeDay(const v1::TelescopeDay& day) = 0;
  // Days whose latest revision for everyone does not take all changes into account, or that have none; by
  // day.
  virtual absl::StatusOr<std::vector<ChangedDay>> ChangedDays() const = 0;

  // Writes something for nobody to read, as much as a small commit has: whether the store can be written
  // again.
  virtual absl::Status Probe() = 0;

  // Forgets buckets that are older than their tier's retention, flow records with the windows, gaps with
  // the hours, and what was told of single sources once their day is judged.
  // Cuts only at hours, so that the tier below takes over without a gap or an overlap.
  virtual absl::Status Expire(absl::Time now) = 0;
};

}  // namespace kansoku::aggregator
