// SPDX-License-Identifier: Apache-2.0
//
// Who answered a flood (DARKNET 1).
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <utility>
#include <vector>

#include "tests/aggregator/figures/source_literals.h"

namespace kansoku::aggregator {
namespace {

// Answers of one source, by the seconds from the day's start.
uint64_t Victims(const std::vector<std::pair<int64_t, uint64_t>>& answers, uint32_t window_seconds = 10) {
  DaySources sources(kPlenty);
  for (const auto& [second, packets] : answers) {
    EXPECT_TRUE(sources.Add(kDay + second, window_seconds, Of({Answers(1, packets)})).ok());
  }
  return Judged(sources).victims();
}

TEST(DayVictims, CallAVictimWhoseAnswersAreManyAndLong) {
  EXPECT_EQ(Victims({{0, 30}, {60, 1}}), 1u);
  EXPECT_EQ(Victims({{0, 29}, {60, 1}}), 0u);            // never 30 within a minute
  EXPECT_EQ(Victims({{0, 30}, {50, 1}}), 0u);            // shorter than a minute
  EXPECT_EQ(Victims({{0, 10}, {50, 20}, {60, 1}}), 1u);  // the minute may begin anywhere
  EXPECT_EQ(Victims({{0, 15}, {60, 15}}), 0u);
  EXPECT_EQ(Victims({{0, 30}, {301, 1}}), 0u);  // another flood
  EXPECT_EQ(Victims({{0, 1}, {301, 30}, {361, 1}}), 1u);
}

TEST(DayVictims, CallAVictimOfLongWindowsWhereAMinuteIsSureToHaveHadEnough) {
  EXPECT_EQ(Victims({{0, 150}, {300, 1}}, 300), 1u);
  EXPECT_EQ(Victims({{0, 149}, {300, 1}}, 300), 0u);  // may have come evenly
  EXPECT_EQ(Victims({{0, 1'000'000}}, 300), 0u);      // may have been shorter than a minute
  EXPECT_EQ(Victims({{0, 30}, {60, 1}}, 60), 1u);
}

// By definition: of floods, whose windows no pause above 300 seconds parts, 25 packets over 60 seconds and 30
// in the windows that begin within a minute.
bool IsVictimByDefinition(const std::vector<std::pair<int64_t, uint64_t>>& answers, uint64_t window_seconds) {
  for (size_t first = 0; first < answers.size(); ++first) {
    if (first > 0 && answers[first].first - answers[first - 1].first <= 300) continue;
    size_t end = first + 1;
    while (end < answers.size() && answers[end].first - answers[end - 1].first <= 300) ++end;
    uint64_t packets = 0, peak = 0;
    for (size_t i = first; i < end; ++i) {
      packets += answers[i].second;
      uint64_t in_minute = 0;
      for (size_t j = i; j < end && answers[j].first - answers[i].first < 60; ++j) {
        in_minute += answers[j].second * 60 / std::max<uint64_t>(window_seconds, 60);
      }
      peak = std::max(peak, in_minute);
    }
    if (packets >= 25 && peak >= 30 && answers[end - 1].first - answers[first].first >= 60) return true;
  }
  return false;
}

// Windows of several sensors may begin together.
TEST(DayVictims, CallAVictimWhoIsOneByDefinition) {
  std::mt19937_64 random(8);
  int victims = 0, others = 0;
  for (int turn = 0; turn < 2'000; ++turn) {
    const uint32_t window_seconds = std::array{1u, 10u, 60u, 300u}[random() % 4];
    const uint64_t most_packets = 1 + random() % 12, most_pause = 1 + random() % 40;
    std::vector<std::pair<int64_t, uint64_t>> answers;
    int64_t second = 0;
    for (uint64_t i = 1 + random() % 30; i > 0; --i) {
      answers.emplace_back(second, 1 + random() % most_packets);
      if (random() % 3 != 0) second += static_cast<int64_t>(random() % most_pause * window_seconds);
    }
    const bool is_victim = IsVictimByDefinition(answers, window_seconds);
    EXPECT_EQ(Victims(answers, window_seconds), is_victim ? 1u : 0u) << "turn " << turn;
    (is_victim ? victims : others) += 1;
  }
  EXPECT_GT(victims, 200);
  EXPECT_GT(others, 200);
}

}  // namespace
}  // namespace kansoku::aggregator
