// SPDX-License-Identifier: Apache-2.0
#include "aggregator/register/register_text.h"

#include <gtest/gtest.h>

#include <string>

namespace kansoku::aggregator {
namespace {

RegisterFiles SmallRegister() {
  return {{"register.yaml",
           "publisher: {name_ja: 局, name_en: Office, contact: c}\n"
           "contributors:\n"
           "  - {isp: kita, name_ja: 北, name_en: Kita, series: fixed, member_since: 2023-01, "
           "points: [{point: k, group: a1}]}\n"},
          {"holidays.csv", "date,name_ja,name_en\n2024-11-04,振替休日,Substitute holiday\n"}};
}

TEST(RegisterText, FilesBecomeOneMessage) {
  RegisterFiles files = SmallRegister();
  files["contracts.csv"] =
      "series,quarter,released,contributor,contracts,source\nfixed,2024-09,2024-12-20,kita,12,MIC\n";
  files["coverage.csv"] = "month,basis,share,released,source\n2024-11,contract_share,0.439,2025-02-01,MIC\n";
  files["breaks.csv"] = "series,month,reason_ja,reason_en,source\nfixed,2017-05,不連続,Not continuous,MIC\n";
  files["presentations.csv"] = "figure,since,unit,power_of_ten,digits\nfixed_coverage,2004-09,%,0,1\n";
  const absl::StatusOr<Register> read = ParseRegister(files, "r");
  ASSERT_TRUE(read.ok()) << read.status();
  const v1::Statistics& statistics = read->statistics;
  EXPECT_EQ(statistics.register_().publisher().name_ja(), "局");
  EXPECT_EQ(statistics.register_().contributors(0).points(0).group(), v1::GROUP_A1);
  EXPECT_EQ(statistics.contracts(0).contracts(), 12u);
  EXPECT_EQ(statistics.coverage(0).share(), "0.439");
  EXPECT_EQ(statistics.holidays(0).name_ja(), "振替休日");
  EXPECT_EQ(statistics.breaks(0).reason_en(), "Not continuous");
  EXPECT_EQ(statistics.presentations(0).unit(), "%");
}

TEST(RegisterText, DefaultsAreInPlace) {
  const absl::StatusOr<Register> read = ParseRegister(SmallRegister(), "r");
  ASSERT_TRUE(read.ok()) << read.status();
  const v1::StatisticsRegister& settings = read->statistics.register_();
  EXPECT_EQ(settings.octets_basis(), v1::OCTETS_BASIS_L3);
  EXPECT_EQ(settings.coverage_basis(), v1::COVERAGE_BASIS_CONTRACT_SHARE);
  EXPECT_EQ(settings.slot_offset_hours(), 1u);
  EXPECT_EQ(settings.grace_days(), 20u);
  EXPECT_FALSE(settings.simulated());
  EXPECT_EQ(read->statistics.contracts_size(), 0);
}

TEST(RegisterText, WithoutTheseFilesNothingIsRead) {
  RegisterFiles files = SmallRegister();
  files.erase("holidays.csv");
  const absl::Status no_holidays = ParseRegister(files, "r").status();
  EXPECT_EQ(no_holidays.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(no_holidays.message(), "r/holidays.csv: missing; without it holidays would count as weekdays");
  const absl::Status no_settings = ParseRegister({}, "r").status();
  EXPECT_EQ(no_settings.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(no_settings.message(), "r/register.yaml: missing; it says who publishes and who contributes");
}

TEST(RegisterText, TheDigestIsWhatSha256sumPrints) {
  // cd FOLDER && sha256sum holidays.csv register.yaml | sha256sum
  const std::string expected = "7a1d2b28c9602b3013e82a0a4b42ca8e017de22af8c37cbf24ad682ac75cba41";
  EXPECT_EQ(RegisterDigest(SmallRegister()), expected);
  const absl::StatusOr<Register> read = ParseRegister(SmallRegister(), "r");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->digest, expected);
}

TEST(RegisterText, TheDigestIsOfEveryNameAndByte) {
  const std::string before = RegisterDigest(SmallRegister());
  RegisterFiles comment = SmallRegister(), renamed = SmallRegister(), more = SmallRegister();
  comment["register.yaml"] += "#\n";
  EXPECT_NE(RegisterDigest(comment), before);
  renamed["breaks.csv"] = renamed["holidays.csv"];
  renamed.erase("holidays.csv");
  EXPECT_NE(RegisterDigest(renamed), before);
  more["breaks.csv"] = "";
  EXPECT_NE(RegisterDigest(more), before);
}

}  // namespace
}  // namespace kansoku::aggregator
