// SPDX-License-Identifier: Apache-2.0
//
// What it takes to answer for published months: two years of vintages of 50 points in a real store, each with
// the figures of a month and the hours that they came from. Aims: any figure of a month in less than 100 ms,
// a series of 24 months in less than 1 s, a month computed again not much slower.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/monthly_figures.h"
#include "aggregator/serve/recompute_query.h"
#include "aggregator/serve/vintages_query.h"
#include "aggregator/store/sqlite_store.h"
#include "proto/contract/month.h"
#include "tests/aggregator/serve/sample_vintage.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

constexpr int kPoints = 50;
constexpr int kMonths = 24;
constexpr Month kFirst{2023, 1};
const absl::Time kNow = absl::FromUnixSeconds(1'740'754'800);  // 2025-03-01 00:00 JST

// 50 points of ten ISPs, and a share for each month.
v1::Statistics Register() {
  v1::Statistics statistics;
  statistics.mutable_register_()->set_octets_basis(v1::OCTETS_BASIS_L3);
  statistics.mutable_register_()->set_coverage_basis(v1::COVERAGE_BASIS_CONTRACT_SHARE);
  statistics.mutable_register_()->set_slot_offset_hours(1);
  for (int isp = 0; isp < 10; ++isp) {
    v1::Contributor& contributor = *statistics.mutable_register_()->add_contributors();
    contributor.set_isp(absl::StrCat("isp-", isp));
    contributor.set_series(v1::SERIES_FIXED);
    contributor.set_member_since("2020-01");
    for (int point = isp; point < kPoints; point += 10) {
      v1::MeasuredPoint& measured = *contributor.add_points();
      measured.set_point(absl::StrCat("point-", point));
      measured.set_group(v1::GROUP_A1);
    }
  }
  for (int month = 0; month < kMonths; ++month) {
    v1::CoverageShare& share = *statistics.add_coverage();
    share.set_month(MonthText(AddMonths(kFirst, month)));
    share.set_basis(v1::COVERAGE_BASIS_CONTRACT_SHARE);
    share.set_share("0.439");
    share.set_released("2025-01-01");
  }
  return statistics;
}

v1::MonthInputs InputsOf(Month month) {
  v1::MonthInputs inputs;
  inputs.set_series(v1::SERIES_FIXED);
  inputs.set_month(MonthText(month));
  inputs.set_octets_basis(v1::OCTETS_BASIS_L3);
  for (int i = 0; i < kPoints; ++i) {
    v1::PointMonth& point = *inputs.add_points();
    point.set_point(absl::StrCat("point-", i));
    point.set_isp(absl::StrCat("isp-", i % 10));
    point.set_group(v1::GROUP_A1);
    point.set_window_seconds(10);
    for (int64_t start = StartUnixSeconds(month); start < EndUnixSeconds(month); start += 3'600) {
      v1::HourVolume& hour = *point.add_hours();
      hour.set_start_unix_seconds(start);
      hour.set_windows(360);
      const auto noise = static_cast<uint64_t>(start / 3'600 * 7'919 + i * 104'729) % 999'983;
      hour.set_download_octets(100'000'000'000'000 + noise * 1'000'003);
      hour.set_upload_octets(10'000'000'000'000 + noise * 99'991);
    }
  }
  return inputs;
}

class Published : public benchmark::Fixture {
 public:
  void SetUp(const benchmark::State&) override {
    if (store != nullptr) return;
    store = *SqliteStore::Open({.path = folder.File()});
    const v1::Statistics statistics = Register();
    for (int i = 0; i < kMonths; ++i) {
      const Month month = AddMonths(kFirst, i);
      const v1::MonthInputs inputs = InputsOf(month);
      v1::Vintage vintage = SampleVintage(v1::SERIES_FIXED, MonthText(month), 1, EndUnixSeconds(month),
                                          MonthlyFigures(inputs, statistics));
      *vintage.mutable_inputs() = inputs;
      figures = vintage.figures_size();
      (void)store->AddVintage(vintage, statistics);
    }
  }

  static v1::MonthSelection Selection(const char* first, const char* last, const std::string& id) {
    v1::MonthSelection months;
    months.set_series(v1::SERIES_FIXED);
    months.set_first(first);
    months.set_last(last);
    if (!id.empty()) months.add_ids(id);
    return months;
  }

  void Ask(benchmark::State& state, const v1::MonthSelection& months) {
    int told = 0;
    for (auto _ : state) {
      const auto response = ReadMonths(*store, months, kNow);
      if (!response.ok()) state.SkipWithError(std::string(response.status().message()).c_str());
      if (response.ok()) told = response->figures_size();
    }
    state.counters["figures"] = told;
    state.counters["stored_for_each_month"] = figures;
  }

  // Made once for all of them.
  static inline const StoreFolder folder;
  static inline std::unique_ptr<Store> store;
  static inline int figures = 0;
};

BENCHMARK_F(Published, AFigureOfAMonth)(benchmark::State& state) {
  Ask(state, Selection("2024-12", "2024-12", "fixed_download_national"));
}
BENCHMARK_F(Published, EveryFigureOfAMonth)(benchmark::State& state) {
  Ask(state, Selection("2024-12", "2024-12", ""));
}
BENCHMARK_F(Published, AFigureOf24Months)(benchmark::State& state) {
  Ask(state, Selection("2023-01", "2024-12", "fixed_download_national"));
}
BENCHMARK_F(Published, EveryFigureOf24Months)(benchmark::State& state) {
  Ask(state, Selection("2023-01", "2024-12", ""));
}
BENCHMARK_F(Published, AMonthComputedAgain)(benchmark::State& state) {
  v1::RecomputeVintageRequest request;
  request.set_series(v1::SERIES_FIXED);
  request.set_month("2024-12");
  for (auto _ : state) {
    const auto response = RecomputeVintage(*store, request);
    if (!response.ok() || response->differences_size() > 0) state.SkipWithError("it differs");
  }
}

}  // namespace
}  // namespace kansoku::aggregator

BENCHMARK_MAIN();
