// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/vintage_basis.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace kansoku::aggregator {

bool IsYear(const std::string& period) {
  return period.size() == 4 && std::all_of(period.begin(), period.end(), absl::ascii_isdigit);
}

int VintageYear(const std::string& basis) {
  int year = 0;
  for (size_t i = 0; i + 4 <= basis.size(); ++i) {
    if (IsYear(basis.substr(i, 4))) year = std::max(year, std::stoi(basis.substr(i, 4)));
  }
  return year;
}

bool HoldsLater(const std::string& basis) { return basis.ends_with("and later"); }

}  // namespace kansoku::aggregator
