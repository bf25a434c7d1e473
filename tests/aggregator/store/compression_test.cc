// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/compression.h"

#include <gtest/gtest.h>

namespace kansoku::aggregator {
namespace {

TEST(Compression, GivesTheSameBytesAgain) {
  for (const std::string& bytes : {std::string(), std::string("a"), std::string(100'000, '\0')}) {
    EXPECT_EQ(*Decompress(Compress(bytes)), bytes);
  }
  EXPECT_LT(Compress(std::string(100'000, 'x')).size(), 200u);
}

TEST(Compression, TellsDamage) {
  const std::string whole = Compress("one, two, one, two, one, two");
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(Decompress(whole.substr(0, size)).status().code(), absl::StatusCode::kDataLoss) << size;
  }
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    EXPECT_EQ(Decompress(damaged).status().code(), absl::StatusCode::kDataLoss) << at;
  }
}

}  // namespace
}  // namespace kansoku::aggregator
