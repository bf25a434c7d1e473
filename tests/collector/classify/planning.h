// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "collector/classify/address_plan.h"

namespace kansoku::collector {

// The plan of a collector's configuration whose subscribers and telescopes are `yaml`; these begin in line 9
// of c.yaml.
inline absl::StatusOr<std::shared_ptr<const AddressPlan>> CompilePlan(const std::string& yaml) {
  v1::CollectorConfig config;
  const auto places = ParseConfig(R"(collector: edge-1
isp: example
aggregator:
  address: 127.0.0.1:50051
spool:
  path: spool.db
links:
  - {point: uplink, interface: eth0}
)" + yaml,
                                  "c.yaml", config);
  if (!places.ok()) return places.status();
  return AddressPlan::Compile(config, *places);
}

}  // namespace kansoku::collector
