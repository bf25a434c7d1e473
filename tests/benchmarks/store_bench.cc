// SPDX-License-Identifier: Apache-2.0
//
// What the aggregator's disk side sustains: reports of 50 cells from many collectors, committed with
// synchronous=FULL into all four tiers. 10,000 collectors with ten-second windows are 1,000 reports a second.
// Nothing is committed while something is forgotten.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/store/sqlite.h"
#include "aggregator/store/sqlite_store.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

constexpr int kCells = 50;
const absl::Time kNow = absl::FromUnixSeconds(kSampleStart);

// Argument 0: collectors. Argument 1: reports for each commit.
void CommitReports(benchmark::State& state) {
  const int collectors = static_cast<int>(state.range(0));
  const int reports_per_commit = static_cast<int>(state.range(1));
  const StoreFolder folder;
  auto store = *SqliteStore::Open({.path = folder.File()});
  std::vector<CollectorBatch> batches;
  for (int i = 0; i < collectors; ++i) {
    const std::string name = "collector-" + std::to_string(i);
    if (!store->Welcome(SampleHello(name), kNow).ok()) state.SkipWithError("welcome");
    CollectorBatch& batch = batches.emplace_back();
    batch.collector = name;
    batch.epoch = 1;
    batch.reports = {SampleReport(1, name, kSampleStart, kCells)};
  }
  int at = 0;
  for (auto _ : state) {
    if (!store->Commit(std::span(batches).subspan(at, reports_per_commit), kNow).ok())
      state.SkipWithError("commit");
    state.PauseTiming();
    for (CollectorBatch& batch : std::span(batches).subspan(at, reports_per_commit)) {
      v1::SequencedReport& report = batch.reports[0];
      report.set_sequence(report.sequence() + 1);
      report.mutable_report()->set_window_start_unix_seconds(report.report().window_start_unix_seconds() +
                                                             10);
    }
    at = (at + reports_per_commit) % collectors;
    state.ResumeTiming();
  }
  state.counters["reports_per_second"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * reports_per_commit, benchmark::Counter::kIsRate);
  state.counters["cells_per_second"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * reports_per_commit * kCells, benchmark::Counter::kIsRate);
}
BENCHMARK(CommitReports)
    ->Args({1'000, 50})
    ->Args({1'000, 1'000})
    ->Args({10'000, 50})
    ->Args({10'000, 1'000})
    ->MinTime(4)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void WelcomeCollectors(benchmark::State& state) {
  const StoreFolder folder;
  auto store = *SqliteStore::Open({.path = folder.File()});
  int i = 0;
  for (auto _ : state) {
    if (!store->Welcome(SampleHello("collector-" + std::to_string(i++ % 1'000)), kNow).ok()) {
      state.SkipWithError("welcome");
    }
  }
}
BENCHMARK(WelcomeCollectors)->UseRealTime()->Unit(benchmark::kMicrosecond);

// Argument 0: points. One call, with all of a year's hours to forget: what it leaves is for the next calls.
void ExpireAYear(benchmark::State& state) {
  const std::string hours = absl::StrCat(
      "WITH RECURSIVE hour (start) AS (SELECT 0 UNION ALL SELECT start + 3600 FROM hour WHERE start < "
      "364 * 86400 + 82800), point (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM point WHERE id < ",
      state.range(0), ") INSERT INTO bucket SELECT 2, start, id, zeroblob(400) FROM hour, point");
  const absl::Time years_later = absl::UnixEpoch() + absl::Hours(24 * 365 * 3);
  for (auto _ : state) {
    state.PauseTiming();
    const StoreFolder folder;
    auto store =
        *SqliteStore::Open({.path = folder.File(), .retention = {.five_minute_days = 2, .hour_days = 2}});
    if (!Database::Open(folder.File(), SQLITE_OPEN_READWRITE)->Execute(hours.c_str()).ok())
      state.SkipWithError("fill");
    state.ResumeTiming();
    if (!store->Expire(years_later).ok()) state.SkipWithError("expire");
    state.PauseTiming();
    store.reset();
    state.ResumeTiming();
  }
}
BENCHMARK(ExpireAYear)->Arg(2)->Arg(10)->Iterations(3)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kansoku::aggregator

BENCHMARK_MAIN();
