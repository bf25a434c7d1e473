// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/two_sided_source.h"

#include <gtest/gtest.h>

#include "tests/testing/scripted_source.h"

namespace kansoku::collector {
namespace {

using testing::ScriptedSource;
using Answers = std::deque<ScriptedSource::Answer>;

constexpr int64_t kMs = 1'000'000;
constexpr int64_t kStart = 1'700'000'000'000 * kMs;

class TwoSidedSourceTest : public ::testing::Test {
 protected:
  // Times in milliseconds after the start; an answer without any is silence.
  void Open(const std::vector<std::vector<int>>& received, const std::vector<std::vector<int>>& sent) {
    const auto scripted = [](const std::vector<std::vector<int>>& polls) {
      Answers answers;
      for (const std::vector<int>& poll : polls) {
        ScriptedSource::Answer& answer = answers.emplace_back();
        for (const int at : poll) answer.captured_unix_ns.push_back(kStart + at * kMs);
      }
      return std::make_unique<ScriptedSource>(std::move(answers));
    };
    source_ = std::make_unique<TwoSidedSource>(scripted(received), scripted(sent));
  }

  // What one poll hands over, in milliseconds after the start.
  std::vector<int64_t> Poll() {
    std::vector<int64_t> seen;
    const absl::StatusOr<PollState> state = source_->Poll([&](std::span<const PacketView> burst) {
      for (const PacketView& packet : burst) seen.push_back((packet.captured_unix_ns - kStart) / kMs);
    });
    EXPECT_TRUE(state.ok()) << state.status();
    state_ = *state;
    delivered_ += seen.size();
    EXPECT_EQ(source_->Stats().received_packets, delivered_);
    return seen;
  }

  std::unique_ptr<TwoSidedSource> source_;
  PollState state_ = PollState::kEnd;
  uint64_t delivered_ = 0;
};

using Times = std::vector<int64_t>;

TEST_F(TwoSidedSourceTest, ASideWaitsWithANewSecondForTheOther) {
  Open({{100, 900}, {990, 1010, 1020}, {1030}}, {{200}, {910}, {950, 999, 1005}, {1040}});
  EXPECT_EQ(Poll(), (Times{100, 900, 200}));  // the first second of each
  EXPECT_EQ(Poll(), (Times{990, 910}));
  EXPECT_EQ(Poll(), (Times{950, 999, 1010, 1020, 1005}));
  EXPECT_EQ(Poll(), (Times{1030, 1040}));
  EXPECT_EQ(state_, PollState::kMore);
  EXPECT_EQ(Poll(), Times{});
  EXPECT_EQ(state_, PollState::kIdle);
}

TEST_F(TwoSidedSourceTest, ASilentSideIsPolledInVainOnceMore) {
  Open({{}, {}, {900}, {}, {}}, {{1, 2}, {500}, {1010}, {1020}, {1500}});
  EXPECT_EQ(Poll(), Times{});  // the silence was before the packets: there may be others with them
  EXPECT_EQ(Poll(), (Times{1, 2}));
  EXPECT_EQ(Poll(), (Times{900, 500}));
  EXPECT_EQ(Poll(), Times{});
  EXPECT_EQ(state_, PollState::kMore);
  EXPECT_EQ(Poll(), Times{1010});
  EXPECT_EQ(Poll(), Times{1020});
  EXPECT_EQ(Poll(), Times{1500});
  EXPECT_EQ(Poll(), Times{});
  EXPECT_EQ(state_, PollState::kIdle);
}

TEST_F(TwoSidedSourceTest, LaterSecondsFollowOneAfterTheOther) {
  Open({{100, 1100, 4100, 4200, 5100}}, {{200, 1200, 1201, 3200}});
  EXPECT_EQ(Poll(), (Times{100, 200}));
  EXPECT_EQ(Poll(), (Times{1100, 1200, 1201}));
  EXPECT_EQ(Poll(), Times{3200});
  EXPECT_EQ(Poll(), (Times{4100, 4200}));  // the sent side was polled in vain
  EXPECT_EQ(Poll(), Times{5100});
}

TEST_F(TwoSidedSourceTest, FollowsAClockThatWasSetBack) {
  Open({{100}, {-3'600'000, -3'599'990}, {-3'599'980}}, {{200}, {300}, {-3'599'995}});
  EXPECT_EQ(Poll(), (Times{100, 200}));
  EXPECT_EQ(Poll(), Times{300});
  EXPECT_EQ(Poll(), (Times{-3'600'000, -3'599'990, -3'599'995}));
  EXPECT_EQ(Poll(), Times{-3'599'980});
}

TEST_F(TwoSidedSourceTest, WhatIsFromBeforeAClockWasSetBackComesFirst) {
  Open({{100}, {-3'600'000}, {-3'599'000}}, {{200}, {1300}, {-3'599'990}, {-3'598'990}});
  EXPECT_EQ(Poll(), (Times{100, 200}));
  EXPECT_EQ(Poll(), Times{1300});
  EXPECT_EQ(Poll(), (Times{-3'600'000, -3'599'990}));
  EXPECT_EQ(Poll(), (Times{-3'599'000, -3'598'990}));
}

TEST_F(TwoSidedSourceTest, ALittleDisorderIsLetThrough) {
  Open({{1000}, {999, 1001}}, {{1000}});
  EXPECT_EQ(Poll(), (Times{1000, 1000}));
  EXPECT_EQ(Poll(), (Times{999, 1001}));
}

TEST(TwoSidedSource, IsDeafOnBothSides) {
  auto received = std::make_unique<ScriptedSource>(Answers()),
       sent = std::make_unique<ScriptedSource>(Answers());
  const ScriptedSource &received_side = *received, &sent_side = *sent;
  TwoSidedSource source(std::move(received), std::move(sent));
  EXPECT_TRUE(source.Deafen().ok());
  EXPECT_TRUE(received_side.is_deaf());
  EXPECT_TRUE(sent_side.is_deaf());
}

}  // namespace
}  // namespace kansoku::collector
