// SPDX-License-Identifier: Apache-2.0
#include "collector/export/report_queue.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/collector/export/sample_report.h"

namespace kansoku::collector {
namespace {

uint64_t Packets(const v1::SequencedReport& entry) {
  return entry.has_tombstone() ? entry.tombstone().captured_packets()
                               : entry.report().measurement().ledger().captured_packets();
}

TEST(ReportQueue, GivesReportsBackInOrder) {
  ReportQueue queue(10);
  for (uint64_t n = 1; n <= 3; ++n) EXPECT_TRUE(queue.Push(SampleReport(n)));
  const auto first = queue.Pop(2, absl::ZeroDuration());
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(Packets(first[0]), 1u);
  EXPECT_EQ(Packets(first[1]), 2u);
  EXPECT_EQ(queue.counts().waiting, 1u);
  EXPECT_EQ(Packets(queue.Pop(2, absl::ZeroDuration()).at(0)), 3u);
  EXPECT_TRUE(queue.Pop(2, absl::Milliseconds(1)).empty());
}

TEST(ReportQueue, TurnsTheOldestIntoTombstonesWhenFull) {
  ReportQueue queue(2);
  for (uint64_t n = 1; n <= 5; ++n) EXPECT_TRUE(queue.Push(SampleReport(n)));
  EXPECT_EQ(queue.counts().pushed, 5u);
  EXPECT_EQ(queue.counts().evicted, 3u);
  EXPECT_EQ(queue.counts().waiting, 2u);
  const auto entries = queue.Pop(10, absl::ZeroDuration());
  ASSERT_EQ(entries.size(), 5u);
  for (uint64_t n = 1; n <= 5; ++n) {
    EXPECT_EQ(Packets(entries[n - 1]), n);
    EXPECT_EQ(entries[n - 1].has_tombstone(), n <= 3);
  }
  EXPECT_EQ(entries[2].tombstone().reason(), v1::Tombstone::REASON_QUEUE_FULL);
  EXPECT_EQ(entries[2].tombstone().point(), "pppp");
  EXPECT_EQ(entries[2].tombstone().window_start_unix_seconds(), 30);
  EXPECT_EQ(entries[2].tombstone().window_seconds(), 10u);
}

TEST(ReportQueue, CountsReportsRightWhenOnlyTombstonesWereTaken) {
  ReportQueue queue(2);
  for (uint64_t n = 1; n <= 4; ++n) queue.Push(SampleReport(n));
  EXPECT_EQ(queue.Pop(1, absl::ZeroDuration()).size(), 1u);
  EXPECT_EQ(queue.counts().waiting, 2u);
  queue.Push(SampleReport(5));
  EXPECT_EQ(queue.counts().evicted, 3u);
  const auto entries = queue.Pop(10, absl::ZeroDuration());
  ASSERT_EQ(entries.size(), 4u);
  EXPECT_TRUE(entries[1].has_tombstone());
  EXPECT_TRUE(entries[2].has_report());
}

TEST(ReportQueue, MakesAFileWaitForRoomAndLosesNothing) {
  ReportQueue queue(2);
  std::thread file([&] {
    for (uint64_t n = 1; n <= 200; ++n) EXPECT_TRUE(queue.PushAndWait(SampleReport(n)));
    queue.Close();
  });
  uint64_t next = 1;
  while (next <= 200) {
    const auto entries = queue.Pop(3, absl::Seconds(30));
    ASSERT_LE(entries.size(), 2u);
    for (const v1::SequencedReport& entry : entries) {
      ASSERT_TRUE(entry.has_report());
      ASSERT_EQ(Packets(entry), next++);
    }
  }
  file.join();
  EXPECT_EQ(queue.counts().evicted, 0u);
}

TEST(ReportQueue, ReleasesTheWaitingWhenClosedAndKeepsWhatIsInside) {
  ReportQueue queue(1);
  queue.Push(SampleReport(1));
  std::thread waiting([&] { EXPECT_FALSE(queue.PushAndWait(SampleReport(2))); });
  queue.Close();
  waiting.join();
  EXPECT_FALSE(queue.Push(SampleReport(3)));
  EXPECT_EQ(queue.counts().refused, 2u);
  EXPECT_EQ(queue.Pop(5, absl::InfiniteDuration()).size(), 1u);
  EXPECT_TRUE(queue.Pop(5, absl::InfiniteDuration()).empty());
}

TEST(ReportQueue, RemembersAnInterruption) {
  ReportQueue queue(1);
  queue.Interrupt();
  EXPECT_TRUE(queue.Pop(1, absl::InfiniteDuration()).empty());
  queue.Push(SampleReport(1));
  queue.Interrupt();
  EXPECT_TRUE(queue.Pop(0, absl::InfiniteDuration()).empty());
  EXPECT_EQ(queue.Pop(1, absl::InfiniteDuration()).size(), 1u);
}

}  // namespace
}  // namespace kansoku::collector
