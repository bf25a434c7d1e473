// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/unique_hosts.h"

#include <set>

#include "proto/contract/darknet_ways.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/ip_protocol.h"
#include "proto/contract/source_sketch.h"

namespace kansoku::aggregator {
namespace {

constexpr double kRelativeError = 0.0081;  // of SourceSketch

struct Sketches {
  std::set<SourceWay> ways;
  HostSketches hosts;

  bool is_any_told() const { return !ways.empty() && ways.rbegin()->first != 0; }
};

Sketches SketchesOf(std::span<const PointSum> points) {
  Sketches sketches;
  for (const PointSum& point : points) {
    AddSourceWays(point.measurement, sketches.ways);
    for (const v1::DarknetTally& tally : point.measurement.darknet()) {
      for (const v1::SourceSketch& sketch : tally.sketches()) sketches.hosts.Add(sketch);
    }
  }
  return sketches;
}

}  // namespace

void HostSketches::Add(const v1::SourceSketch& sketch) {
  FamilySketches& family = families_[sketch.family()];
  Merge(sketch, family.all);
  Merge(sketch, family.classes[{sketch.darknet_class(), sketch.protocol()}]);
}

void HostSketches::AppendFigures(const v1::Figure& frame, std::vector<v1::Figure>& figures) const {
  for (const auto& [family, of_family] : families_) {
    v1::Figure labelled = frame;
    auto& labels = *labelled.mutable_labels();
    labels["family"] = EnumLabel(family);
    figures.push_back(HostsFigure(figures::kDarknetUniqueHosts, of_family.all, labelled));
    for (const auto& [key, sketch] : of_family.classes) {
      labels["class"] = EnumLabel(key.first);
      labels["protocol"] = IpProtocolLabel(key.second);
      figures.push_back(HostsFigure(figures::kDarknetUniqueHosts, sketch, labelled));
    }
  }
}

v1::Figure HostsFigure(const FigureKind& kind, const v1::SourceSketch& sketch, const v1::Figure& frame) {
  const uint64_t hosts = EstimateSources(sketch);
  v1::Figure figure = MakeFigure(kind, frame, ToInteger(hosts));
  SetStandardError(kind, kRelativeError * static_cast<double>(hosts), figure);
  return figure;
}

Withheld OtherKeys() {
  return {
      v1::WITHHELD_REASON_OTHER_KEYS,
      "sources were hashed with several keys, judged by several sets of rules, or in part not told apart"};
}

void AppendUniqueHosts(std::span<const PointSum> points, const v1::Figure& total,
                       const std::optional<Withheld>& why, std::vector<v1::Figure>& figures) {
  const Sketches sketches = SketchesOf(points);
  if (!sketches.is_any_told()) return;
  if (why.has_value()) {
    figures.push_back(WithholdFigure(figures::kDarknetUniqueHosts, total, *why));
    return;
  }
  if (sketches.ways.size() > 1) {
    figures.push_back(WithholdFigure(figures::kDarknetUniqueHosts, total, OtherKeys()));
    return;
  }
  sketches.hosts.AppendFigures(total, figures);
}

}  // namespace kansoku::aggregator
