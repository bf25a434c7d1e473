// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a question, of one who may see everything, of a regulator, from whom small parts are withheld,
// and of an ISP's operator: answered within the bounds of an answer, or refused with a reason. The first
// octet says which question.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/monthly_figures.h"
#include "aggregator/serve/darknet_query.h"
#include "aggregator/serve/figures_query.h"
#include "aggregator/serve/flow_records_query.h"
#include "aggregator/serve/isp_view.h"
#include "aggregator/serve/ledger_query.h"
#include "aggregator/serve/matched_panel_query.h"
#include "aggregator/serve/points_query.h"
#include "aggregator/serve/quarantine_query.h"
#include "aggregator/serve/recompute_query.h"
#include "aggregator/serve/row_limit.h"
#include "aggregator/serve/traffic_query.h"
#include "aggregator/serve/vintages_query.h"
#include "aggregator/serve/withheld_answers.h"
#include "aggregator/serve/withheld_telescope.h"
#include "aggregator/store/sqlite_store.h"
#include "aggregator/vintage/figure_stamp.h"
#include "tests/aggregator/figures/month_literals.h"
#include "tests/aggregator/serve/sample_telescope.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/fuzz/expect.h"
#include "tests/testing/temp_dir.h"

namespace {

using namespace kansoku;
using fuzz::Expect;

const absl::Time kNow = absl::FromUnixSeconds(EndUnixSeconds({2024, 12}));
constexpr uint32_t kFewest = 2;  // ISPs, for the regulator

// Two collectors' ten minutes, each of an ISP of its own, with flow records and reports in quarantine, and
// three vintages of two months of each series, and three days of telescopes: read by all inputs, changed by
// none.
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
    for (const char* isp : {"", "alpha-isp"}) {
      for (const char* day : {"2024-10-31", "2024-11-01", "2024-11-03"}) {
        Expect(store_->AddTelescopeDay(aggregator::SampleDay(day, 80, 1, isp)).ok(), "a day is added");
      }
    }
    for (const v1::Series series : {v1::SERIES_FIXED, v1::SERIES_MOBILE}) {
      AddVintage(series, "2023-11", 1);
      for (const uint32_t number : {1, 2}) AddVintage(series, "2024-11", number);
    }
  }
  const aggregator::Store& store() const { return *store_; }

 private:
  void AddVintage(v1::Series series, const std::string& month, uint32_t number) {
    v1::Statistics statistics = aggregator::OnePoint(series);
    aggregator::AddContracts(series, "2024-09", "", 1'000'000 + number, statistics);
    aggregator::AddShare("2024-11", "0.439", statistics);
    v1::Vintage vintage;
    vintage.set_series(series);
    vintage.set_month(month);
    vintage.set_number(number);
    vintage.set_state(number == 1 ? v1::VINTAGE_STATE_FINAL : v1::VINTAGE_STATE_REVISED);
    vintage.set_computed_unix_seconds(EndUnixSeconds({2024, 11}) + number);
    vintage.set_method_version(std::string(aggregator::kMethodVersion));
    vintage.set_register_digest(absl::StrCat("register of ", series, " ", month, " ", number));
    *vintage.mutable_inputs() = aggregator::SteadyMonth(series, month, 2'000'000, 200'000);
    aggregator::PutFigures(aggregator::MonthlyFigures(vintage.inputs(), statistics), vintage);
    Expect(store_->AddVintage(vintage, statistics).ok(), "a vintage is added");
  }

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
             code == absl::StatusCode::kResourceExhausted || code == absl::StatusCode::kPermissionDenied ||
             code == absl::StatusCode::kFailedPrecondition,
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

void JudgeRecomputed(const absl::StatusOr<v1::RecomputeVintageResponse>& answer) {
  Judge(answer);
  if (answer.ok()) Expect(answer->differences().empty(), "computed again, it is what was published");
}

void Ask(const aggregator::StoreReader& store, uint32_t fewest, uint8_t question, const uint8_t* data,
         size_t size) {
  switch (question) {
    case 'p':
      Judge(aggregator::ReadPoints(store));
      break;
    case 't':
      JudgeRows(aggregator::ReadTraffic(store, RequestOf<v1::GetTrafficRequest>(data, size), fewest, kNow));
      break;
    case 'd':
      JudgeRows(aggregator::ReadDarknet(store, RequestOf<v1::GetDarknetRequest>(data, size), fewest, kNow));
      break;
    case 'f':
      Judge(aggregator::ReadFigures(store, RequestOf<v1::GetFiguresRequest>(data, size), fewest, kNow));
      break;
    case 'm':
      Judge(aggregator::ReadMonths(store, RequestOf<v1::GetFiguresRequest>(data, size).months(), kNow));
      break;
    case 's': {
      aggregator::RememberedHours remembered;
      Judge(aggregator::ReadTelescope(store, RequestOf<v1::GetFiguresRequest>(data, size).telescope(),
                                      nullptr, fewest, remembered));
      break;
    }
    case 'v':
      Judge(aggregator::ListVintages(store, RequestOf<v1::ListVintagesRequest>(data, size)));
      break;
    case 'c':
      JudgeRecomputed(
          aggregator::RecomputeVintage(store, RequestOf<v1::RecomputeVintageRequest>(data, size)));
      break;
    case 'b':
      Judge(aggregator::ReadMatchedPanel(store, RequestOf<v1::GetMatchedPanelRequest>(data, size)));
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
  Ask(sample.store(), 1, data[0], data + 1, size - 1);
  Ask(sample.store(), kFewest, data[0], data + 1, size - 1);
  Ask(alpha, 1, data[0], data + 1, size - 1);
  return 0;
}
