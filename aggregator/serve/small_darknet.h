// SPDX-License-Identifier: Apache-2.0
//
// Which figures over all sensors may not be told, by the hours they are made of. Pure; any thread.
#pragma once

#include <bitset>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "aggregator/serve/small_parts.h"
#include "kansoku/v1/figure.pb.h"

namespace kansoku::aggregator {

// By their labels.
struct SmallDarknet {
  std::set<std::string> families;  // empty as well, for those of IPv4 that do not say so
  // By protocol. Most ports of a telescope are small, and they are remembered of years.
  std::map<std::string, std::bitset<1 << 16>> ports;
  std::set<std::pair<std::string, std::string>> family_classes;
  std::set<std::tuple<std::string, std::string, std::string>> classes;  // with their family and protocol
};

// What is small in this hour of DarknetByHour joins: what is small in any hour may not be told.
void AddSmallDarknet(const std::vector<TablePart>& hour, uint32_t fewest, SmallDarknet& small);

void Merge(const SmallDarknet& from, SmallDarknet& into);

// Whether the figure is of a port that is small.
bool IsOfSmallPort(const SmallDarknet& small, const v1::Figure& figure);

// Why it is withheld.
std::string BecauseOfFew(uint32_t fewest);

}  // namespace kansoku::aggregator
