// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/quantity.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_format.h"

namespace kansoku::aggregator {
namespace {

struct Print {
  std::string unit;
  Rational factor = 1;
  int digits = 0;
};

Print PrintOf(const FigureKind& kind, const SeriesMonth& month) {
  const v1::Presentation* presentation = FindPresentation(month.statistics, kind.id, month.month);
  if (presentation == nullptr) return {.unit = std::string(kind.unit), .digits = kind.digits};
  Integer power;
  mpz_ui_pow_ui(power.get_mpz_t(), 10, presentation->power_of_ten());
  const bool is_percent = kind.unit == "ratio" && presentation->unit() == "%";
  return {.unit = presentation->unit(),
          .factor = QuotientOf(is_percent ? 100 : 1, power),
          .digits = static_cast<int>(presentation->digits())};
}

// printf rounds a half to even, and an error has no exact value to round.
std::string RoundError(double error, int digits) {
  const double scale = std::pow(10, digits);
  return absl::StrFormat("%.*f", digits, std::round(error * scale) / scale);
}

}  // namespace

void AddStep(std::string_view what, const Rational& value, std::string_view unit, v1::Figure& frame) {
  v1::FigureStep& step = *frame.add_steps();
  step.set_what(std::string(what));
  step.set_value(RationalText(value));
  step.set_unit(std::string(unit));
}

Quantity Times(const Rational& factor, Quantity quantity) {
  quantity.value *= factor;
  quantity.variance *= factor * factor;
  return quantity;
}

v1::Figure ToFigure(const FigureKind& kind, const Quantity& quantity, const FigureLabels& labels,
                    const SeriesMonth& month) {
  v1::Figure figure = quantity.frame;
  const Print print = PrintOf(kind, month);
  figure.set_id(std::string(kind.id));
  figure.set_method(std::string(kind.method));
  figure.set_base_unit(std::string(kind.unit));
  figure.set_unit(print.unit);
  figure.mutable_labels()->insert(labels.begin(), labels.end());
  if (quantity.is_withheld()) {
    Withhold(*quantity.withheld, figure);
    return figure;
  }
  figure.set_exact(RationalText(quantity.value));
  figure.set_value(ToDecimal(quantity.value * print.factor, print.digits));
  if (quantity.variance > 0) {
    const Rational variance = quantity.variance * print.factor * print.factor;
    figure.set_standard_error(RoundError(std::sqrt(variance.get_d()), print.digits));
    figure.set_error_is_of_many(!quantity.error_is_of_few);
  }
  return figure;
}

}  // namespace kansoku::aggregator
