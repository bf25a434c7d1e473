// SPDX-License-Identifier: Apache-2.0
//
// Ports that lead and are withheld. Where one stands between others whose packets are told says within what
// bounds its own are, and that it leads is said by its name alone: one figure without rank, protocol and port
// stands for all of its kind and population.
#pragma once

#include <set>
#include <string>

#include "kansoku/v1/figure.pb.h"

namespace kansoku::aggregator {

// Of one period. One thread at a time.
class WithheldRanks {
 public:
  // Takes the labels off a port that is withheld. False: another stands for it.
  bool Keep(v1::Figure& figure);

 private:
  std::set<std::string> kept_;  // kind and population
};

}  // namespace kansoku::aggregator
