// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/series_month.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

constexpr int kMonthsOfAYear = 12;

// Somebody joined or left within the twelve months that end with this one.
bool MembersChanged(const v1::Statistics& statistics, v1::Series series, Month month) {
  const std::string before = MonthText(AddMonths(month, -kMonthsOfAYear)), now = MonthText(month);
  const auto is_within = [&](const std::string& text) { return before < text && text <= now; };
  const auto& contributors = statistics.register_().contributors();
  return std::any_of(contributors.begin(), contributors.end(), [&](const v1::Contributor& contributor) {
    return contributor.series() == series &&
           (is_within(contributor.member_since()) || is_within(contributor.member_until()));
  });
}

}  // namespace

SeriesMonth MakeSeriesMonth(const v1::MonthInputs& inputs, const v1::Statistics& statistics) {
  const v1::StatisticsRegister& known = statistics.register_();
  const Month month = *ParseMonth(inputs.month());
  SeriesMonth result{.inputs = inputs,
                     .statistics = statistics,
                     .month = month,
                     .slots = SlotsOf(month, GridOf(inputs.series(), known), statistics),
                     .points = PointsOf(statistics, inputs.series(), month)};
  result.frame.set_series(inputs.series());
  result.frame.set_month(inputs.month());
  result.frame.mutable_period()->set_start_unix_seconds(StartUnixSeconds(month));
  result.frame.mutable_period()->set_end_unix_seconds(EndUnixSeconds(month));
  // Of the mobile series all of the market is measured.
  if (inputs.series() == v1::SERIES_FIXED) result.frame.set_basis(known.coverage_basis());
  if (known.simulated()) AddNote(v1::FIGURE_NOTE_SIMULATED, result.frame);
  if (MembersChanged(statistics, inputs.series(), month)) {
    AddNote(v1::FIGURE_NOTE_PARTIAL_MEMBER, result.frame);
  }
  if (inputs.octets_basis() != known.octets_basis()) {
    result.withheld =
        Withheld(v1::WITHHELD_REASON_OTHER_OCTETS,
                 absl::StrCat("the month was measured in octets of ", EnumLabel(inputs.octets_basis()),
                              ", and the register counts those of ", EnumLabel(known.octets_basis())));
  }
  return result;
}

void AddNote(v1::FigureNote note, v1::Figure& figure) {
  if (HasNote(figure, note)) return;
  figure.add_notes(note);
  std::sort(figure.mutable_notes()->begin(), figure.mutable_notes()->end());
}

bool HasNote(const v1::Figure& figure, v1::FigureNote note) {
  return std::find(figure.notes().begin(), figure.notes().end(), note) != figure.notes().end();
}

}  // namespace kansoku::aggregator
