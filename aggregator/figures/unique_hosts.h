// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/range_sum.h"
#include "aggregator/figures/withheld.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// The union of sketches of one key and set of rules, by family, and by family, class and protocol: 16 KiB for
// each. One thread at a time.
class HostSketches {
 public:
  void Add(const v1::SourceSketch& sketch);

  // Appends darknet_unique_hosts of each family, and of each family, class and protocol (METRICS 5.10).
  // `frame` is the one of all sensors.
  void AppendFigures(const v1::Figure& frame, std::vector<v1::Figure>& figures) const;

 private:
  struct FamilySketches {
    v1::SourceSketch all;
    std::map<std::pair<v1::DarknetClass, uint32_t>, v1::SourceSketch> classes;  // with the protocol
  };
  std::map<v1::Family, FamilySketches> families_;
};

// How many hosts a sketch has seen, with the standard error of SourceSketch.
v1::Figure HostsFigure(const FigureKind& kind, const v1::SourceSketch& sketch, const v1::Figure& frame);

// Why no hosts are told where tallies or days of several keys or rules meet.
Withheld OtherKeys();

// Appends darknet_unique_hosts over all sensors: of each family, and of each family, class and protocol, by
// the union of the points' sketches. `total` is the frame of all sensors; `why` says that nothing can be told
// of them. A single one that is withheld stands for all: where `why` says so, or where tallies of several
// keys or rules meet, or of sources that were and of sources that were not told apart. None where nobody told
// sources apart. Pure; any thread.
void AppendUniqueHosts(std::span<const PointSum> points, const v1::Figure& total,
                       const std::optional<Withheld>& why, std::vector<v1::Figure>& figures);

}  // namespace kansoku::aggregator
