// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/coverage.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "proto/contract/enum_label.h"
#include "tests/aggregator/figures/month_literals.h"

namespace kansoku::aggregator {
namespace {

constexpr v1::Series kFixed = v1::SERIES_FIXED;

// Two ISPs, of which the second joined in August 2024.
v1::Statistics TwoIsps() {
  v1::Statistics statistics = OnePoint(kFixed);
  AddContributor(kFixed, "isp-b", statistics).set_member_since("2024-08");
  AddContracts(kFixed, "2024-09", "", 1'000, statistics);
  AddContracts(kFixed, "2024-09", "isp-a", 300, statistics);
  AddContracts(kFixed, "2024-09", "isp-b", 139, statistics);
  return statistics;
}

Quantity Coverage(const v1::Statistics& statistics, const std::string& month = "2024-11") {
  const v1::MonthInputs inputs = EmptyInputs(kFixed, month);
  return CoverageOf(MakeSeriesMonth(inputs, statistics));
}

TEST(Coverage, IsTheMembersShareOfContracts) {
  const Quantity share = Coverage(TwoIsps());
  EXPECT_EQ(share.value, QuotientOf(439, 1'000));
  ASSERT_EQ(share.frame.steps_size(), 2);
  EXPECT_EQ(share.frame.steps(0).what(), "contracts of the contributors at 2024-09");
  EXPECT_EQ(share.frame.steps(0).value(), "439");
  EXPECT_EQ(share.frame.steps(0).unit(), "contracts");
  EXPECT_EQ(share.frame.steps(1).what(), "contracts of the whole market at 2024-09, released 2024-12-20");
  EXPECT_EQ(share.frame.steps(1).value(), "1000");
}

TEST(Coverage, CountsNobodyBeforeTheyJoin) {
  v1::Statistics statistics = TwoIsps();
  AddContracts(kFixed, "2024-06", "", 1'000, statistics);
  AddContracts(kFixed, "2024-06", "isp-a", 250, statistics);
  EXPECT_EQ(Coverage(statistics, "2024-07").value, QuotientOf(1, 4));
}

TEST(ContractsQuarter, IsThatOfTheRelease) {
  EXPECT_EQ(MonthText(ContractsQuarter(v1::SERIES_FIXED, {2009, 5})), "2009-03");
  EXPECT_EQ(MonthText(ContractsQuarter(v1::SERIES_FIXED, {2011, 11})), "2011-09");
  EXPECT_EQ(MonthText(ContractsQuarter(v1::SERIES_FIXED, {2024, 9})), "2024-06");
  EXPECT_EQ(MonthText(ContractsQuarter(v1::SERIES_MOBILE, {2016, 6})), "2016-06");
  EXPECT_EQ(MonthText(ContractsQuarter(v1::SERIES_MOBILE, {2016, 8})), "2016-06");
  EXPECT_EQ(MonthText(ContractsQuarter(v1::SERIES_MOBILE, {2016, 12})), "2016-12");
}

TEST(Coverage, IsFirstOfAllWhatTheTableSays) {
  v1::Statistics statistics = TwoIsps();
  AddShare("2024-11", "0.5", statistics);
  const Quantity share = Coverage(statistics);
  EXPECT_EQ(share.value, QuotientOf(1, 2));
  ASSERT_EQ(share.frame.steps_size(), 1);
  EXPECT_EQ(share.frame.steps(0).what(), "share of 2024-11 in coverage.csv, released 2024-12-01");
}

// "reason: because".
std::string Why(const v1::Statistics& statistics) {
  const Quantity share = Coverage(statistics);
  return share.is_withheld() ? absl::StrCat(EnumLabel(share.withheld->reason), ": ", share.withheld->because)
                             : "told";
}

TEST(Coverage, IsNotOfAnotherBasis) {
  v1::Statistics statistics = TwoIsps();
  AddShare("2024-11", "0.5", statistics);
  statistics.mutable_register_()->set_coverage_basis(v1::COVERAGE_BASIS_IX_SHARE);
  EXPECT_EQ(Why(statistics),
            "no_contracts: coverage.csv has no row of ix_share of 2024-11, and contracts do not tell it");
}

// coverage.csv is of the fixed series, and so is its basis.
TEST(Coverage, OfMobileOperatorsIsTheirShareOfContractsAlone) {
  v1::Statistics statistics = OnePoint(v1::SERIES_MOBILE);
  AddContracts(v1::SERIES_MOBILE, "2024-09", "", 1'000, statistics);
  AddContracts(v1::SERIES_MOBILE, "2024-09", "isp-a", 900, statistics);
  const v1::MonthInputs inputs = EmptyInputs(v1::SERIES_MOBILE, "2024-11");
  AddShare("2024-11", "0.5", statistics);
  EXPECT_EQ(CoverageOf(MakeSeriesMonth(inputs, statistics)).value, QuotientOf(9, 10));
  statistics.mutable_coverage(0)->set_basis(v1::COVERAGE_BASIS_IX_SHARE);
  statistics.mutable_register_()->set_coverage_basis(v1::COVERAGE_BASIS_IX_SHARE);
  EXPECT_EQ(CoverageOf(MakeSeriesMonth(inputs, statistics)).value, QuotientOf(9, 10));
  statistics.clear_coverage();
  EXPECT_EQ(CoverageOf(MakeSeriesMonth(inputs, statistics)).value, QuotientOf(9, 10));
}

TEST(Coverage, SaysWhichContractsAreMissing) {
  v1::Statistics statistics = OnePoint(kFixed);
  EXPECT_EQ(Why(statistics),
            "no_contracts: contracts.csv has no row of \"isp-a\" of the fixed series at 2024-09");
  AddContracts(kFixed, "2024-09", "isp-a", 300, statistics);
  EXPECT_EQ(Why(statistics),
            "no_contracts: contracts.csv has no row of the whole market of the fixed series at 2024-09");
  AddContracts(kFixed, "2024-09", "", 0, statistics);
  EXPECT_EQ(Why(statistics),
            "no_contracts: contracts.csv has no row of the whole market of the fixed series at 2024-09");
}

TEST(Coverage, IsAboveZeroAndAtMostOne) {
  v1::Statistics statistics = OnePoint(kFixed);
  AddContracts(kFixed, "2024-09", "isp-a", 1'001, statistics);
  AddContracts(kFixed, "2024-09", "", 1'000, statistics);
  EXPECT_EQ(Why(statistics),
            "bad_share: the contributors' share of the whole is 1.0010; it must be above 0 and at most 1");
  AddShare("2024-11", "0", statistics);
  EXPECT_EQ(Why(statistics),
            "bad_share: the contributors' share of the whole is 0.0000; it must be above 0 and at most 1");
  statistics.mutable_coverage(0)->set_share("1");
  EXPECT_FALSE(Coverage(statistics).is_withheld());
  statistics.mutable_coverage(0)->set_share("most");
  EXPECT_EQ(Why(statistics),
            "bad_share: coverage.csv, 2024-11: 'most' is not a number; write 12, -3/4 or 0.439");
}

}  // namespace
}  // namespace kansoku::aggregator
