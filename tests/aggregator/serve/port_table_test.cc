// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/port_table.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "tests/testing/temp_dir.h"

namespace kansoku::aggregator {
namespace {

constexpr uint32_t kTcp = 6;

TEST(PortTable, ReadsTheTableThatIsShipped) {
  const auto categories = ReadPortCategories(KANSOKU_SOURCE_DIR "/deploy/telescope/port_categories.csv");
  ASSERT_TRUE(categories.ok()) << categories.status();
  EXPECT_EQ(categories->Find(kTcp, 23, "2026-11-01"), PortCategory::kIot);
}

TEST(PortTable, SaysWhatIsWrongWithAFile) {
  const testing::TempDir folder;
  const std::string missing = folder.File("missing.csv"), bad = folder.File("bad.csv");
  const absl::Status absent = ReadPortCategories(missing).status();
  EXPECT_EQ(absent.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(absent.message(),
            "port_categories_path: " + missing +
                ": No such file or directory; deploy/telescope/port_categories.csv is one to "
                "begin with");
  std::ofstream(bad) << "protocol,port,category,also,valid_from,source\ntcp,23,printer,,2015-01-01,nobody\n";
  EXPECT_EQ(ReadPortCategories(bad).status().message(),
            bad + ":2: \"printer\" is no category; iot, http and windows are");
}

TEST(PortTable, IsTheOneThatWasTakenLast) {
  PortTable table;
  EXPECT_EQ(table.in_force(), nullptr);
  table.Take(PortCategories());
  const auto first = table.in_force();
  ASSERT_NE(first, nullptr);
  table.Take(PortCategories());
  EXPECT_NE(table.in_force(), first);
  EXPECT_FALSE(first->Find(kTcp, 23, "2026-11-01").has_value()) << "who reads it keeps it";
}

}  // namespace
}  // namespace kansoku::aggregator
