// SPDX-License-Identifier: Apache-2.0
#include "collector/export/delivery.h"

#include <gtest/gtest.h>

namespace kansoku::collector {
namespace {

constexpr DeliveryOptions kOptions = {.max_batch_bytes = 100,
                                      .max_bytes_in_flight = 250,
                                      .acknowledgement_deadline = absl::Seconds(20),
                                      .max_backoff = absl::Seconds(30)};

absl::Time At(double seconds) { return absl::UnixEpoch() + absl::Seconds(seconds); }

// Welcomed at second 0, with reports 1 to 10 to send.
Delivery Streaming(DeliveryOptions options = kOptions) {
  Delivery delivery(options);
  delivery.Begin(At(0));
  EXPECT_TRUE(delivery.Welcome(0, 1, 10, At(0)).ok());
  return delivery;
}

TEST(Delivery, ConnectsAtOnceAndSendsNothingBeforeWelcome) {
  Delivery delivery(kOptions);
  EXPECT_EQ(delivery.phase(), Delivery::Phase::kPausing);
  EXPECT_EQ(delivery.due(), absl::InfinitePast());
  delivery.Begin(At(5));
  EXPECT_EQ(delivery.phase(), Delivery::Phase::kGreeting);
  EXPECT_FALSE(delivery.NextBatch(10).has_value());
  EXPECT_EQ(delivery.due(), At(25));
}

TEST(Delivery, StartsAfterWhatIsCommitted) {
  Delivery delivery(kOptions);
  delivery.Begin(At(0));
  ASSERT_TRUE(delivery.Welcome(4, 3, 10, At(0)).ok());
  EXPECT_EQ(delivery.committed_through(), 4u);
  EXPECT_EQ(delivery.NextBatch(10)->after_sequence, 4u);
}

TEST(Delivery, StartsAtTheOldestHeldWhenLessIsCommitted) {
  Delivery delivery(kOptions);
  delivery.Begin(At(0));
  ASSERT_TRUE(delivery.Welcome(0, 7, 10, At(0)).ok());
  EXPECT_EQ(delivery.NextBatch(10)->after_sequence, 6u);
}

TEST(Delivery, BoundsBatchesAndBytesInFlight) {
  Delivery delivery = Streaming();
  EXPECT_EQ(delivery.NextBatch(10)->max_bytes, 100u);
  delivery.Sent(2, 100, At(1));
  EXPECT_EQ(delivery.NextBatch(10)->after_sequence, 2u);
  delivery.Sent(4, 100, At(1));
  EXPECT_FALSE(delivery.NextBatch(10).has_value());  // 200 + 100 > 250
  EXPECT_EQ(delivery.bytes_in_flight(), 200u);
  ASSERT_TRUE(delivery.Acknowledge(2, At(2)).ok());
  EXPECT_EQ(delivery.bytes_in_flight(), 100u);
  EXPECT_EQ(delivery.NextBatch(10)->after_sequence, 4u);
  delivery.Sent(10, 100, At(2));
  ASSERT_TRUE(delivery.Acknowledge(10, At(3)).ok());
  EXPECT_EQ(delivery.bytes_in_flight(), 0u);
  EXPECT_FALSE(delivery.NextBatch(10).has_value());
}

TEST(Delivery, SendsMoreWithEachAcknowledgement) {
  DeliveryOptions options = kOptions;
  options.max_batch_bytes = 20'000;
  options.max_bytes_in_flight = 60'000;
  Delivery delivery(options);
  std::mt19937_64 random(1);
  for (int connection = 0; connection < 2; ++connection) {
    delivery.Begin(At(0));
    ASSERT_TRUE(delivery.Welcome(0, 1, 10, At(0)).ok());
    EXPECT_EQ(delivery.NextBatch(10)->max_bytes, 8'192u);
    delivery.Sent(1, 8'192, At(0));
    EXPECT_EQ(delivery.NextBatch(10)->max_bytes, 8'192u);
    delivery.Sent(2, 8'192, At(0));
    EXPECT_FALSE(delivery.NextBatch(10).has_value());  // 16,384 + 8,192 > 16,384
    ASSERT_TRUE(delivery.Acknowledge(2, At(0)).ok());
    EXPECT_EQ(delivery.NextBatch(10)->max_bytes, 16'384u);
    delivery.Sent(3, 16'384, At(0));
    ASSERT_TRUE(delivery.Acknowledge(3, At(0)).ok());
    EXPECT_EQ(delivery.NextBatch(10)->max_bytes, 20'000u);
    delivery.Sent(4, 20'000, At(0));
    EXPECT_TRUE(delivery.NextBatch(10).has_value());
    delivery.Sent(5, 20'000, At(0));
    EXPECT_FALSE(delivery.NextBatch(10).has_value());  // 40,000 + 20,000 > 49,152
    ASSERT_TRUE(delivery.Acknowledge(4, At(0)).ok());
    delivery.Sent(6, 20'000, At(0));
    EXPECT_TRUE(delivery.NextBatch(10).has_value());
    delivery.Sent(7, 1, At(0));
    EXPECT_FALSE(delivery.NextBatch(10).has_value());  // 40,001 + 20,000 > 60,000
    delivery.Lost(false, At(1), random);
  }
}

TEST(Delivery, KeepsTwoBatchesInFlight) {
  DeliveryOptions options = kOptions;
  options.max_batch_bytes = 1000;
  Delivery delivery = Streaming(options);
  EXPECT_EQ(delivery.NextBatch(10)->max_bytes, 125u);
  delivery.Sent(1, 125, At(0));
  EXPECT_EQ(delivery.NextBatch(10)->max_bytes, 125u);
  delivery.Sent(2, 9000, At(0));  // one large report
  EXPECT_FALSE(delivery.NextBatch(10).has_value());
}

TEST(Delivery, KeepsAPartlyAcknowledgedBatchInFlight) {
  Delivery delivery = Streaming();
  delivery.Sent(5, 100, At(1));
  ASSERT_TRUE(delivery.Acknowledge(3, At(2)).ok());
  EXPECT_EQ(delivery.committed_through(), 3u);
  EXPECT_EQ(delivery.bytes_in_flight(), 100u);
}

TEST(Delivery, IgnoresAnAcknowledgementThatSaysNothingNew) {
  Delivery delivery = Streaming();
  delivery.Sent(5, 100, At(1));
  ASSERT_TRUE(delivery.Acknowledge(5, At(2)).ok());
  ASSERT_TRUE(delivery.Acknowledge(4, At(3)).ok());
  EXPECT_EQ(delivery.committed_through(), 5u);
}

TEST(Delivery, RefusesAnAcknowledgementOfWhatWasNotSent) {
  Delivery delivery = Streaming();
  delivery.Sent(5, 100, At(1));
  EXPECT_EQ(delivery.Acknowledge(6, At(2)).code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(delivery.committed_through(), 0u);
  EXPECT_EQ(delivery.bytes_in_flight(), 100u);
}

TEST(Delivery, RefusesAnAcknowledgementBeforeWelcome) {
  std::mt19937_64 random(1);
  Delivery delivery = Streaming();
  delivery.Sent(5, 100, At(1));
  delivery.Lost(false, At(2), random);
  delivery.Begin(At(3));
  EXPECT_EQ(delivery.Acknowledge(5, At(3)).code(), absl::StatusCode::kOutOfRange);
}

TEST(Delivery, RefusesAWelcomeBeyondWhatWasGivenOut) {
  Delivery delivery(kOptions);
  delivery.Begin(At(0));
  EXPECT_EQ(delivery.Welcome(11, 1, 10, At(0)).code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(delivery.phase(), Delivery::Phase::kGreeting);
  EXPECT_TRUE(delivery.Welcome(10, 1, 10, At(0)).ok());
  EXPECT_EQ(delivery.Welcome(10, 1, 10, At(0)).code(), absl::StatusCode::kInvalidArgument);
}

TEST(Delivery, GivesUpWhenTheOldestBatchIsNotAcknowledgedInTime) {
  Delivery delivery = Streaming();
  EXPECT_EQ(delivery.due(), absl::InfiniteFuture());  // owed nothing
  delivery.Sent(2, 100, At(50));
  delivery.Sent(4, 100, At(60));
  EXPECT_EQ(delivery.due(), At(70));
  ASSERT_TRUE(delivery.Acknowledge(2, At(65)).ok());
  EXPECT_EQ(delivery.due(), At(85));  // something moved at 65
  ASSERT_TRUE(delivery.Acknowledge(4, At(66)).ok());
  EXPECT_EQ(delivery.due(), absl::InfiniteFuture());
}

TEST(Delivery, SendsAgainFromTheCommittedAfterALoss) {
  std::mt19937_64 random(1);
  Delivery delivery = Streaming();
  delivery.Sent(2, 100, At(1));
  delivery.Sent(4, 100, At(1));
  delivery.Lost(false, At(2), random);
  EXPECT_EQ(delivery.bytes_in_flight(), 0u);
  delivery.Begin(At(3));
  ASSERT_TRUE(delivery.Welcome(2, 1, 10, At(3)).ok());
  EXPECT_EQ(delivery.NextBatch(10)->after_sequence, 2u);
}

// The ceiling of the pauses is what many draws come close to and never pass.
absl::Duration LongestPause(int failures_before, bool refused, absl::Duration* shortest = nullptr) {
  std::mt19937_64 random(7);
  absl::Duration longest;
  if (shortest != nullptr) *shortest = absl::InfiniteDuration();
  for (int draw = 0; draw < 2000; ++draw) {
    Delivery delivery(kOptions);
    for (int i = 0; i < failures_before; ++i) delivery.Lost(false, At(0), random);
    const absl::Duration pause = delivery.Lost(refused, At(0), random);
    EXPECT_EQ(delivery.due(), At(0) + pause);
    longest = std::max(longest, pause);
    if (shortest != nullptr) *shortest = std::min(*shortest, pause);
  }
  return longest;
}

TEST(Delivery, DoublesThePauseUpToTheMaximumWithFullJitter) {
  for (const auto& [failures, ceiling] :
       {std::pair{0, 0.2}, {1, 0.4}, {2, 0.8}, {5, 6.4}, {7, 25.6}, {8, 30.0}, {40, 30.0}}) {
    absl::Duration shortest;
    const absl::Duration longest = LongestPause(failures, false, &shortest);
    EXPECT_LT(longest, absl::Seconds(ceiling));
    EXPECT_GT(longest, absl::Seconds(ceiling * 0.98));
    EXPECT_LT(shortest, absl::Seconds(ceiling * 0.02));
  }
}

TEST(Delivery, WaitsLongAfterARefusal) {
  absl::Duration shortest;
  EXPECT_LT(LongestPause(0, true, &shortest), absl::Seconds(30));
  EXPECT_GE(shortest, absl::Seconds(15));
}

TEST(Delivery, StartsOverWithShortPausesAfterProgress) {
  std::mt19937_64 random(3);
  Delivery delivery(kOptions);
  for (int i = 0; i < 10; ++i) delivery.Lost(false, At(0), random);
  delivery.Begin(At(1));
  ASSERT_TRUE(delivery.Welcome(0, 1, 10, At(1)).ok());
  delivery.Sent(1, 10, At(1));
  ASSERT_TRUE(delivery.Acknowledge(1, At(2)).ok());
  EXPECT_LT(delivery.Lost(false, At(3), random), absl::Milliseconds(200));
}

TEST(Delivery, PausesForAShortTimeBeforeItMoves) {
  std::mt19937_64 random(3);
  absl::Time latest = At(0);
  for (int draw = 0; draw < 2000; ++draw) {
    Delivery delivery = Streaming();
    for (int i = 0; i < 10; ++i) delivery.Lost(false, At(0), random);
    delivery.Move(At(0), random);
    EXPECT_EQ(delivery.phase(), Delivery::Phase::kPausing);
    latest = std::max(latest, delivery.due());
  }
  EXPECT_GT(latest, At(0.196));
  EXPECT_LT(latest, At(0.2));
}

TEST(Delivery, RepeatsItsPausesWithTheSameSeed) {
  std::mt19937_64 one(5), other(5);
  Delivery a(kOptions), b(kOptions);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(a.Lost(false, At(i), one), b.Lost(false, At(i), other));
}

}  // namespace
}  // namespace kansoku::collector
