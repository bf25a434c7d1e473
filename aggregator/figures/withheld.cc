// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/withheld.h"

namespace kansoku::aggregator {

void Withhold(const Withheld& why, v1::Figure& figure) {
  figure.clear_value();
  figure.clear_exact();
  figure.clear_standard_error();
  figure.set_withheld_reason(why.reason);
  figure.set_withheld_because(why.because);
}

}  // namespace kansoku::aggregator
