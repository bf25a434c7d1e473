// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/mobile_figures.h"

#include <string>
#include <utility>

#include "aggregator/figures/coverage.h"
#include "aggregator/figures/group_month.h"
#include "aggregator/figures/growth_figures.h"
#include "aggregator/figures/profile_figures.h"

namespace kansoku::aggregator {
namespace {

Quantity PerSubscriber(const Quantity& whole, const Quantity& subscribers) {
  Quantity per = whole;
  if (!per.is_withheld()) per.withheld = subscribers.withheld;
  if (per.is_withheld()) return per;
  per.frame.mutable_steps()->MergeFrom(subscribers.frame.steps());
  return Times(1 / subscribers.value, std::move(per));
}

}  // namespace

std::vector<v1::Figure> MobileFigures(SeriesMonth month) {
  using namespace figures;
  const Quantity coverage = CoverageOf(month);
  if (!coverage.is_withheld()) month.frame.set_coverage(ToDecimal(coverage.value, 4));
  const GroupMonth operators = SumGroups(SubscriberGroups(v1::SERIES_MOBILE), "mobile subscribers", month);
  const Quantity subscribers = MarketContracts(month);

  std::vector<v1::Figure> figures;
  for (const Flow flow : {Flow::kDownload, Flow::kUpload, Flow::kTotal}) {
    const FigureLabels labels = {{"direction", std::string(Label(flow))}};
    const Quantity rate = MonthRate(operators, flow, month);
    const Quantity volume = MonthVolume(operators, flow);
    figures.push_back(ToFigure(kMobileRate, rate, labels, month));
    figures.push_back(ToFigure(kMobileVolume, volume, labels, month));
    figures.push_back(ToFigure(kMobilePerSubscriberRate, PerSubscriber(rate, subscribers), labels, month));
    figures.push_back(
        ToFigure(kMobilePerSubscriberVolume, PerSubscriber(volume, subscribers), labels, month));
    AppendGrowth(
        {.kind = kMobileGrowth, .of = kMobileRate, .now = rate, .of_labels = labels, .labels = labels}, month,
        figures);
  }
  AppendHourProfile(kMobileHourProfile, operators, month, figures);
  return figures;
}

}  // namespace kansoku::aggregator
