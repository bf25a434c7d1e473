// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/fixed_figures.h"

#include <span>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/balance.h"
#include "aggregator/figures/coverage.h"
#include "aggregator/figures/group_month.h"
#include "aggregator/figures/growth_figures.h"
#include "aggregator/figures/profile_figures.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

// First those of subscribers, then those of exchange with others.
constexpr v1::Group kGroups[] = {v1::GROUP_A1, v1::GROUP_A2, v1::GROUP_B1, v1::GROUP_B2, v1::GROUP_B3};
constexpr size_t kSubscriberGroups = 2;
constexpr Flow kFlows[] = {Flow::kDownload, Flow::kUpload};

// 365.25 / 12 days, whatever the month (METRICS 3.7, F9).
Rational SecondsOfAMeanMonth() { return QuotientOf(304'375, 10'000) * 86'400; }
Rational OctetsOfAMicByte() { return QuotientOf(1'048'576, 1'000'000); }

FigureLabels DirectionLabel(Flow flow) { return {{"direction", std::string(Label(flow))}}; }

void AppendMonthRates(const FigureKind& kind, const std::string& group_label, const GroupMonth& group,
                      const SeriesMonth& month, std::vector<v1::Figure>& figures) {
  for (const Flow flow : kFlows) {
    FigureLabels labels = DirectionLabel(flow);
    labels["group"] = group_label;
    figures.push_back(ToFigure(kind, MonthRate(group, flow, month), labels, month));
  }
}

// The rate of all subscribers in the country: that of the contributors' / their share.
Quantity NationalRate(const GroupMonth& subscribers, Flow flow, const Quantity& coverage,
                      const SeriesMonth& month) {
  Quantity national = MonthRate(subscribers, flow, month);
  if (!national.is_withheld()) national.withheld = coverage.withheld;
  if (national.is_withheld()) return national;
  AddStep("fixed_month_rate", national.value, "bit/s", national.frame);
  national.frame.mutable_steps()->MergeFrom(coverage.frame.steps());
  AddStep("fixed_coverage", coverage.value, "ratio", national.frame);
  return Times(1 / coverage.value, std::move(national));
}

void AppendPerContract(Flow flow, const Quantity& national, const Quantity& contracts,
                       const SeriesMonth& month, std::vector<v1::Figure>& figures) {
  Quantity rate = national;
  if (!rate.is_withheld()) rate.withheld = contracts.withheld;
  Quantity volume = rate;
  if (!rate.is_withheld()) {
    rate.frame.mutable_steps()->MergeFrom(contracts.frame.steps());
    rate = Times(1 / contracts.value, std::move(rate));
    volume = rate;
    AddStep("fixed_per_contract_rate", rate.value, "bit/s", volume.frame);
    AddStep("seconds of a mean month of 30.4375 days", SecondsOfAMeanMonth(), "seconds", volume.frame);
    volume = Times(SecondsOfAMeanMonth() / 8, std::move(volume));
  }
  Quantity mic = Times(1 / OctetsOfAMicByte(), volume);
  AddNote(v1::FIGURE_NOTE_MIC_UNIT, mic.frame);
  figures.push_back(ToFigure(figures::kFixedPerContractRate, rate, DirectionLabel(flow), month));
  figures.push_back(ToFigure(figures::kFixedPerContractVolume, volume, DirectionLabel(flow), month));
  figures.push_back(ToFigure(figures::kFixedPerContractVolumeMic, mic, DirectionLabel(flow), month));
}

void AppendNational(const GroupMonth& subscribers, const Quantity& coverage, const SeriesMonth& month,
                    std::vector<v1::Figure>& figures) {
  using namespace figures;
  const Quantity contracts = MarketContracts(month);
  for (const Flow flow : kFlows) {
    const bool is_download = flow == Flow::kDownload;
    const FigureKind& kind = is_download ? kFixedDownloadNational : kFixedUploadNational;
    const Quantity national = NationalRate(subscribers, flow, coverage, month);
    figures.push_back(ToFigure(kind, national, {}, month));
    AppendGrowth(
        {.kind = is_download ? kFixedDownloadGrowth : kFixedUploadGrowth, .of = kind, .now = national}, month,
        figures);
    Quantity volume = Times(QuotientOf(86'400, 8), national);
    if (!national.is_withheld()) AddStep(kind.id, national.value, kind.unit, volume.frame);
    figures.push_back(ToFigure(kFixedVolumePerDay, volume, DirectionLabel(flow), month));
    AppendPerContract(flow, national, contracts, month, figures);
  }
}

}  // namespace

std::vector<v1::Figure> FixedFigures(SeriesMonth month) {
  const Quantity coverage = CoverageOf(month);
  if (!coverage.is_withheld()) month.frame.set_coverage(ToDecimal(coverage.value, 4));

  std::vector<v1::Figure> figures;
  figures.push_back(ToFigure(figures::kFixedCoverage, coverage, {}, month));
  std::vector<GroupMonth> groups;
  for (const v1::Group& group : kGroups) {
    const std::string label = EnumLabel(group);
    groups.push_back(SumGroups(std::span(&group, 1), absl::StrCat("group ", label), month));
    // Of the others a register need not have any.
    if (group != v1::GROUP_A1 && groups.back().points == 0) continue;
    const bool is_exchange = groups.size() > kSubscriberGroups;
    AppendMonthRates(is_exchange ? figures::kFixedInterconnection : figures::kFixedMonthRate, label,
                     groups.back(), month, figures);
  }
  const GroupMonth& subscribers = groups.front();
  AppendNational(subscribers, coverage, month, figures);
  AppendPeaks(figures::kFixedPeakRate, figures::kFixedPeakSlot, subscribers, month, figures);
  AppendHourProfile(figures::kFixedHourProfile, subscribers, month, figures);
  AppendWeekdayProfile(figures::kFixedWeekdayProfile, subscribers, month, figures);
  const std::span<const GroupMonth> all = groups;
  figures.push_back(BalanceFigure(all.first(kSubscriberGroups), all.subspan(kSubscriberGroups), month));
  return figures;
}

}  // namespace kansoku::aggregator
