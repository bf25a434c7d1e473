// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a question: answered within the bounds of an answer, or refused with a reason. The first octet
// says which question.
#include <memory>

#include "aggregator/serve/darknet_query.h"
#include "aggregator/serve/figures_query.h"
#include "aggregator/serve/flow_records_query.h"
#include "aggregator/serve/ledger_query.h"
#include "aggregator/serve/row_limit.h"
#include "aggregator/serve/traffic_query.h"
#include "aggregator/store/sqlite_store.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/fuzz/expect.h"
#include "tests/testing/temp_dir.h"

namespace {

using namespace kansoku;
using fuzz::Expect;

// Two collectors' ten minutes, with flow records: read by all inputs, changed by none.
class SampleStore {
 public:
  SampleStore() {
    auto store = aggregator::SqliteStore::Open(
        {.path = folder_.File("store.db"), .retention = {.window_hours = 1'000'000}});
    Expect(store.ok(), "a store opens");
    store_ = *std::move(store);
    const absl::Time now = absl::FromUnixSeconds(aggregator::kSampleStart + 600);
    for (const char* name : {"alpha", "beta"}) {
      Expect(store_->Welcome(aggregator::SampleHello(name), now).ok(), "a collector is welcome");
      aggregator::CollectorBatch batch{.collector = name, .epoch = 1};
      for (uint64_t i = 0; i < 60; ++i) {
        const auto start =
            aggregator::kSampleStart + static_cast<int64_t>(i) * aggregator::kSampleWindowSeconds;
        batch.reports.push_back(aggregator::SampleReport(i + 1, name, start));
        aggregator::AddSampleRecords(i, 3, *batch.reports.back().mutable_report());
      }
      Expect(store_->Commit({&batch, 1}, now).ok(), "reports are committed");
    }
  }
  const aggregator::Store& store() const { return *store_; }

 private:
  const testing::TempDir folder_;
  std::unique_ptr<aggregator::Store> store_;
};

template <typename Answer>
void Judge(const absl::StatusOr<Answer>& answer) {
  if (answer.ok()) {
    fuzz::input_was_taken = true;
    return;
  }
  const absl::StatusCode code = answer.status().code();
  Expect(code == absl::StatusCode::kInvalidArgument || code == absl::StatusCode::kNotFound ||
             code == absl::StatusCode::kResourceExhausted,
         "the question is at fault");
  Expect(!answer.status().message().empty(), "a refusal says what is wrong");
}

template <typename Answer>
void JudgeRows(const absl::StatusOr<Answer>& answer) {
  Judge(answer);
  if (answer.ok())
    Expect(static_cast<uint64_t>(answer->rows_size()) <= aggregator::kMostRows, "rows are bounded");
}

template <typename Request>
Request RequestOf(const uint8_t* data, size_t size) {
  Request request;
  // gRPC does not hand over what cannot be parsed; what could be until then is as good a question.
  (void)request.ParsePartialFromArray(data, static_cast<int>(size));
  return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const SampleStore sample;
  if (size == 0) return 0;
  const aggregator::Store& store = sample.store();
  const uint8_t question = *data++;
  --size;
  switch (question) {
    case 't':
      JudgeRows(aggregator::ReadTraffic(store, RequestOf<v1::GetTrafficRequest>(data, size)));
      break;
    case 'd':
      JudgeRows(aggregator::ReadDarknet(store, RequestOf<v1::GetDarknetRequest>(data, size)));
      break;
    case 'f':
      Judge(aggregator::ReadFigures(store, RequestOf<v1::GetFiguresRequest>(data, size)));
      break;
    case 'l':
      Judge(aggregator::ReadLedger(store, {}, RequestOf<v1::GetLedgerRequest>(data, size)));
      break;
    case 'r': {
      const auto answer =
          aggregator::ReadFlowRecords(store, RequestOf<v1::ListFlowRecordsRequest>(data, size));
      Judge(answer);
      if (answer.ok())
        Expect(answer->ByteSizeLong() < (4u << 20), "a page is what gRPC's clients take by default");
      break;
    }
    default:
      break;
  }
  return 0;
}
