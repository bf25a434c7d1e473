// SPDX-License-Identifier: Apache-2.0
//
// What a configuration that was read again means for a collector that runs: which of its changes it takes,
// and which wait for a restart. The rules of config.proto say which is which. Pure.
#pragma once

#include <string>
#include <vector>

#include "kansoku/v1/config.pb.h"

namespace kansoku::collector {

struct ReloadPlan {
  v1::CollectorConfig config;      // to be in force: the running one with the changes that are taken
  std::vector<std::string> taken;  // keys, as in "links[0].group"
  std::vector<std::string> awaiting_restart;  // keys
};

// A link is the same if its point and what it captures from are. A link that comes, goes or captures from
// elsewhere waits for a restart: interfaces are opened before the right to do so is put down. So does one of
// which other sides are to be watched. Places of links are those of `wanted`.
ReloadPlan PlanReload(const v1::CollectorConfig& running, const v1::CollectorConfig& wanted);

}  // namespace kansoku::collector
