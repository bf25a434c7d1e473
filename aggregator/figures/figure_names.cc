// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/figure_names.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"

namespace kansoku::aggregator {
namespace {

constexpr size_t kNearest = 3;
// A longer word is not compared with the ids.
constexpr size_t kLongestCompared = 100;

// How many letters must be put in, taken out or exchanged to make one word of the other (Levenshtein 1965).
size_t Distance(std::string_view from, std::string_view to) {
  std::vector<size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < from.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < to.size(); ++j) {
      const size_t exchanged = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({exchanged, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

const FigureKind* FindFigure(std::string_view id) {
  const auto all = AllFigures();
  const auto found =
      std::find_if(all.begin(), all.end(), [id](const FigureKind* kind) { return kind->id == id; });
  return found == all.end() ? nullptr : *found;
}

v1::Series SeriesOf(std::string_view id) {
  if (id.starts_with("fixed_")) return v1::SERIES_FIXED;
  return id.starts_with("mobile_") ? v1::SERIES_MOBILE : v1::SERIES_UNSPECIFIED;
}

bool IsOfTelescope(std::string_view id) {
  const auto kinds = TelescopeFigureKinds();
  return std::any_of(kinds.begin(), kinds.end(), [id](const FigureKind* kind) { return kind->id == id; });
}

std::string NearestFigures(std::string_view word) {
  std::vector<std::pair<size_t, std::string_view>> ids;
  for (const FigureKind* kind : AllFigures()) {
    ids.emplace_back(word.size() > kLongestCompared ? 0 : Distance(word, kind->id), kind->id);
  }
  std::sort(ids.begin(), ids.end());
  ids.resize(std::min(ids.size(), kNearest));
  return absl::StrJoin(ids, ", ", [](std::string* out, const auto& id) { out->append(id.second); });
}

}  // namespace kansoku::aggregator
