// SPDX-License-Identifier: Apache-2.0
#include "aggregator/register/table_rules.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "aggregator/register/register_text.h"

namespace kansoku::aggregator {
namespace {

// kita and minami contribute to fixed, minami to mobile too.
constexpr char kSettings[] = R"(publisher: {name_ja: a, name_en: b, contact: c}
contributors:
  - {isp: kita, name_ja: a, name_en: b, series: fixed, member_since: 2023-01, points: [{point: k, group: a1}]}
  - {isp: minami, name_ja: a, name_en: b, series: fixed, member_since: 2023-01, points: [{point: m, group: a1}]}
  - {isp: minami, name_ja: a, name_en: b, series: mobile, member_since: 2023-01, points: [{point: n, group: a1}]}
)";

std::string Refusal(const std::string& file, const std::string& text) {
  RegisterFiles files = {{"register.yaml", kSettings}, {"holidays.csv", "date,name_ja,name_en\n"}};
  files[file] = text;
  return std::string(ParseRegister(files, "r").status().message());
}

std::string OfContracts(const std::string& rows) {
  return Refusal("contracts.csv",
                 absl::StrCat("series,quarter,released,contributor,contracts,source\n", rows));
}

TEST(TableRules, OrderlyCountsAreAccepted) {
  EXPECT_EQ(OfContracts("fixed,2024-09,2024-10-01,,100,s\n"
                        "fixed,2024-09,2024-10-01,kita,60,s\n"
                        "fixed,2024-09,2024-10-01,minami,40,s\n"
                        "fixed,2024-09,2024-10-02,kita,0,s\n"
                        "mobile,2024-09,2024-10-01,minami,500,s\n"
                        "fixed,2024-12,2025-01-01,kita,500,s\n"),
            "");
}

TEST(TableRules, CountsAreOfKnownContributors) {
  EXPECT_EQ(
      OfContracts("fixed,2024-09,2024-10-01,nishi,60,s\n"),
      "r/contracts.csv:2: contributor: \"nishi\": register.yaml has no such contributor to fixed; list it "
      "there, or take the row out");
  EXPECT_EQ(
      OfContracts("mobile,2024-09,2024-10-01,kita,60,s\n"),
      "r/contracts.csv:2: contributor: \"kita\": register.yaml has no such contributor to mobile; list it "
      "there, or take the row out");
}

TEST(TableRules, CountsAreReleasedAfterTheirQuarter) {
  EXPECT_EQ(
      OfContracts("fixed,2024-12,2024-12-31,,60,s\n"),
      "r/contracts.csv:2: released: \"2024-12-31\": before its quarter's end; expected 2025-01-01 or later");
}

TEST(TableRules, AMarketHasContracts) {
  EXPECT_EQ(
      OfContracts("fixed,2024-09,2024-10-01,,0,s\n"),
      "r/contracts.csv:2: contracts: \"0\": a market has contracts; take the row out if they are not known");
}

TEST(TableRules, ContributorsHaveNoMoreThanTheMarket) {
  const std::string contributors =
      "fixed,2024-09,2024-10-01,kita,60,s\n"
      "fixed,2024-09,2024-10-01,minami,41,s\n";
  EXPECT_EQ(
      OfContracts(contributors + "fixed,2024-09,2024-10-01,,100,s\n"),
      "r/contracts.csv:4: contracts: \"100\": the contributors to fixed have 101 of 2024-09 together, more "
      "than the whole market; correct one of them");
  // The last releases are compared.
  EXPECT_EQ(OfContracts(contributors + "fixed,2024-09,2024-10-01,,100,s\nfixed,2024-09,2024-12-01,,101,s\n"),
            "");
  EXPECT_EQ(
      OfContracts(contributors + "fixed,2024-09,2024-10-01,,100,s\nfixed,2024-09,2024-12-01,kita,59,s\n"),
      "");
  EXPECT_EQ(
      OfContracts(contributors + "fixed,2024-09,2024-10-01,,101,s\nfixed,2024-09,2024-12-01,,99,s\n"),
      "r/contracts.csv:5: contracts: \"99\": the contributors to fixed have 101 of 2024-09 together, more "
      "than the whole market; correct one of them");
}

TEST(TableRules, NoTwoRowsSayTheSameThing) {
  EXPECT_EQ(
      OfContracts("fixed,2024-09,2024-12-20,,12,s\n"
                  "fixed,2024-09,2024-12-21,,12,s\n"
                  "mobile,2024-09,2024-12-20,,12,s\n"
                  "fixed,2024-09,2024-12-20,kita,12,s\n"
                  "fixed,2024-06,2024-12-20,,12,s\n"
                  "fixed,2024-09,2024-12-20,,13,t\n"),
      "r/contracts.csv:7: released: the series, quarter, contributor and release of line 2 again; take one "
      "of the two out");
  EXPECT_EQ(
      Refusal("coverage.csv",
              "month,basis,share,released,source\n"
              "2024-11,contract_share,0.4,2025-02-01,s\n"
              "2024-11,ix_share,0.4,2025-02-01,s\n"
              "2024-11,contract_share,0.5,2025-02-01,s\n"),
      "r/coverage.csv:4: released: the month, basis and release of line 2 again; take one of the two out");
  EXPECT_EQ(Refusal("holidays.csv", "date,name_ja,name_en\n2024-01-01,a,b\n2024-01-02,a,b\n2024-01-01,c,d\n"),
            "r/holidays.csv:4: date: the date of line 2 again; take one of the two out");
  EXPECT_EQ(
      Refusal("breaks.csv",
              "series,month,reason_ja,reason_en,source\n"
              "fixed,2017-05,a,b,s\nfixed,2017-05,a,other,s\nmobile,2017-05,a,b,s\nfixed,2017-05,c,b,t\n"),
      "r/breaks.csv:5: month: the series, month and reason of line 2 again; take one of the two out");
  EXPECT_EQ(Refusal("presentations.csv",
                    "figure,since,unit,power_of_ten,digits\n"
                    "rate,2004-09,Gbps,9,1\nrate,2014-05,Tbps,12,1\nrate,2004-09,Tbps,12,1\n"),
            "r/presentations.csv:4: since: the figure and month of line 2 again; take one of the two out");
}

}  // namespace
}  // namespace kansoku::aggregator
