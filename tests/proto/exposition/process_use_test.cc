// SPDX-License-Identifier: Apache-2.0
#include "proto/exposition/process_use.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace kansoku {
namespace {

const absl::Time kStarted = absl::FromUnixSeconds(1'730'419'200);

TEST(ProcessUse, GrowsWithWhatIsTaken) {
  const v1::ProcessUse before = ReadProcessUse(kStarted);
  EXPECT_EQ(before.started_unix_seconds(), 1'730'419'200);
  constexpr size_t kTaken = 64 << 20;
  std::vector<char> taken(kTaken);
  std::memset(taken.data(), 1, taken.size());
  const v1::ProcessUse with_it = ReadProcessUse(kStarted);
  EXPECT_GT(with_it.resident_bytes(), before.resident_bytes() + kTaken / 2);
  // Until the kernel has noticed: it counts in ticks of some milliseconds.
  volatile uint64_t work = 0;
  while (ReadProcessUse(kStarted).cpu_milliseconds() <= with_it.cpu_milliseconds()) work = work + 1;
  EXPECT_GT(work, 0u);
}

}  // namespace
}  // namespace kansoku
