// SPDX-License-Identifier: Apache-2.0
#include "aggregator/open_files.h"

#include <sys/resource.h>

#include "gtest/gtest.h"

namespace kansoku::aggregator {
namespace {

TEST(OpenFiles, TheLimitIsRaisedToWhatTheSystemAllows) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit low = before;
  low.rlim_cur = 100;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  const auto raised = RaiseOpenFileLimit();
  ASSERT_TRUE(raised.ok()) << raised.status();
  EXPECT_EQ(*raised, before.rlim_max);
  rlimit after{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, before.rlim_max);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST(OpenFiles, TooFewAreSaid) {
  EXPECT_EQ(OpenFileShortfall(1'200, 1'000), "");
  EXPECT_EQ(OpenFileShortfall(1'199, 1'000),
            "only 1199 files may be open, too few for the 1000 collectors of the registry: those that come "
            "last will not get in; allow 1200 (LimitNOFILE of the systemd unit, ulimit -n -H)");
}

}  // namespace
}  // namespace kansoku::aggregator
