// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/figure_kinds.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "aggregator/figures/figure_catalog.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

constexpr size_t kNearest = 3;
// A longer word is not compared with the ids.
constexpr size_t kLongestCompared = 100;

// Whose months a figure is of: its id begins with the series.
v1::Series SeriesOf(std::string_view id) {
  if (id.starts_with("fixed_")) return v1::SERIES_FIXED;
  return id.starts_with("mobile_") ? v1::SERIES_MOBILE : v1::SERIES_UNSPECIFIED;
}

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

std::string Nearest(std::string_view word) {
  std::vector<std::pair<size_t, std::string_view>> ids;
  for (const FigureKind* kind : AllFigures()) {
    ids.emplace_back(word.size() > kLongestCompared ? 0 : Distance(word, kind->id), kind->id);
  }
  std::sort(ids.begin(), ids.end());
  ids.resize(std::min(ids.size(), kNearest));
  return absl::StrJoin(ids, ", ", [](std::string* out, const auto& id) { out->append(id.second); });
}

bool IsKnown(std::string_view id) {
  return std::any_of(AllFigures().begin(), AllFigures().end(),
                     [id](const FigureKind* kind) { return kind->id == id; });
}

}  // namespace

v1::ListFigureKindsResponse ListFigureKinds() {
  v1::ListFigureKindsResponse response;
  for (const FigureKind* kind : AllFigures()) {
    v1::FigureKind& listed = *response.add_kinds();
    listed.set_id(std::string(kind->id));
    listed.set_unit(std::string(kind->unit));
    listed.set_digits(static_cast<uint32_t>(kind->digits));
    for (const std::string& label :
         std::vector<std::string>(absl::StrSplit(std::string(kind->labels), ',', absl::SkipEmpty()))) {
      listed.add_labels(label);
    }
    listed.set_method(std::string(kind->method));
    listed.set_series(SeriesOf(kind->id));
  }
  return response;
}

absl::Status CheckFigureIds(const google::protobuf::RepeatedPtrField<std::string>& ids, v1::Series series) {
  for (const std::string& id : ids) {
    const std::string named = absl::StrCat("ids: \"", absl::Utf8SafeCHexEscape(id), "\" ");
    if (!IsKnown(id)) {
      return absl::InvalidArgumentError(absl::StrCat(named, "is no figure; the nearest are ", Nearest(id),
                                                     ", and ListFigureKinds names all"));
    }
    const v1::Series its_series = SeriesOf(id);
    if (its_series == v1::SERIES_UNSPECIFIED) {
      return absl::InvalidArgumentError(absl::StrCat(
          named, "is not published by months; it is computed of any range: ask with range, not months"));
    }
    if (series != v1::SERIES_UNSPECIFIED && its_series != series) {
      return absl::InvalidArgumentError(
          absl::StrCat(named, "is of the series ", EnumLabel(its_series), ", not ", EnumLabel(series)));
    }
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
