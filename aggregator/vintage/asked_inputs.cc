// SPDX-License-Identifier: Apache-2.0
#include "aggregator/vintage/asked_inputs.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/statistics_lookup.h"

namespace kansoku::aggregator {

std::vector<std::string> AskedDifferences(const v1::MonthInputs& inputs, const v1::Statistics& statistics) {
  std::map<std::string, std::pair<std::string, v1::Group>> asked, had;
  // A stored month was well formed when it was stored.
  const Month month = ParseMonth(inputs.month()).value_or(Month{});
  for (const SeriesPoint& point : PointsOf(statistics, inputs.series(), month)) {
    asked[point.point->point()] = {point.contributor->isp(), point.point->group()};
  }
  for (const v1::PointMonth& point : inputs.points()) had[point.point()] = {point.isp(), point.group()};

  std::vector<std::string> differences;
  for (const auto& [name, who] : asked) {
    const auto found = had.find(name);
    if (found == had.end()) {
      differences.push_back(absl::StrCat("point ", name, " would join"));
    } else if (found->second != who) {
      differences.push_back(absl::StrCat("point ", name, " would be ", EnumLabel(who.second), " of ",
                                         who.first, " instead of ", EnumLabel(found->second.second), " of ",
                                         found->second.first));
    }
  }
  for (const auto& [name, who] : had) {
    if (!asked.contains(name)) differences.push_back(absl::StrCat("point ", name, " would leave"));
  }
  const v1::OctetsBasis basis = statistics.register_().octets_basis();
  if (basis != inputs.octets_basis()) {
    differences.push_back(absl::StrCat("octets would be of basis ", EnumLabel(basis), " instead of ",
                                       EnumLabel(inputs.octets_basis())));
  }
  return differences;
}

}  // namespace kansoku::aggregator
