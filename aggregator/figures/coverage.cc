// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/coverage.h"

#include "absl/strings/str_cat.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

Withheld MissingContracts(const std::string& of, const SeriesMonth& month) {
  return Withheld(
      v1::WITHHELD_REASON_NO_CONTRACTS,
      absl::StrCat("contracts.csv has no row of ", of, " of the ", EnumLabel(month.inputs.series()),
                   " series at ", MonthText(ContractsQuarter(month.inputs.series(), month.month))));
}

Quantity KnownShare(const v1::CoverageShare& row, Quantity share) {
  const absl::StatusOr<Rational> parsed = ParseRational(row.share());
  if (!parsed.ok()) {
    share.withheld = Withheld(v1::WITHHELD_REASON_BAD_SHARE,
                              absl::StrCat("coverage.csv, ", row.month(), ": ", parsed.status().message()));
    return share;
  }
  share.value = *parsed;
  AddStep(absl::StrCat("share of ", row.month(), " in coverage.csv, released ", row.released()), share.value,
          "ratio", share.frame);
  return share;
}

Quantity ShareOfContracts(const SeriesMonth& month, Quantity share) {
  const Month quarter = ContractsQuarter(month.inputs.series(), month.month);
  Rational members;
  for (const v1::Contributor* member : MembersOf(month.statistics, month.inputs.series(), month.month)) {
    const v1::ContractCount* row =
        FindContracts(month.statistics, month.inputs.series(), quarter, member->isp());
    if (row == nullptr) {
      share.withheld = MissingContracts(absl::StrCat("\"", member->isp(), "\""), month);
      return share;
    }
    members += ToInteger(row->contracts());
  }
  const Quantity market = MarketContracts(month);
  if (market.is_withheld()) {
    share.withheld = market.withheld;
    return share;
  }
  AddStep(absl::StrCat("contracts of the contributors at ", MonthText(quarter)), members, "contracts",
          share.frame);
  share.frame.mutable_steps()->MergeFrom(market.frame.steps());
  share.value = members / market.value;
  return share;
}

}  // namespace

Month ContractsQuarter(v1::Series series, Month month) {
  return QuarterEndBefore(series == v1::SERIES_MOBILE ? AddMonths(month, 1) : month);
}

Quantity CoverageOf(const SeriesMonth& month) {
  const v1::CoverageBasis basis = month.statistics.register_().coverage_basis();
  Quantity share{.frame = month.frame};
  const bool is_fixed = month.inputs.series() == v1::SERIES_FIXED;
  const v1::CoverageShare* known =
      is_fixed ? FindCoverage(month.statistics, month.month, basis) : nullptr;  // the file is of this series
  if (known != nullptr) {
    share = KnownShare(*known, share);
  } else if (is_fixed && basis == v1::COVERAGE_BASIS_IX_SHARE) {
    share.withheld = Withheld(v1::WITHHELD_REASON_NO_CONTRACTS,
                              absl::StrCat("coverage.csv has no row of ", EnumLabel(basis), " of ",
                                           MonthText(month.month), ", and contracts do not tell it"));
  } else {
    share = ShareOfContracts(month, share);
  }
  if (share.is_withheld()) return share;
  if (share.value <= 0 || share.value > 1) {
    share.withheld = Withheld(v1::WITHHELD_REASON_BAD_SHARE,
                              absl::StrCat("the contributors' share of the whole is ",
                                           ToDecimal(share.value, 4), "; it must be above 0 and at most 1"));
  }
  return share;
}

Quantity MarketContracts(const SeriesMonth& month) {
  Quantity contracts{.frame = month.frame};
  const Month quarter = ContractsQuarter(month.inputs.series(), month.month);
  const v1::ContractCount* row =
      FindContracts(month.statistics, month.inputs.series(), quarter, kWholeMarket);
  if (row == nullptr || row->contracts() == 0) {
    contracts.withheld = MissingContracts("the whole market", month);
    return contracts;
  }
  contracts.value = ToInteger(row->contracts());
  AddStep(absl::StrCat("contracts of the whole market at ", row->quarter(), ", released ", row->released()),
          contracts.value, "contracts", contracts.frame);
  return contracts;
}

}  // namespace kansoku::aggregator
