// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/metric_values.h"

#include <algorithm>
#include <string>

#include "absl/strings/numbers.h"

namespace kansoku::aggregator {

std::optional<double> LargestOf(std::string_view exposition, std::string_view metric) {
  std::optional<double> largest;
  while (!exposition.empty()) {
    const std::string_view line = exposition.substr(0, exposition.find('\n'));
    exposition.remove_prefix(std::min(line.size() + 1, exposition.size()));
    // NAME VALUE, or NAME{LABELS} VALUE.
    if (!line.starts_with(metric)) continue;
    const std::string_view rest = line.substr(metric.size());
    if (!rest.starts_with(' ') && !rest.starts_with('{')) continue;
    double value = 0;
    if (!absl::SimpleAtod(std::string(rest.substr(rest.rfind(' ') + 1)), &value)) continue;
    largest = std::max(largest.value_or(value), value);
  }
  return largest;
}

}  // namespace kansoku::aggregator
