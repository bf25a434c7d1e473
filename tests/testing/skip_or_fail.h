// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace kansoku::testing {

// Ends a test that cannot run for want of something: `return SkipOrFail(...)`. Where CI is "true" nothing may
// be missing, so the test fails; elsewhere it is skipped. Either way it says what to do.
inline void SkipOrFail(const std::string& lack) {
  const char* ci = std::getenv("CI");
  if (ci != nullptr && std::string_view(ci) == "true") FAIL() << lack;
  GTEST_SKIP() << lack;
}

}  // namespace kansoku::testing
