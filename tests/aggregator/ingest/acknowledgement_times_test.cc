// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/acknowledgement_times.h"

#include <gtest/gtest.h>

namespace kansoku::aggregator {
namespace {

TEST(AcknowledgementTimes, CountsBelowEachEdgeWhatTookNoLonger) {
  AcknowledgementTimes times;
  for (const int milliseconds : {10, 11, 250, 31'000}) times.Add(absl::Milliseconds(milliseconds));
  EXPECT_EQ(times.within, (std::array<uint64_t, 11>{1, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3}));
  EXPECT_EQ(times.count, 4u);
  EXPECT_DOUBLE_EQ(times.sum_seconds, 31.271);
}

}  // namespace
}  // namespace kansoku::aggregator
