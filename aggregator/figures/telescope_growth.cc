// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/telescope_growth.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/telescope_day.h"
#include "aggregator/figures/withheld.h"

namespace kansoku::aggregator {
namespace {

std::optional<Withheld> WhyWithheld(const TelescopePeriod& sum, const YearTotal& other) {
  if (sum.flags.contains(v1::QUALITY_FLAG_SAMPLED)) {
    return Withheld(v1::WITHHELD_REASON_SAMPLED,
                    "packets were sampled, and those at dark addresses are not scaled up");
  }
  const DayPeriod year = WholeYear(sum.period.first.year());
  if (sum.days < year.days()) {
    return Withheld(
        v1::WITHHELD_REASON_INCOMPLETE,
        absl::StrCat(sum.days, " of the ", year.days(), " days of ", sum.period.first.year(), " are known"));
  }
  const int64_t days = WholeYear(other.year).days();
  if (other.days < days) {
    return Withheld(v1::WITHHELD_REASON_NO_EARLIER,
                    absl::StrCat(other.days, " of the ", days, " days of ", other.year, " are known"));
  }
  if (other.is_sampled) {
    return Withheld(v1::WITHHELD_REASON_EARLIER_WITHHELD,
                    absl::StrCat("packets of ", other.year, " were sampled"));
  }
  if (other.ipv4_packets == 0) {
    return Withheld(v1::WITHHELD_REASON_NOTHING_COUNTED,
                    absl::StrCat("no IPv4 packet arrived in ", other.year));
  }
  return std::nullopt;
}

}  // namespace

DayPeriod WholeYear(int64_t year) { return {absl::CivilDay(year, 1, 1), absl::CivilDay(year, 12, 31)}; }

void AddDay(const v1::TelescopeDay& day, YearTotal& total) {
  total.days += day.windows() > 0;
  total.is_sampled |=
      std::find(day.flags().begin(), day.flags().end(), v1::QUALITY_FLAG_SAMPLED) != day.flags().end();
  total.ipv4_packets += ToInteger(Ipv4PacketsOf(day));
  total.revisions += day.revision();
  total.computed_unix_seconds = std::max<int64_t>(total.computed_unix_seconds, day.computed_unix_seconds());
}

void AppendGrowth(const TelescopePeriod& sum, const YearTotal& before, const YearTotal& base,
                  std::vector<v1::Figure>& figures) {
  const Integer packets = sum.PacketsOf(v1::FAMILY_IPV4);
  const auto append = [&](const FigureKind& kind, const YearTotal& other, int64_t minus) {
    v1::Figure frame = FrameOf(sum);
    frame.set_darknet_revision(sum.revisions + other.revisions);
    frame.set_computed_unix_seconds(std::max(sum.computed_unix_seconds, other.computed_unix_seconds));
    const std::optional<Withheld> why = WhyWithheld(sum, other);
    figures.push_back(why.has_value()
                          ? WithholdFigure(kind, frame, *why)
                          : MakeFigure(kind, frame, QuotientOf(packets, other.ipv4_packets) - minus));
  };
  append(figures::kDarknetYoy, before, 1);
  append(figures::kDarknetRatioToBaseYear, base, 0);
}

}  // namespace kansoku::aggregator
