// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "aggregator/figures/range_sum.h"
#include "aggregator/figures/withheld.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// Appends darknet_unique_hosts over all sensors (METRICS 5.10): of each family, and of each family, class and
// protocol, by the union of the points' sketches. `total` is the frame of all sensors; `why` says that
// nothing can be told of them. A single one that is withheld stands for all: where `why` says so, or where
// tallies of several keys or rules meet, or of sources that were and of sources that were not told apart.
// None where nobody told sources apart. Pure; any thread.
void AppendUniqueHosts(std::span<const PointSum> points, const v1::Figure& total,
                       const std::optional<Withheld>& why, std::vector<v1::Figure>& figures);

}  // namespace kansoku::aggregator
