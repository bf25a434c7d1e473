// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/growth_figures.h"

#include "absl/strings/str_cat.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

// The latest vintage of it.
const v1::Figure* FindEarlier(const Growing& growing, const std::string& earlier_month,
                              const v1::MonthInputs& inputs) {
  const v1::Figure* found = nullptr;
  for (const v1::Figure& figure : inputs.earlier()) {
    if (figure.id() != growing.of.id || figure.month() != earlier_month) continue;
    if (FigureLabels(figure.labels().begin(), figure.labels().end()) != growing.of_labels) continue;
    if (found == nullptr || figure.vintage() > found->vintage()) found = &figure;
  }
  return found;
}

// Variance / value^2, of a figure that was printed with its error.
Rational RelativeVariance(const v1::Figure& figure) {
  const auto error = ParseRational(figure.standard_error());
  const auto value = ParseRational(figure.value());
  if (!error.ok() || !value.ok() || *value == 0) return 0;
  const Rational relative = *error / *value;
  return relative * relative;
}

std::optional<Withheld> WhyWithheld(const Growing& growing, const v1::Figure* earlier, Month earlier_month,
                                    const SeriesMonth& month) {
  if (growing.now.is_withheld()) return growing.now.withheld;
  const auto breaks = BreaksBetween(month.statistics, month.inputs.series(), earlier_month, month.month);
  if (!breaks.empty()) {
    return Withheld(v1::WITHHELD_REASON_SERIES_BREAK,
                    absl::StrCat("series_break: ", breaks.back()->reason_en()));
  }
  const std::string what = absl::StrCat(growing.of.id.data(), " of ", MonthText(earlier_month));
  if (earlier == nullptr) {
    return Withheld(v1::WITHHELD_REASON_NO_EARLIER, absl::StrCat(what, " was not published"));
  }
  if (!earlier->withheld_because().empty()) {
    return Withheld(v1::WITHHELD_REASON_EARLIER_WITHHELD,
                    absl::StrCat(what, " was withheld: ", earlier->withheld_because()));
  }
  if (earlier->basis() != growing.now.frame.basis()) {
    return Withheld(v1::WITHHELD_REASON_OTHER_BASIS,
                    absl::StrCat(what, " is of basis ", EnumLabel(earlier->basis()), ", and this month of ",
                                 EnumLabel(growing.now.frame.basis())));
  }
  const auto exact = ParseRational(earlier->exact());
  if (!exact.ok()) return Withheld(v1::WITHHELD_REASON_NO_EARLIER, absl::StrCat(what, " has no exact value"));
  if (*exact == 0) return Withheld(v1::WITHHELD_REASON_NOTHING_COUNTED, absl::StrCat(what, " is 0"));
  return std::nullopt;
}

// That of this month joins that of the earlier, and each could be told from the other.
bool IsErrorOfFew(const Quantity& now, const v1::Figure& earlier) {
  return now.error_is_of_few || (!earlier.standard_error().empty() && !earlier.error_is_of_many());
}

Quantity Growth(const Growing& growing, int lag, const SeriesMonth& month) {
  const Month earlier_month = AddMonths(month.month, -lag);
  const v1::Figure* earlier = FindEarlier(growing, MonthText(earlier_month), month.inputs);
  Quantity growth{.frame = growing.now.frame,
                  .withheld = WhyWithheld(growing, earlier, earlier_month, month)};
  if (growth.is_withheld()) return growth;
  if (HasNote(*earlier, v1::FIGURE_NOTE_SIMULATED)) AddNote(v1::FIGURE_NOTE_SIMULATED, growth.frame);
  if (HasNote(*earlier, v1::FIGURE_NOTE_SAMPLED)) AddNote(v1::FIGURE_NOTE_SAMPLED, growth.frame);
  const Rational before = *ParseRational(earlier->exact());
  AddStep(absl::StrCat(growing.of.id.data(), " of ", MonthText(month.month)), growing.now.value,
          growing.of.unit, growth.frame);
  AddStep(absl::StrCat(growing.of.id.data(), " of ", earlier->month(), ", vintage ", earlier->vintage()),
          before, growing.of.unit, growth.frame);
  const Rational ratio = growing.now.value / before;
  growth.value = ratio - 1;
  growth.variance = growing.now.variance / (before * before) + ratio * ratio * RelativeVariance(*earlier);
  growth.error_is_of_few = IsErrorOfFew(growing.now, *earlier);
  return growth;
}

}  // namespace

std::string LagLabel(int months) { return absl::StrCat(months, "_months"); }

void AppendGrowth(const Growing& growing, const SeriesMonth& month, std::vector<v1::Figure>& figures) {
  for (const int lag : kLagsInMonths) {
    FigureLabels labels = growing.labels;
    labels["lag"] = LagLabel(lag);
    figures.push_back(ToFigure(growing.kind, Growth(growing, lag, month), labels, month));
  }
}

}  // namespace kansoku::aggregator
