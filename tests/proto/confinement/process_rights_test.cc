// SPDX-License-Identifier: Apache-2.0
#include "proto/confinement/process_rights.h"

#include <gtest/gtest.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/capture/capture_right.h"
#include "tests/testing/skip_or_fail.h"

namespace kansoku {
namespace {

constexpr int kHeld = 0;

// Whether the calling thread can make a packet socket.
bool CanCapture() {
  const int fd = socket(AF_PACKET, SOCK_RAW, 0);
  if (fd >= 0) close(fd);
  return fd >= 0;
}

// Each runs in a child of the test's, and ends it with the number of what did not hold.
class ProcessRights : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0 || !CanCapture())
      testing::SkipOrFail("giving up capabilities needs to have them: root");
  }
};

TEST_F(ProcessRights, CapturingIsPossibleOnlyWhileTheRightIsTaken) {
  EXPECT_EXIT(
      {
        if (!KeepOnlyCaptureRight(true).ok()) _exit(1);
        if (CanCapture()) _exit(2);
        {
          const collector::CaptureRight right;
          if (!CanCapture()) _exit(3);
          const collector::CaptureRight again;
          if (!CanCapture()) _exit(4);
        }
        _exit(CanCapture() ? 5 : kHeld);
      },
      ::testing::ExitedWithCode(kHeld), "");
}

TEST_F(ProcessRights, WithoutALiveLinkTheRightIsGoneForGood) {
  EXPECT_EXIT(
      {
        if (!KeepOnlyCaptureRight(false).ok()) _exit(1);
        const collector::CaptureRight right;
        if (CanCapture()) _exit(2);
        _exit(cap_get_bound(CAP_NET_RAW) == 0 ? kHeld : 3);
      },
      ::testing::ExitedWithCode(kHeld), "");
}

TEST_F(ProcessRights, ARightThatWasInEffectStaysInEffect) {
  {
    const collector::CaptureRight right;
    EXPECT_TRUE(CanCapture());
  }
  EXPECT_TRUE(CanCapture());
}

TEST(PrivateMemory, IsNeitherDumpedNorDebugged) {
  EXPECT_EXIT(
      {
        if (!KeepMemoryPrivate().ok()) _exit(1);
        rlimit core{};
        if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_cur != 0 || core.rlim_max != 0) _exit(2);
        _exit(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? kHeld : 3);
      },
      ::testing::ExitedWithCode(kHeld), "");
}

}  // namespace
}  // namespace kansoku
