// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a question, of one who may see everything and of an ISP's operator: answered within the bounds
// of an answer, or refused with a reason. The first octet says which question.
#include <memory>

#include "aggregator/serve/darknet_query.h"
#include "aggregator/serve/figures_query.h"
#include "aggregator/serve/flow_records_query.h"
#include "aggregator/serve/isp_view.h"
#include "aggregator/serve/ledger_query.h"
#include "aggregator/serve/matched_panel_query.h"
#include "aggregator/serve/points_query.h"
#include "aggregator/serve/quarantine_query.h"
#include "aggregator/serve/row_limit.h"
#include "aggregator/serve/traffic_query.h"
#include "aggregator/store/sqlite_store.h"
#include "tests/aggregator/serve/sample_vintage.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/fuzz/expect.h"
#include "tests/testing/temp_dir.h"

namespace {

using namespace kansoku;
using fuzz::Expect;

// Two collectors' ten minutes, each of an ISP of its own, with flow records and reports in quarantine, and
// two published months: read by all inputs, changed by none.
class SampleStore {
 public:
  SampleStore() {
    auto store = aggregator::SqliteStore::Open(
        {.path = folder_.File("store.db"), .retention = {.window_hours = 1'000'000}});
    Expect(store.ok(), "a store opens");
    store_ = *std::move(store);
    const absl::Time now = absl::FromUnixSeconds(aggregator::kSampleStart + 600);
    for (const char* name : {"alpha", "beta"}) {
      v1::Hello hello = aggregator::SampleHello(name);
      hello.set_isp(std::string(name) + "-isp");
      Expect(store_->Welcome(hello, now).ok(), "a collector is welcome");
      aggregator::CollectorBatch batch{.collector = name, .epoch = 1};
      for (uint64_t i = 0; i < 60; ++i) {
        const auto start =
            aggregator::kSampleStart + static_cast<int64_t>(i) * aggregator::kSampleWindowSeconds;
        batch.reports.push_back(aggregator::SampleReport(i + 1, name, start));
        aggregator::AddSampleRecords(i, 3, *batch.reports.back().mutable_report());
        if (i % 20 == 0) batch.refusals.push_back({i + 1, v1::QUARANTINE_REASON_AHEAD, "far ahead"});
      }
      Expect(store_->Commit({&batch, 1}, now).ok(), "reports are committed");
    }
    for (const char* month : {"2023-11", "2024-11"}) {
      const v1::Vintage vintage =
          aggregator::SampleVintage(v1::SERIES_FIXED, month, 1, aggregator::kSampleStart, {});
      Expect(store_->AddVintage(vintage, {}).ok(), "a vintage is kept");
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
             code == absl::StatusCode::kResourceExhausted || code == absl::StatusCode::kFailedPrecondition,
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

void Ask(const aggregator::StoreReader& store, uint8_t question, const uint8_t* data, size_t size) {
  switch (question) {
    case 'p':
      Judge(aggregator::ReadPoints(store));
      break;
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
    case 'q': {
      const auto answer = aggregator::ListQuarantine(store, RequestOf<v1::ListQuarantineRequest>(data, size));
      Judge(answer);
      if (answer.ok()) Expect(answer->reports_size() <= 1'000, "a page is bounded");
      break;
    }
    case 'g':
      Judge(store.FindQuarantined(RequestOf<v1::GetQuarantinedRequest>(data, size).id()));
      break;
    default:
      break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const SampleStore sample;
  static const aggregator::IspView alpha(sample.store(), "alpha-isp");
  if (size == 0) return 0;
  if (data[0] == 'm') {  // of every ISP, whoever asks
    Judge(aggregator::ReadMatchedPanel(sample.store(),
                                       RequestOf<v1::GetMatchedPanelRequest>(data + 1, size - 1)));
    return 0;
  }
  Ask(sample.store(), data[0], data + 1, size - 1);
  Ask(alpha, data[0], data + 1, size - 1);
  return 0;
}
