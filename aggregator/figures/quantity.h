// SPDX-License-Identifier: Apache-2.0
//
// A number on its way to a figure. Pure; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/rational.h"
#include "aggregator/figures/series_month.h"
#include "aggregator/figures/withheld.h"
#include "kansoku/v1/figure.pb.h"

namespace kansoku::aggregator {

// Exact, in the base unit of the figure it is to become.
struct Quantity {
  v1::Figure frame;  // what the figure says beside its number, and the steps so far
  Rational value;
  Rational variance;  // of the value, where packets were sampled
  // Fewer ISPs sample than the register tells of, so that the error would tell of single ones.
  bool error_is_of_few = false;
  std::optional<Withheld> withheld = std::nullopt;  // there is no value

  bool is_withheld() const { return withheld.has_value(); }
};

// The step is exact, as the figure is.
void AddStep(std::string_view what, const Rational& value, std::string_view unit, v1::Figure& frame);

// The quantity times the factor, with its variance.
Quantity Times(const Rational& factor, Quantity quantity);

using FigureLabels = std::map<std::string, std::string>;

// As the register prints this kind of figure in its month, rounded once; as the catalogue does where the
// register says nothing. A ratio that is printed in "%" is multiplied by 100.
v1::Figure ToFigure(const FigureKind& kind, const Quantity& quantity, const FigureLabels& labels,
                    const SeriesMonth& month);

}  // namespace kansoku::aggregator
