// SPDX-License-Identifier: Apache-2.0
#include "collector/processors.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <thread>
#include <vector>

namespace kansoku::collector {
namespace {

uint32_t AllowedProcessor() {
  cpu_set_t allowed;
  EXPECT_EQ(sched_getaffinity(0, sizeof allowed, &allowed), 0);
  for (uint32_t i = 0; i < CPU_SETSIZE; ++i) {
    if (CPU_ISSET(i, &allowed)) return i;
  }
  return CPU_SETSIZE;
}

TEST(Processors, AThreadStaysWhereItIsBound) {
  const uint32_t processor = AllowedProcessor();
  std::thread([processor] {
    ASSERT_TRUE(BindThisThread(processor).ok());
    cpu_set_t allowed;
    ASSERT_EQ(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    EXPECT_EQ(CPU_COUNT(&allowed), 1);
    EXPECT_TRUE(CPU_ISSET(processor, &allowed));
  }).join();
}

TEST(Processors, OneThatThisProcessMayNotUseIsRefusedByNumber) {
  EXPECT_TRUE(CheckProcessors({}).ok());
  EXPECT_TRUE(CheckProcessors(std::vector<uint32_t>{AllowedProcessor()}).ok());
  const absl::Status status = CheckProcessors(std::vector<uint32_t>{AllowedProcessor(), 1023});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("may not run on processor 1023; it may on "), absl::string_view::npos)
      << status;
  EXPECT_FALSE(CheckProcessors(std::vector<uint32_t>{4'000'000'000}).ok());
}

}  // namespace
}  // namespace kansoku::collector
