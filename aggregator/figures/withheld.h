// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "kansoku/v1/figure.pb.h"

namespace kansoku::aggregator {

// Why there is no value: in one word for whoever translates or counts, and in English with details. Made of
// both or not at all.
struct Withheld {
  Withheld(v1::WithheldReason its_reason, std::string its_because)
      : reason(its_reason), because(std::move(its_because)) {}

  v1::WithheldReason reason;
  std::string because;
};

// Takes the figure's numbers away and says why. Pure; any thread.
void Withhold(const Withheld& why, v1::Figure& figure);

}  // namespace kansoku::aggregator
