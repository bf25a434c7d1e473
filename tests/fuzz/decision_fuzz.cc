// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as what operators decide about a quarantine: each report is decided about once at most, counts in
// full or not at all, and who decided stays on record. The first octet says, a bit each, which of the
// requests admit; the others discard.
#include <map>
#include <vector>

#include "aggregator/ingest/admission.h"
#include "aggregator/ingest/report_judgement.h"
#include "aggregator/store/sqlite_store.h"
#include "kansoku/v1/admin.pb.h"
#include "proto/contract/identity.h"
#include "proto/contract/name.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/fuzz/expect.h"
#include "tests/fuzz/message_stream.h"
#include "tests/testing/temp_dir.h"

namespace {

using namespace kansoku;
using fuzz::Expect;

const absl::Time kNow = absl::FromUnixSeconds(aggregator::kSampleStart);
constexpr size_t kMostDecisions = 8;

// One report in order, and one for each reason that a report goes to quarantine for; the clock's two can be
// admitted.
v1::Batch Reports() {
  v1::Batch batch;
  const auto add = [&batch](int64_t start) -> v1::WindowReport& {
    const auto sequence = static_cast<uint64_t>(batch.reports_size()) + 1;
    *batch.add_reports() = aggregator::SampleReport(sequence, "alpha", aggregator::kSampleStart + start);
    return *batch.mutable_reports()->rbegin()->mutable_report();
  };
  add(0);
  add(86'400);
  add(-90 * 86'400);
  add(0).mutable_measurement()->mutable_cells(0)->set_packets(0);
  add(0).set_point("other");
  add(0).set_window_seconds(60);
  return batch;
}

class Quarantine {
 public:
  Quarantine() {
    auto store = aggregator::SqliteStore::Open({.path = folder_.File("store.db")});
    Expect(store.ok(), "a store opens");
    store_ = *std::move(store);
    const v1::Hello hello = aggregator::SampleHello("alpha");
    Expect(store_->Welcome(hello, kNow).ok(), "a collector is welcome");
    const v1::Batch reports = Reports();
    aggregator::CollectorBatch batch{.collector = "alpha", .epoch = 1};
    batch.reports = std::vector<v1::SequencedReport>(reports.reports().begin(), reports.reports().end());
    batch.refusals = aggregator::JudgeReports(reports, aggregator::WindowLengthsOf(hello), {}, kNow);
    Expect(batch.refusals.size() + 1 == batch.reports.size(), "all but one go to quarantine");
    Expect(store_->Commit({&batch, 1}, kNow).ok(), "reports are committed");
    counted_ = StoredPackets();
  }

  // As the service and the queue do, one after the other. Whether it is decided.
  bool Decide(const v1::DecideQuarantinedRequest& request, bool admit) {
    if (!IsName(request.by())) return false;
    const auto found = store_->FindQuarantined(request.id());
    absl::Status status = found.status();
    if (status.ok() && admit) status = aggregator::JudgeAdmission(*store_, request.id());
    if (status.ok()) {
      const auto decided = store_->Decide({.id = request.id(), .admit = admit, .by = request.by()}, kNow);
      status = decided.status();
      if (decided.ok()) {
        Expect(decided->state() == (admit ? v1::QUARANTINE_STATE_ADMITTED : v1::QUARANTINE_STATE_DISCARDED),
               "it is decided as asked");
        Expect(deciders_.emplace(request.id(), request.by()).second, "it is decided once");
        if (admit) counted_ += Totals(found->report().report().measurement()).stored_packets();
        return true;
      }
    }
    Expect(absl::IsNotFound(status) || absl::IsFailedPrecondition(status), "the request is at fault");
    Expect(!status.message().empty(), "a refusal says what is wrong");
    return false;
  }

  void Check() const {
    Expect(StoredPackets() == counted_, "what was admitted counts once, and nothing else does");
    for (const auto& [id, by] : deciders_) {
      const auto found = store_->FindQuarantined(id);
      Expect(found.ok() && found->decided_by() == by, "who decided is on record");
    }
    const auto collectors = store_->Collectors();
    Expect(collectors.ok() && collectors->size() == 1, "the collector is there");
    for (const v1::QuarantineCount& count : collectors->front().quarantined) {
      Expect(count.reports() == count.held() + count.admitted() + count.discarded() + count.dropped(),
             "no report leaves the account");
    }
  }

 private:
  uint64_t StoredPackets() const {
    const auto totals = store_->ReadTotals(false);
    Expect(totals.ok(), "a store can be read");
    uint64_t packets = 0;
    for (const aggregator::PointTotals& point : *totals) packets += Totals(point.ever).stored_packets();
    return packets;
  }

  const testing::TempDir folder_;
  std::unique_ptr<aggregator::Store> store_;
  uint64_t counted_ = 0;                      // packets
  std::map<uint64_t, std::string> deciders_;  // of reports, by id
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const unsigned admits = *data;
  std::vector<v1::DecideQuarantinedRequest> requests =
      fuzz::MessagesOf<v1::DecideQuarantinedRequest>({data + 1, size - 1});
  if (requests.size() > kMostDecisions) requests.resize(kMostDecisions);
  Quarantine quarantine;
  size_t decided = 0;
  for (size_t i = 0; i < requests.size(); ++i) {
    if (quarantine.Decide(requests[i], (admits >> i & 1) != 0)) ++decided;
  }
  quarantine.Check();
  fuzz::input_was_taken = decided > 0 && decided == requests.size();
  return 0;
}
