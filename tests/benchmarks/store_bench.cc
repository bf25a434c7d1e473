// SPDX-License-Identifier: Apache-2.0
//
// What the aggregator's disk side sustains: reports of 50 cells from many collectors, committed with
// synchronous=FULL into all four tiers. 10,000 collectors with ten-second windows are 1,000 reports a second.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

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

}  // namespace
}  // namespace kansoku::aggregator

BENCHMARK_MAIN();
