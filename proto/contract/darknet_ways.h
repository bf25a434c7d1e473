// SPDX-License-Identifier: Apache-2.0
//
// In which ways the packets of telescopes were told apart: by which key their sources, and by which version
// of the rules their classes. What was told in several ways is never added up (telescope.proto). Pure; any
// thread.
#pragma once

#include <cstdint>
#include <set>
#include <utility>

#include "kansoku/v1/report.pb.h"

namespace kansoku {

// Whether it tells anything of telescopes, be it that nothing came.
bool TellsOfTelescopes(const v1::Measurement& measurement);

// The key and rules by which sources were told apart; zeros: they were not.
using SourceWay = std::pair<uint64_t, uint32_t>;

// Adds the ways of its packets' sources: where none came, nobody had to be told apart.
void AddSourceWays(const v1::Measurement& measurement, std::set<SourceWay>& ways);

// Adds the versions of the rules that its packets' classes were told by; 0: before it was said.
void AddClassRules(const v1::DarknetTally& tally, std::set<uint32_t>& rules);
void AddClassRules(const v1::Measurement& measurement, std::set<uint32_t>& rules);

}  // namespace kansoku
