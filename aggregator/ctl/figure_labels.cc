// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/figure_labels.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {

std::string LabelsText(const v1::Figure& figure, const char* separator) {
  const std::map<std::string, std::string> sorted(figure.labels().begin(), figure.labels().end());
  return absl::StrJoin(sorted, separator, absl::PairFormatter("="));
}

std::string ReasonText(const v1::Figure& figure) {
  return figure.withheld_reason() == v1::WITHHELD_REASON_UNSPECIFIED ? ""
                                                                     : EnumLabel(figure.withheld_reason());
}

absl::StatusOr<v1::GetFiguresResponse> OnlyWhere(const std::map<std::string, std::string>& labels,
                                                 v1::GetFiguresResponse figures) {
  v1::GetFiguresResponse found;
  std::set<std::string> others;
  for (v1::Figure& figure : *figures.mutable_figures()) {
    const bool has_all = std::all_of(labels.begin(), labels.end(), [&](const auto& label) {
      const auto its = figure.labels().find(label.first);
      return its != figure.labels().end() && its->second == label.second;
    });
    for (const auto& [label, value] : figure.labels()) others.insert(absl::StrCat(label, "=", value));
    if (has_all) *found.add_figures() = std::move(figure);
  }
  if (found.figures_size() > 0 || figures.figures_size() == 0) return found;
  const std::string asked = absl::StrJoin(labels, " ", absl::PairFormatter("="));
  return absl::NotFoundError(absl::StrCat("--where: no figure has ", absl::Utf8SafeCHexEscape(asked), "; ",
                                          others.empty() ? "it has no labels" : "there are ",
                                          absl::StrJoin(others, ", ")));
}

v1::GetFiguresResponse OnlyOfPopulation(const std::string& population, v1::GetFiguresResponse figures) {
  v1::GetFiguresResponse found;
  for (v1::Figure& figure : *figures.mutable_figures()) {
    const auto its = figure.labels().find("population");
    if (its == figure.labels().end() || its->second == population) *found.add_figures() = std::move(figure);
  }
  return found;
}

}  // namespace kansoku::aggregator
