// SPDX-License-Identifier: Apache-2.0
#include "proto/terminal/progress.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "tests/testing/terminal.h"

namespace kansoku {
namespace {

constexpr absl::Time kStart = absl::FromUnixSeconds(1'730'419'200);
constexpr char kAway[] = "\r\x1b[K";

TEST(ProgressText, SaysTheShareAndWhatIsLeft) {
  EXPECT_EQ(ProgressText("reading day.pcap", 0, 25, 100, absl::Seconds(10)),
            "reading day.pcap: 25 %, about 30s left");
  EXPECT_EQ(ProgressText("reading", 0, 1, 300, absl::Seconds(1)), "reading: 0 %, about 4m59s left");
  EXPECT_EQ(ProgressText("reading", 0, 100, 100, absl::Seconds(10)), "reading: 100 %");
}

TEST(ProgressText, EstimatesFromWhatWasDoneMeanwhile) {
  EXPECT_EQ(ProgressText("reading", 50, 75, 100, absl::Seconds(10)), "reading: 75 %, about 10s left");
}

TEST(ProgressText, EstimatesNothingFromNothing) {
  EXPECT_EQ(ProgressText("reading", 0, 0, 100, absl::Seconds(10)), "reading: 0 %");
  EXPECT_EQ(ProgressText("reading", 0, 50, 100, absl::Milliseconds(999)), "reading: 50 %");
  EXPECT_EQ(ProgressText("reading", 0, 50, 0, absl::Seconds(10)), "reading ...");
  EXPECT_EQ(ProgressText("reading", 0, 101, 100, absl::Seconds(10)), "reading ...") << "it has grown";
}

TEST(Progress, DrawsOverItsLineAndTakesItAway) {
  testing::Terminal terminal(80, 24);
  {
    Progress progress(terminal.program_side(), "reading");
    progress.Tell(0, 100, kStart);
    progress.Tell(1, 100, kStart + absl::Milliseconds(99));  // too soon to be drawn
    progress.Tell(25, 100, kStart + absl::Seconds(10));
  }
  ASSERT_EQ(write(terminal.program_side(), "next", 4), 4);
  EXPECT_EQ(terminal.WaitFor("next"),
            std::string(kAway) + "reading: 0 %" + kAway + "reading: 25 %, about 30s left" + kAway + "next");
}

TEST(Progress, StaysWithinTheTerminalsLine) {
  testing::Terminal terminal(20, 24);
  {
    Progress progress(terminal.program_side(), "reading a-capture-with-a-long-name.pcap");
    progress.Tell(0, 100, kStart);
  }
  ASSERT_EQ(write(terminal.program_side(), "next", 4), 4);
  EXPECT_EQ(terminal.WaitFor("next"), std::string(kAway) + "reading a-capture-w" + kAway + "next");
}

TEST(Progress, DrawsNothingBeforeThereIsAny) {
  testing::Terminal terminal(80, 24);
  {
    const Progress progress(terminal.program_side(), "reading");
  }
  ASSERT_EQ(write(terminal.program_side(), "next", 4), 4);
  EXPECT_EQ(terminal.WaitFor("next"), "next");
}

TEST(Progress, IsSilentInAPipe) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  {
    Progress progress(ends[1], "reading");
    progress.Tell(0, 100, kStart);
    progress.Tell(50, 100, kStart + absl::Seconds(10));
  }
  close(ends[1]);
  char octet;
  EXPECT_EQ(read(ends[0], &octet, 1), 0);
  close(ends[0]);
}

}  // namespace
}  // namespace kansoku
