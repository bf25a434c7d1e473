// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "aggregator/figures/monthly_figures.h"
#include "aggregator/figures/quantity.h"
#include "tests/aggregator/figures/figure_literals.h"
#include "tests/aggregator/figures/month_literals.h"

namespace kansoku::aggregator {

// Three ISPs with an A1 point each at 100, 200 and 300 bit/s down and 10, 20, 30 up.
struct ThreeIsps {
  v1::Statistics statistics = EmptyRegister();
  v1::MonthInputs inputs = EmptyInputs(v1::SERIES_FIXED, "2024-11");

  ThreeIsps() {
    for (int i = 1; i <= 3; ++i) {
      const std::string name(1, static_cast<char>('a' + i - 1));
      AddPoint(name, v1::GROUP_A1, AddContributor(v1::SERIES_FIXED, "isp-" + name, statistics));
      AddSteady(name, v1::GROUP_A1, 45'000 * i, 4'500 * i, inputs);
    }
    AddShare("2024-11", "0.5", statistics);
    AddContracts(v1::SERIES_FIXED, "2024-09", "", 10, statistics);
  }
  std::vector<v1::Figure> Figures() const { return MonthlyFigures(inputs, statistics); }
  v1::Figure Get(const std::string& id, const FigureLabels& labels = {}) const {
    return Find(Figures(), id, labels);
  }
};

}  // namespace kansoku::aggregator
