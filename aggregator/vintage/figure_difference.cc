// SPDX-License-Identifier: Apache-2.0
#include "aggregator/vintage/figure_difference.h"

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "proto/contract/deterministic_bytes.h"

namespace kansoku::aggregator {
namespace {

constexpr char kAbsent[] = "absent";

std::string NameOf(const v1::Figure& figure) {
  const std::map<std::string, std::string> labels(figure.labels().begin(), figure.labels().end());
  std::string name = figure.id();
  for (const auto& [label, value] : labels) absl::StrAppend(&name, " ", label, "=", value);
  return name;
}

std::string Published(const v1::Figure* figure) {
  if (figure == nullptr) return kAbsent;
  if (figure->value().empty()) return absl::StrCat("withheld (", figure->withheld_because(), ")");
  return figure->unit().empty() ? figure->value() : absl::StrCat(figure->value(), " ", figure->unit());
}

std::map<std::string, const v1::Figure*> ByName(const Figures& figures) {
  std::map<std::string, const v1::Figure*> by_name;
  for (const v1::Figure& figure : figures) by_name[NameOf(figure)] = &figure;
  return by_name;
}

}  // namespace

std::string FigureDifference::Text(const std::string& would_become) const {
  return absl::StrCat(name, ": ", before, " ", would_become, " ", after,
                      before == after ? ", described otherwise" : "");
}

std::vector<FigureDifference> FigureDifferences(const Figures& before, const Figures& after) {
  const auto old_ones = ByName(before), new_ones = ByName(after);
  std::set<std::string> names;
  for (const auto& [name, figure] : old_ones) names.insert(name);
  for (const auto& [name, figure] : new_ones) names.insert(name);
  const auto find = [](const auto& by_name, const std::string& name) {
    const auto found = by_name.find(name);
    return found == by_name.end() ? nullptr : found->second;
  };
  std::vector<FigureDifference> differences;
  for (const std::string& name : names) {
    const v1::Figure* old_one = find(old_ones, name);
    const v1::Figure* new_one = find(new_ones, name);
    if (old_one != nullptr && new_one != nullptr &&
        DeterministicBytes(*old_one) == DeterministicBytes(*new_one)) {
      continue;
    }
    FigureDifference& difference = differences.emplace_back(name, Published(old_one), Published(new_one));
    if (old_one != nullptr) difference.before_figure = *old_one;
    if (new_one != nullptr) difference.after_figure = *new_one;
  }
  return differences;
}

}  // namespace kansoku::aggregator
