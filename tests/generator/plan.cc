// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/plan.h"

namespace kansoku::generator {

uint64_t MonitoredAddresses(size_t sensor) {
  uint64_t addresses = 0;
  for (const DarkRange& range : kDarkRanges) {
    if (range.sensor != sensor || range.prefix.base.family != Family::kIpv4) continue;
    addresses += uint64_t{1} << (32 - range.prefix.length);
  }
  return addresses;
}

std::string SubscribersYaml() {
  std::string yaml = "subscribers:\n";
  for (const SubscriberRange& range : kSubscriberRanges) {
    yaml += "  - prefix: " + ToText(range.prefix) + "\n    access: ";
    yaml += Label(kAccessLabels, range.access);
    yaml += "\n    technology: ";
    yaml += Label(kTechnologyLabels, range.technology);
    yaml += "\n";
  }
  return yaml;
}

std::string TelescopesYaml() {
  std::string yaml = "telescopes:\n";
  for (const DarkRange& range : kDarkRanges) {
    yaml += "  - sensor: ";
    yaml += kSensors[range.sensor];
    yaml += "\n    prefix: " + ToText(range.prefix) + "\n";
  }
  return yaml;
}

}  // namespace kansoku::generator
