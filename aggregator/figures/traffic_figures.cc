// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/traffic_figures.h"

#include <map>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/figure_frame.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

struct Octets {
  Uint128 ip = 0;
  Uint128 wire = 0;
};

// Both directions of one group and access.
struct AccessOctets {
  Octets download;
  Octets upload;
};

using OctetsByAccess = std::map<std::pair<v1::Group, v1::Access>, AccessOctets>;

OctetsByAccess SumByAccess(std::span<const PointSum> points) {
  OctetsByAccess sums;
  for (const PointSum& point : points) {
    for (const v1::Cell& cell : point.measurement.cells()) {
      const v1::TrafficClass& key = cell.traffic_class();
      const bool download = key.direction() == v1::DIRECTION_DOWNLOAD;
      if (!download && key.direction() != v1::DIRECTION_UPLOAD) continue;
      AccessOctets& sum = sums[{key.group(), key.access()}];
      Octets& octets = download ? sum.download : sum.upload;
      octets.ip += cell.ip_octets();
      octets.wire += cell.wire_octets();
    }
  }
  return sums;
}

void AppendRateAndVolume(v1::Figure frame, std::string_view direction, const Octets& octets, Uint128 seconds,
                         std::vector<v1::Figure>& figures) {
  auto& labels = *frame.mutable_labels();
  labels["direction"] = std::string(direction);
  for (const auto& [basis, count] : {std::pair("l3", octets.ip), std::pair("l2", octets.wire)}) {
    labels["octets_basis"] = basis;
    figures.push_back(MakeFigure(figures::kTrafficRate, frame, {8 * count, seconds}));
    figures.push_back(MakeFigure(figures::kTrafficVolume, frame, {count}));
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

  const auto seconds = static_cast<Uint128>(period.end_unix_seconds - period.start_unix_seconds);
  std::vector<v1::Figure> figures;
  for (const auto& [key, octets] : SumByAccess(points)) {
    const auto& [group, access] = key;
    v1::Figure frame = frames.try_emplace(group, FigureFrame(period)).first->second;
    (*frame.mutable_labels())["group"] = EnumLabel(group);
    (*frame.mutable_labels())["access"] = EnumLabel(access);
    AppendRateAndVolume(frame, "download", octets.download, seconds, figures);
    AppendRateAndVolume(frame, "upload", octets.upload, seconds, figures);
  }
  for (const auto& [group, frame] : frames) {
    if (frame.windows() > 0 || frame.expected_windows() == 0) continue;
    figures.push_back(WithholdFigure(
        figures::kTrafficRate, frame,
        absl::StrCat("none of the ", frame.expected_windows(), " expected windows of this group arrived")));
  }
  return figures;
}

}  // namespace kansoku::aggregator
