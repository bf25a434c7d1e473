// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/figure_kinds.h"

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/figure_names.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

std::string Named(const std::string& id) {
  return absl::StrCat("ids: \"", absl::Utf8SafeCHexEscape(id), "\" ");
}

absl::Status IsNoFigure(const std::string& id) {
  return absl::InvalidArgumentError(absl::StrCat(Named(id), "is no figure; the nearest are ",
                                                 NearestFigures(id), ", and ListFigureKinds names all"));
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
    if (FindFigure(id) == nullptr) return IsNoFigure(id);
    const v1::Series its_series = SeriesOf(id);
    if (its_series == v1::SERIES_UNSPECIFIED) {
      return absl::InvalidArgumentError(absl::StrCat(
          Named(id), "is not published by months; it is computed of ",
          IsOfTelescope(id) ? "telescopes' days: ask with telescope" : "any range: ask with range",
          ", not months"));
    }
    if (series != v1::SERIES_UNSPECIFIED && its_series != series) {
      return absl::InvalidArgumentError(
          absl::StrCat(Named(id), "is of the series ", EnumLabel(its_series), ", not ", EnumLabel(series)));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckTelescopeIds(const google::protobuf::RepeatedPtrField<std::string>& ids) {
  for (const std::string& id : ids) {
    if (FindFigure(id) == nullptr) return IsNoFigure(id);
    if (IsOfTelescope(id)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(Named(id), "is no figure of telescopes' days; ask with ",
                     SeriesOf(id) == v1::SERIES_UNSPECIFIED ? "range" : "months", ", not telescope"));
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
