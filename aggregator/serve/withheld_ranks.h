// SPDX-License-Identifier: Apache-2.0
//
// Ports that lead and are withheld. Where one stands between others whose packets are told says within what
// bounds its own are, and that it leads is said by its name alone: one figure without rank, protocol and port
// stands for all of its kind and population, after all others, and the ranks of those that are told close up.
#pragma once

#include <vector>

#include "kansoku/v1/figure.pb.h"

namespace kansoku::aggregator {

// Of one period, each kind and population in the order of its ranks. Pure; any thread.
std::vector<v1::Figure> CloseRanks(std::vector<v1::Figure> figures);

}  // namespace kansoku::aggregator
