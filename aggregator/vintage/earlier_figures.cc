// SPDX-License-Identifier: Apache-2.0
#include "aggregator/vintage/earlier_figures.h"

#include <string>
#include <utility>
#include <vector>

#include "proto/contract/deterministic_bytes.h"

namespace kansoku::aggregator {
namespace {

// What the figures say, whichever vintages they are of.
std::string WhatTheySay(const v1::MonthInputs& inputs) {
  v1::MonthInputs said;
  *said.mutable_earlier() = inputs.earlier();
  for (v1::Figure& figure : *said.mutable_earlier()) figure.clear_vintage();
  return DeterministicBytes(said);
}

}  // namespace

absl::Status UpdateEarlierFigures(const StoreReader& store, v1::Series series, Month month,
                                  v1::MonthInputs& inputs) {
  v1::MonthInputs latest;
  for (const int lag : kGrowthLags) {
    const std::string earlier = MonthText(AddMonths(month, -lag));
    absl::StatusOr<std::vector<v1::Vintage>> vintages = store.Vintages({.series = series,
                                                                        .first_month = earlier,
                                                                        .last_month = earlier,
                                                                        .latest_only = true,
                                                                        .with_figures = true});
    if (!vintages.ok()) return vintages.status();
    for (v1::Vintage& vintage : *vintages) {
      for (v1::Figure& figure : *vintage.mutable_figures()) {
        if (figure.labels().contains("slot")) continue;
        figure.clear_steps();
        figure.clear_method();
        figure.clear_state();
        figure.clear_computed_unix_seconds();
        figure.clear_register_digest();
        *latest.add_earlier() = std::move(figure);
      }
    }
  }
  if (WhatTheySay(latest) != WhatTheySay(inputs)) inputs.mutable_earlier()->Swap(latest.mutable_earlier());
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
