// SPDX-License-Identifier: Apache-2.0
//
// Any texts as the files of a register: refused with a file's name, or read. Of what is read the figures of
// months are computed: each has a value, or says why not.
#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "absl/strings/match.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/monthly_figures.h"
#include "proto/contract/statistics_lookup.h"
#include "tests/aggregator/figures/month_literals.h"
#include "tests/fuzz/expect.h"
#include "tests/fuzz/register_files.h"

namespace {

using namespace kansoku;
using fuzz::Expect;

// Of so many points something was measured; of others it never was.
constexpr int kMostMeasured = 4;
constexpr size_t kMostMonths = 3;

// The first month of each series, and one about which most registers say something.
std::set<Month> MonthsToCompute(const v1::Statistics& statistics) {
  std::set<Month> months = {{2024, 11}};
  for (const v1::Contributor& contributor : statistics.register_().contributors()) {
    if (months.size() < kMostMonths) months.insert(*ParseMonth(contributor.member_since()));
  }
  return months;
}

// The points that the register asks for: one whole, one of which the second half is missing, and so on.
v1::MonthInputs InputsOf(const v1::Statistics& statistics, v1::Series series, Month month) {
  v1::MonthInputs inputs = aggregator::EmptyInputs(series, MonthText(month));
  inputs.set_octets_basis(statistics.register_().octets_basis());
  for (const SeriesPoint& asked : PointsOf(statistics, series, month)) {
    v1::PointMonth* point = nullptr;
    if (inputs.points_size() < kMostMeasured) {
      point =
          &aggregator::AddSteady(asked.point->point(), asked.point->group(), 900'000'000, 90'000'000, inputs);
      auto& hours = *point->mutable_hours();
      if (inputs.points_size() % 2 == 0) hours.DeleteSubrange(hours.size() / 2, hours.size() / 2);
    } else {
      point = inputs.add_points();
      point->set_point(asked.point->point());
      point->set_group(asked.point->group());
    }
    point->set_isp(asked.contributor->isp());
  }
  const std::string id = series == v1::SERIES_FIXED ? "fixed_download_national" : "mobile_rate";
  for (const int lag : {12, 6}) {
    const Month earlier = AddMonths(month, -lag);
    if (earlier.year >= 1971) aggregator::AddEarlier(id, MonthText(earlier), "1000000000/3", inputs);
  }
  return inputs;
}

void CheckMonth(const v1::Statistics& statistics, v1::Series series, Month month) {
  const auto kinds = aggregator::AllFigures();
  const auto figures = aggregator::MonthlyFigures(InputsOf(statistics, series, month), statistics);
  Expect(!figures.empty(), "a month has figures");
  for (const v1::Figure& figure : figures) {
    Expect(std::any_of(kinds.begin(), kinds.end(), [&](const auto* kind) { return kind->id == figure.id(); }),
           "a figure is one of the catalogue");
    Expect(figure.value().empty() != figure.withheld_because().empty(),
           "a figure has a value, or says why not");
    Expect(!figure.unit().empty(), "a figure has a unit");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = aggregator::ParseRegister(fuzz::RegisterFilesOf(text), "fuzz");
  if (!read.ok()) {
    Expect(absl::StartsWith(read.status().message(), "fuzz/"), "a refusal begins with the file's name");
    return 0;
  }
  fuzz::input_was_taken = true;
  for (const Month month : MonthsToCompute(read->statistics)) {
    for (const v1::Series series : {v1::SERIES_FIXED, v1::SERIES_MOBILE})
      CheckMonth(read->statistics, series, month);
  }
  return 0;
}
