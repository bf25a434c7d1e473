// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/profile_figures.h"

#include <functional>
#include <string>

#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {
namespace {

constexpr Flow kFlows[] = {Flow::kDownload, Flow::kUpload};

// Which days a mean is taken over.
struct DayKind {
  std::string label;
  std::function<bool(const Slot&)> has;
};

std::vector<DayKind> DayTypes() {
  return {{"weekday", [](const Slot& slot) { return slot.day_type == DayType::kWeekday; }},
          {"holiday", [](const Slot& slot) { return slot.day_type == DayType::kHoliday; }}};
}

std::vector<DayKind> Weekdays() {
  std::vector<DayKind> days;
  for (const auto& [label, day] : {std::pair{"mon", absl::Weekday::monday},
                                   {"tue", absl::Weekday::tuesday},
                                   {"wed", absl::Weekday::wednesday},
                                   {"thu", absl::Weekday::thursday},
                                   {"fri", absl::Weekday::friday},
                                   {"sat", absl::Weekday::saturday},
                                   {"sun", absl::Weekday::sunday}}) {
    days.push_back({label, [day = day](const Slot& slot) { return slot.weekday == day; }});
  }
  return days;
}

// The hours at which a day's slots begin.
std::vector<int> SlotHours(SlotGrid grid) {
  std::vector<int> hours;
  for (int hour = grid.offset_hours; hour < 24; hour += grid.hours) hours.push_back(hour);
  return hours;
}

Quantity MeanRate(const GroupMonth& group, Flow flow, const DayKind& days, int hour,
                  const SeriesMonth& month) {
  // Who samples may differ from slot to slot.
  Quantity mean{.frame = group.frame, .error_is_of_few = true, .withheld = group.withheld};
  if (mean.is_withheld()) return mean;
  int count = 0;
  for (size_t i = 0; i < month.slots.slots.size(); ++i) {
    const Slot& slot = month.slots.slots[i];
    if (!slot.is_whole || slot.hour != hour || !days.has(slot)) continue;
    const SlotVolume volume = SlotOf(group, flow, i);
    mean.value += volume.octets;
    mean.variance += volume.variance;
    ++count;
  }
  if (count == 0) {
    mean.withheld = Withheld(v1::WITHHELD_REASON_NO_SUCH_DAY,
                             absl::StrCat("the month has no ", days.label, " with a whole slot ",
                                          SlotLabel(month.slots.grid, hour)));
    return mean;
  }
  AddStep(absl::StrCat("octets of ", group.name, " in ", count, " slots"), mean.value, "bytes", mean.frame);
  return Times(QuotientOf(8, count * month.slots.slot_seconds()), std::move(mean));
}

void AppendProfile(const FigureKind& kind, std::string_view day_label, const std::vector<DayKind>& days,
                   const GroupMonth& group, const SeriesMonth& month, std::vector<v1::Figure>& figures) {
  for (const Flow flow : kFlows) {
    for (const DayKind& day : days) {
      for (const int hour : SlotHours(month.slots.grid)) {
        const FigureLabels labels = {{"direction", std::string(Label(flow))},
                                     {std::string(day_label), day.label},
                                     {"slot", SlotLabel(month.slots.grid, hour)}};
        figures.push_back(ToFigure(kind, MeanRate(group, flow, day, hour, month), labels, month));
      }
    }
  }
}

}  // namespace

void AppendHourProfile(const FigureKind& kind, const GroupMonth& group, const SeriesMonth& month,
                       std::vector<v1::Figure>& figures) {
  AppendProfile(kind, "day_type", DayTypes(), group, month, figures);
}

void AppendWeekdayProfile(const FigureKind& kind, const GroupMonth& group, const SeriesMonth& month,
                          std::vector<v1::Figure>& figures) {
  AppendProfile(kind, "weekday", Weekdays(), group, month, figures);
}

void AppendPeaks(const FigureKind& rate_kind, const FigureKind& slot_kind, const GroupMonth& group,
                 const SeriesMonth& month, std::vector<v1::Figure>& figures) {
  for (const Flow flow : kFlows) {
    for (const DayKind& day : DayTypes()) {
      Quantity peak;
      int peak_hour = -1;
      for (const int hour : SlotHours(month.slots.grid)) {
        const Quantity mean = MeanRate(group, flow, day, hour, month);
        if (peak_hour >= 0 && (mean.is_withheld() || mean.value <= peak.value)) continue;
        peak = mean;
        peak_hour = hour;
      }
      Quantity slot{
          .frame = peak.frame, .value = peak.is_withheld() ? 0 : peak_hour, .withheld = peak.withheld};
      if (!peak.is_withheld()) {
        AddStep(absl::StrCat("mean rate at ", SlotLabel(month.slots.grid, peak_hour)), peak.value, "bit/s",
                slot.frame);
      }
      const FigureLabels labels = {{"direction", std::string(Label(flow))}, {"day_type", day.label}};
      figures.push_back(ToFigure(rate_kind, peak, labels, month));
      figures.push_back(ToFigure(slot_kind, slot, labels, month));
    }
  }
}

}  // namespace kansoku::aggregator
