// SPDX-License-Identifier: Apache-2.0
#include "aggregator/vintage/figure_stamp.h"

#include <utility>

namespace kansoku::aggregator {

void PutFigures(std::vector<v1::Figure> figures, v1::Vintage& vintage) {
  vintage.clear_figures();
  for (v1::Figure& figure : figures) {
    figure.set_vintage(vintage.number());
    figure.set_state(vintage.state());
    figure.set_computed_unix_seconds(vintage.computed_unix_seconds());
    figure.set_register_digest(vintage.register_digest());
    *vintage.add_figures() = std::move(figure);
  }
}

}  // namespace kansoku::aggregator
