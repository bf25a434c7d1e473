// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as what a collector says on its stream: each message is refused with a reason, or is committed
// once, to the packet, however often it comes; but for reports that are refused, which go to quarantine.
#include <optional>
#include <set>

#include "aggregator/ingest/report_judgement.h"
#include "aggregator/ingest/report_validation.h"
#include "aggregator/store/sqlite_store.h"
#include "kansoku/v1/ingest.pb.h"
#include "proto/contract/identity.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/fuzz/expect.h"
#include "tests/fuzz/message_stream.h"
#include "tests/testing/temp_dir.h"

namespace {

using namespace kansoku;
using fuzz::Expect;

const absl::Time kNow = absl::FromUnixSeconds(aggregator::kSampleStart);

struct Said {
  std::optional<v1::Hello> hello;
  std::vector<aggregator::CollectorBatch> batches;
};

// What a stream does with a message; an error ends it.
absl::Status Hear(const v1::CollectorMessage& message, Said& said) {
  if (message.has_hello() == said.hello.has_value())
    return absl::InvalidArgumentError("Hello comes first, once");
  if (message.has_hello()) {
    if (absl::Status status = aggregator::ValidateHello(message.hello()); !status.ok()) return status;
    said.hello = message.hello();
    return absl::OkStatus();
  }
  aggregator::CollectorBatch batch{.collector = said.hello->collector(), .epoch = said.hello->epoch()};
  if (message.has_delivery()) {
    batch.delivery = message.delivery();
    said.batches.push_back(std::move(batch));
    return aggregator::ValidateDelivery(message.delivery());
  }
  if (absl::Status status = aggregator::ValidateBatch(message.batch()); !status.ok()) return status;
  batch.refusals =
      aggregator::JudgeReports(message.batch(), aggregator::WindowLengthsOf(*said.hello), {}, kNow);
  batch.reports =
      std::vector<v1::SequencedReport>(message.batch().reports().begin(), message.batch().reports().end());
  said.batches.push_back(std::move(batch));
  return absl::OkStatus();
}

uint64_t PacketsOf(const std::vector<aggregator::CollectorBatch>& batches) {
  uint64_t packets = 0;
  for (const auto& batch : batches) {
    std::set<uint64_t> refused;
    for (const aggregator::Refusal& refusal : batch.refusals) refused.insert(refusal.sequence);
    for (const v1::SequencedReport& report : batch.reports) {
      if (!refused.contains(report.sequence()))
        packets += Totals(report.report().measurement()).stored_packets();
    }
  }
  return packets;
}

// Of identity 4, both sides.
uint64_t StoredPackets(const aggregator::Store& store) {
  const auto totals = store.ReadTotals(false);
  Expect(totals.ok(), "a store can be read");
  uint64_t packets = 0;
  for (const aggregator::PointTotals& point : *totals) {
    packets += Totals(point.ever).stored_packets();
    Expect(Totals(point.ever).stored_packets() == point.point.acknowledged_packets,
           "what is stored is what was acknowledged");
  }
  return packets;
}

// Whether the store took it all.
bool Commit(const Said& said) {
  const testing::TempDir folder;
  auto store = aggregator::SqliteStore::Open({.path = folder.File("store.db")});
  Expect(store.ok(), "a store opens");
  if (!(*store)->Welcome(*said.hello, kNow).ok()) return false;
  const auto first = (*store)->Commit(said.batches, kNow);
  if (!first.ok()) {
    Expect(absl::IsFailedPrecondition(first.status()), "what was validated lacks its order at most");
    Expect(StoredPackets(**store) == 0, "all or nothing");
    return false;
  }
  const uint64_t packets = StoredPackets(**store);
  Expect(packets <= PacketsOf(said.batches), "nothing is counted twice");
  const auto again = (*store)->Commit(said.batches, kNow);
  Expect(again.ok() && again->back() == first->back(), "what comes again is acknowledged again");
  Expect(StoredPackets(**store) == packets, "and counted once");
  return packets == PacketsOf(said.batches);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Said said;
  for (const v1::CollectorMessage& message : fuzz::MessagesOf<v1::CollectorMessage>({data, size})) {
    const absl::Status status = Hear(message, said);
    if (status.ok()) continue;
    Expect(absl::IsInvalidArgument(status) && !status.message().empty(), "a refusal says what is wrong");
    return 0;
  }
  fuzz::input_was_taken = !said.batches.empty() && Commit(said);
  return 0;
}
