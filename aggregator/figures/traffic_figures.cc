// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/traffic_figures.h"

#include <map>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/figure_frame.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/estimated_totals.h"

namespace kansoku::aggregator {
namespace {

// Both directions of one group and access.
struct AccessTotals {
  EstimatedTotals download;
  EstimatedTotals upload;
};

using TotalsByAccess = std::map<std::pair<v1::Group, v1::Access>, AccessTotals>;

TotalsByAccess SumByAccess(std::span<const PointSum> points) {
  TotalsByAccess sums;
  for (const PointSum& point : points) {
    for (const v1::Cell& cell : point.measurement.cells()) {
      const v1::TrafficClass& key = cell.traffic_class();
      const bool download = key.direction() == v1::DIRECTION_DOWNLOAD;
      if (!download && key.direction() != v1::DIRECTION_UPLOAD) continue;
      AccessTotals& sum = sums[{key.group(), key.access()}];
      (download ? sum.download : sum.upload).Add(cell);
    }
  }
  return sums;
}

void AppendRateAndVolume(v1::Figure frame, std::string_view direction, const EstimatedTotals& totals,
                         uint64_t seconds, std::vector<v1::Figure>& figures) {
  auto& labels = *frame.mutable_labels();
  labels["direction"] = std::string(direction);
  for (const OctetsBasis basis : kOctetsBases) {
    labels["octets_basis"] = std::string(Label(basis));
    const Integer octets = ToInteger(totals.octets(basis));
    v1::Figure rate = MakeFigure(figures::kTrafficRate, frame, QuotientOf(8 * octets, ToInteger(seconds)));
    v1::Figure volume = MakeFigure(figures::kTrafficVolume, frame, octets);
    if (totals.is_estimated()) {
      const double error = totals.octets_standard_error(basis);
      SetStandardError(figures::kTrafficRate, 8 * error / static_cast<double>(seconds), rate);
      SetStandardError(figures::kTrafficVolume, error, volume);
    }
    figures.push_back(std::move(rate));
    figures.push_back(std::move(volume));
  }
}

}  // namespace

std::vector<v1::Figure> TrafficFigures(std::span<const PointSum> points, const TimeSteps& period) {
  std::map<v1::Group, v1::Figure> frames;
  for (const PointSum& point : points) {
    v1::Figure& frame = frames.try_emplace(point.point.group, FigureFrame(period)).first->second;
    AddPoint(point, frame);
    (*frame.mutable_labels())["group"] = EnumLabel(point.point.group);
  }

  const auto seconds = static_cast<uint64_t>(period.end_unix_seconds - period.start_unix_seconds);
  std::vector<v1::Figure> figures;
  for (const auto& [key, totals] : SumByAccess(points)) {
    const auto& [group, access] = key;
    v1::Figure frame = frames.try_emplace(group, FigureFrame(period)).first->second;
    (*frame.mutable_labels())["group"] = EnumLabel(group);
    (*frame.mutable_labels())["access"] = EnumLabel(access);
    AppendRateAndVolume(frame, "download", totals.download, seconds, figures);
    AppendRateAndVolume(frame, "upload", totals.upload, seconds, figures);
  }
  for (const auto& [group, frame] : frames) {
    if (frame.windows() > 0 || frame.expected_windows() == 0) continue;
    figures.push_back(WithholdFigure(
        figures::kTrafficRate, frame,
        {v1::WITHHELD_REASON_INCOMPLETE,
         absl::StrCat("none of the ", frame.expected_windows(), " expected windows of this group arrived")}));
  }
  return figures;
}

}  // namespace kansoku::aggregator
