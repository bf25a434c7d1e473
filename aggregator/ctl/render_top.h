// SPDX-License-Identifier: Apache-2.0
//
// The picture of `kansokuctl top`. Pure; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/time/time.h"
#include "aggregator/ctl/question.h"

namespace kansoku::aggregator {

// What is asked for one picture.
struct TopFrame {
  std::string address;
  absl::Time now;
  v1::ListPointsResponse points;
  v1::GetLedgerResponse ledger;
  v1::TimeRange range;  // of the traffic
  uint32_t step_seconds = 10;
  v1::GetTrafficResponse traffic;  // by ISP, access and direction, a row for each step
};

// Packets that a point ever lost before they were counted, for whatever reason.
using LostPackets = std::map<std::string, uint64_t>;
LostPackets LostOf(const v1::GetLedgerResponse& ledger);

// The steps that a rate is the mean of: the last ones of the range.
inline constexpr int kStepsOfRate = 6;

// Two tables: rates by ISP, access and direction, and what each point loses and how late it is. `since`: what
// had been lost when somebody began to look; what is lost since then stands apart.
std::string TopText(const TopFrame& frame, TopOrder order, const LostPackets& since);

// The part of a text that fits: so many lines, each of so many characters.
std::string Clipped(const std::string& text, size_t columns, size_t lines);

}  // namespace kansoku::aggregator
