// SPDX-License-Identifier: Apache-2.0
//
// What it takes to compute every figure of a month from its hours. Argument: points, each of which lost
// windows in ten of its hours.
#include <benchmark/benchmark.h>

#include <random>
#include <string>

#include "aggregator/figures/monthly_figures.h"
#include "tests/aggregator/figures/month_literals.h"

namespace kansoku::aggregator {
namespace {

void ComputeMonth(benchmark::State& state, v1::Series series) {
  v1::Statistics statistics = EmptyRegister();
  v1::MonthInputs inputs = EmptyInputs(series, "2024-11");
  v1::Contributor& contributor = AddContributor(series, "isp-a", statistics);
  std::mt19937_64 random(1);
  for (int i = 0; i < state.range(0); ++i) {
    const std::string name = "point-" + std::to_string(i);
    AddPoint(name, v1::GROUP_A1, contributor);
    v1::PointMonth& point = AddMeasured(
        name, v1::GROUP_A1, [&](int) { return std::pair(random() >> 16, random() >> 19); }, inputs);
    for (int lost = 0; lost < 10; ++lost)
      point.mutable_hours(static_cast<int>(random() % 720))->set_windows(300);
  }
  AddShare("2024-11", "0.437", statistics);
  AddContracts(series, "2024-09", "", 46'990'000, statistics);
  for (auto _ : state) {
    const auto figures = MonthlyFigures(inputs, statistics);
    if (!figures[1].withheld_because().empty()) state.SkipWithError("withheld");
    benchmark::DoNotOptimize(figures);
  }
}
BENCHMARK_CAPTURE(ComputeMonth, fixed, v1::SERIES_FIXED)->Arg(50)->Arg(500)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ComputeMonth, mobile, v1::SERIES_MOBILE)->Arg(50)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kansoku::aggregator

BENCHMARK_MAIN();
