// SPDX-License-Identifier: Apache-2.0
#include "proto/exposition/disk_use.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/testing/temp_dir.h"

namespace kansoku {
namespace {

TEST(DiskUse, IsThatOfTheFileAndItsLog) {
  const testing::TempDir folder;
  const std::string path = folder.File("store.sqlite");
  EXPECT_EQ(ReadDiskUse(path).bytes, 0u);
  std::ofstream(path) << std::string(1000, 'x');
  std::ofstream(path + "-wal") << std::string(234, 'x');
  EXPECT_EQ(ReadDiskUse(path).bytes, 1234u);
  EXPECT_GT(ReadDiskUse(path).free_bytes.value_or(0), 0u);
}

TEST(DiskUse, OfNoFolderSaysNothing) {
  EXPECT_EQ(ReadDiskUse("/nowhere/store.sqlite").free_bytes, std::nullopt);
}

}  // namespace
}  // namespace kansoku
