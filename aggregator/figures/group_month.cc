// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/group_month.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/figure_frame.h"

namespace kansoku::aggregator {
namespace {

// Collectors' default: what a point that never reported is taken to have.
constexpr uint32_t kUnknownWindowSeconds = 10;

constexpr v1::Group kFixedGroups[] = {v1::GROUP_A1};
// An operator's exchange with others would count its packets again.
constexpr v1::Group kMobileGroups[] = {v1::GROUP_A1, v1::GROUP_A2};

bool HasFlag(const v1::Figure& frame, v1::QualityFlag flag) {
  return std::find(frame.flags().begin(), frame.flags().end(), flag) != frame.flags().end();
}

void Add(const DirectionMonth& from, DirectionMonth& into) {
  for (size_t i = 0; i < from.slots.size(); ++i) {
    into.slots[i].octets += from.slots[i].octets;
    into.slots[i].variance += from.slots[i].variance;
  }
  into.filled_octets += from.filled_octets;
}

SlotVolume Sum(const std::vector<SlotVolume>& slots) {
  SlotVolume sum;
  for (const SlotVolume& slot : slots) {
    sum.octets += slot.octets;
    sum.variance += slot.variance;
  }
  return sum;
}

SlotVolume Sum(const SlotVolume& a, const SlotVolume& b) {
  return {a.octets + b.octets, a.variance + b.variance};
}

std::optional<Withheld> WhyWithheld(const GroupMonth& group, const std::optional<Withheld>& unfillable,
                                    const SeriesMonth& month) {
  if (month.withheld.has_value()) return month.withheld;
  if (group.points == 0) {
    return Withheld(v1::WITHHELD_REASON_NO_POINTS, absl::StrCat("the register has no point of ", group.name));
  }
  if (group.completeness < LeastCompleteness()) {
    return Withheld(v1::WITHHELD_REASON_INCOMPLETE,
                    absl::StrCat(group.frame.windows(), " of ", group.frame.expected_windows(),
                                 " windows of ", group.name, " came; below ",
                                 ToDecimal(LeastCompleteness() * 100, 0), " % nothing is filled in"));
  }
  if (unfillable.has_value()) {
    return Withheld(unfillable->reason, absl::StrCat("of ", group.name, " ", unfillable->because));
  }
  const uint32_t fewest = month.statistics.register_().fewest_contributors();
  if (static_cast<uint32_t>(group.isps) < fewest) {
    return Withheld(v1::WITHHELD_REASON_FEW_CONTRIBUTORS,
                    absl::StrCat("fewer than ", fewest, " ISPs contribute to it"));
  }
  return std::nullopt;
}

bool HasVariance(const v1::HourVolume& hour) {
  return hour.has_download_variance() || hour.has_upload_variance();
}

// Of both directions: the error of either is that of all who sample.
bool IsSampled(const v1::PointMonth& point) {
  const auto& hours = point.hours();
  return std::any_of(hours.begin(), hours.end(),
                     [](const v1::HourVolume& hour) { return hour.has_download_variance(); }) &&
         std::any_of(hours.begin(), hours.end(),
                     [](const v1::HourVolume& hour) { return hour.has_upload_variance(); });
}

}  // namespace

std::string_view Label(Flow flow) {
  switch (flow) {
    case Flow::kDownload:
      return "download";
    case Flow::kUpload:
      return "upload";
    case Flow::kTotal:
      return "total";
  }
  return "";
}

std::span<const v1::Group> SubscriberGroups(v1::Series series) {
  if (series == v1::SERIES_MOBILE) return kMobileGroups;
  return kFixedGroups;
}

GroupMonth SumGroups(std::span<const v1::Group> groups, std::string_view name, const SeriesMonth& month) {
  std::map<std::string_view, const v1::PointMonth*> measured;
  for (const v1::PointMonth& point : month.inputs.points()) measured[point.point()] = &point;

  GroupMonth group{.name = std::string(name), .frame = month.frame};
  group.download.slots.resize(month.slots.slots.size());
  group.upload.slots.resize(month.slots.slots.size());
  const int64_t month_seconds = month.slots.month_seconds();
  int64_t present_seconds = 0;
  std::optional<Withheld> unfillable;
  bool has_variance = false;
  std::set<std::string_view> isps, filled_isps, sampling_isps;
  const v1::PointMonth silent;
  for (const SeriesPoint& ours : month.points) {
    if (std::find(groups.begin(), groups.end(), ours.point->group()) == groups.end()) continue;
    ++group.points;
    const auto found = measured.find(ours.point->point());
    const v1::PointMonth& point = found == measured.end() ? silent : *found->second;
    const uint32_t window = point.window_seconds() == 0 ? kUnknownWindowSeconds : point.window_seconds();
    AddPoint(point, static_cast<uint64_t>(month_seconds / window), group.frame);
    const ImputedPoint imputed = Impute(point, month.slots);
    if (imputed.present_seconds > 0) isps.insert(ours.contributor->isp());
    present_seconds += imputed.present_seconds;
    if (imputed.is_filled) filled_isps.insert(ours.contributor->isp());
    has_variance |= std::any_of(point.hours().begin(), point.hours().end(), HasVariance);
    if (IsSampled(point)) sampling_isps.insert(ours.contributor->isp());
    if (!unfillable.has_value()) unfillable = imputed.withheld;
    Add(imputed.download, group.download);
    Add(imputed.upload, group.upload);
  }
  group.isps = static_cast<int>(isps.size());
  if (group.points > 0) group.completeness = QuotientOf(present_seconds, group.points * month_seconds);
  group.withheld = WhyWithheld(group, unfillable, month);
  if (!filled_isps.empty() && !group.withheld.has_value()) AddNote(v1::FIGURE_NOTE_IMPUTED, group.frame);
  const uint32_t fewest = month.statistics.register_().fewest_contributors();
  group.tells_filled = !filled_isps.empty() && filled_isps.size() >= fewest;
  group.error_is_of_few = has_variance && sampling_isps.size() < fewest;
  if (HasFlag(group.frame, v1::QUALITY_FLAG_SAMPLED)) AddNote(v1::FIGURE_NOTE_SAMPLED, group.frame);
  if (HasFlag(group.frame, v1::QUALITY_FLAG_OFFLOADED)) AddNote(v1::FIGURE_NOTE_OFFLOADED, group.frame);
  return group;
}

SlotVolume SlotOf(const GroupMonth& group, Flow flow, size_t slot) {
  if (flow == Flow::kDownload) return group.download.slots[slot];
  if (flow == Flow::kUpload) return group.upload.slots[slot];
  return Sum(group.download.slots[slot], group.upload.slots[slot]);
}

Quantity MonthVolume(const GroupMonth& group, Flow flow) {
  Quantity volume{.frame = group.frame, .error_is_of_few = group.error_is_of_few, .withheld = group.withheld};
  AddStep("completeness", group.completeness, "ratio", volume.frame);
  if (volume.is_withheld()) return volume;
  SlotVolume sum;
  Rational filled;
  if (flow != Flow::kUpload) {
    sum = Sum(group.download.slots);
    filled += group.download.filled_octets;
  }
  if (flow != Flow::kDownload) {
    sum = Sum(sum, Sum(group.upload.slots));
    filled += group.upload.filled_octets;
  }
  volume.value = sum.octets;
  volume.variance = sum.variance;
  AddStep(absl::StrCat("octets of ", group.name, ", ", Label(flow).data(), ", of ", group.isps, " ISPs at ",
                       group.points, " points"),
          volume.value, "bytes", volume.frame);
  if (group.tells_filled) {
    AddStep("of these filled in for missing windows", filled, "bytes", volume.frame);
  }
  return volume;
}

Quantity MonthRate(const GroupMonth& group, Flow flow, const SeriesMonth& month) {
  Quantity rate = MonthVolume(group, flow);
  AddStep("seconds of the month", month.slots.month_seconds(), "seconds", rate.frame);
  return Times(QuotientOf(8, month.slots.month_seconds()), std::move(rate));
}

}  // namespace kansoku::aggregator
