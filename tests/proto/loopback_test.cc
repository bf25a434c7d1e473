// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/loopback.h"

#include <gtest/gtest.h>

namespace kansoku {
namespace {

TEST(IsLoopback, AcceptsWhatStaysOnThisMachine) {
  for (const char* here : {"127.0.0.1:50051", "127.255.255.254:0", "[::1]:1", "localhost:80"}) {
    EXPECT_TRUE(IsLoopback(here)) << here;
  }
}

TEST(IsLoopback, RefusesEverythingElse) {
  for (const char* away : {"0.0.0.0:1", "[::]:1", "128.0.0.1:1", "192.0.2.1:50051", "localhost.example:1",
                           "::1:1", "127.1:1", "127.0.0.1.example:1", "", ":1"}) {
    EXPECT_FALSE(IsLoopback(away)) << away;
  }
}

}  // namespace
}  // namespace kansoku
