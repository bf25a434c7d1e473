// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/imputation.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/contract/estimate.h"
#include "proto/contract/window.h"

namespace kansoku::aggregator {
namespace {

// Slots that may stand for each other.
using SlotCell = std::pair<int, DayType>;

SlotCell CellOf(const Slot& slot) { return {slot.hour, slot.day_type}; }

// Of both directions; none where no slot is complete.
struct Medians {
  Rational download, upload;
};
using MediansOfCells = std::map<SlotCell, Medians>;

Rational Median(std::vector<Rational> values) {
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  if (values.size() % 2 == 1) return values[middle];
  return (values[middle - 1] + values[middle]) / 2;
}

// Whole slots alone: what the month's edge cut says nothing about a whole one.
MediansOfCells MediansOf(const ImputedPoint& point, const MonthSlots& slots,
                         const std::vector<int64_t>& present_seconds) {
  std::map<SlotCell, std::pair<std::vector<Rational>, std::vector<Rational>>> complete;
  for (size_t i = 0; i < slots.slots.size(); ++i) {
    const Slot& slot = slots.slots[i];
    if (!slot.is_whole || present_seconds[i] < slot.seconds()) continue;
    auto& [download, upload] = complete[CellOf(slot)];
    download.push_back(point.download.slots[i].octets);
    upload.push_back(point.upload.slots[i].octets);
  }
  MediansOfCells medians;
  for (auto& [cell, values] : complete) {
    medians[cell] = {Median(std::move(values.first)), Median(std::move(values.second))};
  }
  return medians;
}

void Fill(const Rational& octets, size_t i, DirectionMonth& month) {
  month.slots[i].octets += octets;
  month.filled_octets += octets;
}

void Add(uint64_t octets, const v1::Wide& variance, SlotVolume& volume) {
  volume.octets += ToInteger(octets);
  volume.variance += ToInteger(ToUint128(variance));
}

}  // namespace

Rational LeastCompleteness() { return QuotientOf(95, 100); }

ImputedPoint Impute(const v1::PointMonth& point, const MonthSlots& slots) {
  ImputedPoint imputed;
  imputed.download.slots.resize(slots.slots.size());
  imputed.upload.slots.resize(slots.slots.size());
  std::vector<int64_t> present_seconds(slots.slots.size());
  for (const v1::HourVolume& hour : point.hours()) {
    const std::optional<size_t> i = slots.IndexOf(hour.start_unix_seconds());
    if (!i.has_value()) continue;
    Add(hour.download_octets(), hour.download_variance(), imputed.download.slots[*i]);
    Add(hour.upload_octets(), hour.upload_variance(), imputed.upload.slots[*i]);
    present_seconds[*i] +=
        std::min(int64_t{hour.windows()} * int64_t{point.window_seconds()}, int64_t{kHourSeconds});
  }
  for (const int64_t seconds : present_seconds) imputed.present_seconds += seconds;
  if (imputed.present_seconds == slots.month_seconds()) return imputed;

  const MediansOfCells medians = MediansOf(imputed, slots, present_seconds);
  for (size_t i = 0; i < slots.slots.size(); ++i) {
    const Slot& slot = slots.slots[i];
    const int64_t missing_seconds = slot.seconds() - present_seconds[i];
    if (missing_seconds == 0) continue;
    imputed.is_filled = true;
    const auto median = medians.find(CellOf(slot));
    if (median == medians.end()) {
      imputed.withheld =
          Withheld(v1::WITHHELD_REASON_UNFILLABLE,
                   absl::StrCat("windows are missing at ", SlotLabel(slots.grid, slot.hour), " on ",
                                slot.day_type == DayType::kHoliday ? "holidays" : "weekdays",
                                ", and a point has no complete slot of that kind to fill them from"));
      return imputed;
    }
    const Rational share = QuotientOf(missing_seconds, slots.slot_seconds());
    Fill(share * median->second.download, i, imputed.download);
    Fill(share * median->second.upload, i, imputed.upload);
  }
  return imputed;
}

}  // namespace kansoku::aggregator
