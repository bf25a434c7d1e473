// SPDX-License-Identifier: Apache-2.0
#include "aggregator/register/register_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::aggregator {
namespace {

using ::kansoku::testing::TempDir;

constexpr char kSettings[] =
    "publisher: {name_ja: a, name_en: b, contact: c}\n"
    "contributors:\n"
    "  - {isp: kita, name_ja: a, name_en: b, series: fixed, member_since: 2023-01, "
    "points: [{point: k, group: a1}]}\n";
constexpr char kHolidays[] = "date,name_ja,name_en\n2024-11-04,a,b\n";

void Write(const TempDir& folder, const std::string& name, const std::string& text) {
  std::ofstream(folder.File(name), std::ios::binary) << text;
}

TEST(RegisterFolder, IsReadFromDisk) {
  const TempDir folder;
  Write(folder, "register.yaml", kSettings);
  Write(folder, "holidays.csv", kHolidays);
  Write(folder, "README.md", "not read");
  Write(folder, ".gitlab-ci.yml", "not read");
  Write(folder, "contracts.csv~", "not read");
  const absl::StatusOr<Register> read = ReadRegister(folder.path());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->statistics.holidays(0).date(), "2024-11-04");
  EXPECT_EQ(read->digest, RegisterDigest({{"register.yaml", kSettings}, {"holidays.csv", kHolidays}}));
}

TEST(RegisterFolder, MistakesAreNamedWithTheirFile) {
  const TempDir folder;
  Write(folder, "register.yaml", kSettings);
  Write(folder, "holidays.csv", "date,name_ja,name_en\n2024-11-31,a,b\n");
  EXPECT_EQ(ReadRegister(folder.path()).status().message(),
            absl::StrCat(folder.path(),
                         "/holidays.csv:2: date: \"2024-11-31\": expected a date such as 2024-11-01"));
}

TEST(RegisterFolder, AnEmptyTableIsNotAMissingOne) {
  const TempDir folder;
  Write(folder, "register.yaml", kSettings);
  Write(folder, "holidays.csv", kHolidays);
  Write(folder, "breaks.csv", "");
  EXPECT_EQ(ReadRegister(folder.path()).status().message(),
            absl::StrCat(folder.path(),
                         "/breaks.csv: empty; expected the line series,month,reason_ja,reason_en,source"));
}

TEST(RegisterFolder, AMisspeltTableIsRefused) {
  for (const char* name : {"contract.csv", "Contracts.csv", "settings.yaml", "register.yml"}) {
    const TempDir folder;
    Write(folder, "register.yaml", kSettings);
    Write(folder, "holidays.csv", kHolidays);
    Write(folder, name, "");
    const absl::Status status = ReadRegister(folder.path()).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(
        status.message(),
        absl::StrCat(folder.path(), "/", name,
                     ": not a file of a register; known are register.yaml, contracts.csv, coverage.csv, "
                     "holidays.csv, breaks.csv, presentations.csv"));
  }
}

TEST(RegisterFolder, MustBeAFolder) {
  const TempDir folder;
  Write(folder, "file", "");
  const std::string expected =
      "; expected a folder with register.yaml, contracts.csv, coverage.csv, holidays.csv, breaks.csv, "
      "presentations.csv";
  EXPECT_EQ(ReadRegister(folder.File("none")).status().message(),
            absl::StrCat(folder.File("none"), ": No such file or directory", expected));
  EXPECT_EQ(ReadRegister(folder.File("file")).status().message(),
            absl::StrCat(folder.File("file"), ": Not a directory", expected));
}

TEST(RegisterFolder, AFolderIsNoTable) {
  const TempDir folder;
  Write(folder, "register.yaml", kSettings);
  std::filesystem::create_directory(folder.File("holidays.csv"));
  EXPECT_EQ(ReadRegister(folder.path()).status().message(),
            absl::StrCat(folder.File("holidays.csv"), ": Is a directory"));
}

}  // namespace
}  // namespace kansoku::aggregator
