// SPDX-License-Identifier: Apache-2.0
//
// A spool whose last transactions are lost, while the account beside it tells of them: what they gave up
// stays given up.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/collector/export/spool_file.h"

namespace kansoku::collector {
namespace {

class SpoolSetBackTest : public SpoolFile {
 protected:
  std::string Database() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void SetBackTo(const std::string& database) const {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << database;
  }
};

// What a lost transaction made a tombstone may have been sent as one. As a report it would be acknowledged
// without having been counted.
TEST_F(SpoolSetBackTest, BringsNoReportBackThatGaveWay) {
  const uint64_t room_for_three = 3 * SampleEntry(1).report().ByteSizeLong();
  Append(*Open(), 1, 3);
  const std::string before = Database();
  Append(*Open(room_for_three), 4, 5);
  SetBackTo(before);
  const auto spool = Open();
  EXPECT_EQ(Summary(ReadAll(*spool)), "1:t1 2:t2 3:3");
  ASSERT_TRUE(spool->TrimThrough(3).ok());
  EXPECT_EQ(Account(*spool), "5 = 1 + 0 + 4");
}

TEST_F(SpoolSetBackTest, LeavesATombstoneEvictedWhoseFateWasDecidedInALostTransaction) {
  const uint64_t room_for_three = 3 * SampleEntry(1).report().ByteSizeLong();
  {
    const auto spool = Open(room_for_three);
    Append(*spool, 1, 3);
    ASSERT_TRUE(spool->Append(std::vector{SampleEntry(4)}, absl::UnixEpoch(), 3).ok());  // 1 is on its way
  }
  const std::string before = Database();
  ASSERT_TRUE(Open()->Settle(0).ok());  // and did not arrive
  SetBackTo(before);
  const auto spool = Open();
  EXPECT_EQ(Summary(ReadAll(*spool)), "1:t1 2:2 3:3 4:4");
  ASSERT_TRUE(spool->TrimThrough(4).ok());
  EXPECT_EQ(Account(*spool), "4 = 3 + 0 + 1");
}

}  // namespace
}  // namespace kansoku::collector
