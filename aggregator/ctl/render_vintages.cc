// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/render_vintages.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "aggregator/ctl/figure_labels.h"
#include "aggregator/ctl/quantity.h"
#include "aggregator/ctl/table.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

// Enough of a digest to tell registers apart.
constexpr size_t kShortDigest = 12;

Table KindsTable(const v1::ListFigureKindsResponse& response, const char* separator) {
  Table table{{{"figure"}, {"series"}, {"unit"}, {"digits", Align::kRight}, {"labels"}, {"method"}}, {}};
  for (const v1::FigureKind& kind : response.kinds()) {
    table.rows.push_back({kind.id(), kind.series() == v1::SERIES_UNSPECIFIED ? "" : EnumLabel(kind.series()),
                          kind.unit(), absl::StrCat(kind.digits()), absl::StrJoin(kind.labels(), separator),
                          kind.method()});
  }
  return table;
}

std::string NameOf(const v1::Vintage& vintage) {
  return absl::StrCat(EnumLabel(vintage.series()), " ", vintage.month(), ", vintage ", vintage.number());
}

// "absent" where there is none; else what was published of it, and what that was rounded from.
std::string NumberOf(bool is_there, const v1::Figure& figure) {
  if (!is_there) return "absent";
  if (figure.value().empty()) return absl::StrCat("withheld: ", figure.withheld_because());
  return absl::StrCat(figure.value(), " ", figure.unit(), " = ", figure.exact(), " ", figure.base_unit());
}

Table DifferencesTable(const v1::RecomputeVintageResponse& response, const char* separator) {
  Table table{{{"figure"}, {"labels"}, {"stored"}, {"computed"}}, {}};
  for (const v1::FigureDifference& it : response.differences()) {
    const v1::Figure& named = it.has_stored() ? it.stored() : it.computed();
    table.rows.push_back({named.id(), LabelsText(named, separator), NumberOf(it.has_stored(), it.stored()),
                          NumberOf(it.has_computed(), it.computed())});
  }
  return table;
}

}  // namespace

std::string ToText(const v1::ListFigureKindsRequest&, const v1::ListFigureKindsResponse& response) {
  return AlignedText(KindsTable(response, " "));
}
std::string ToCsv(const v1::ListFigureKindsRequest&, const v1::ListFigureKindsResponse& response) {
  return CsvText(KindsTable(response, ";"));
}

std::string ToText(const v1::ListVintagesRequest&, const v1::ListVintagesResponse& response) {
  Table table{{{"series"},
               {"month"},
               {"vintage", Align::kRight},
               {"state"},
               {"computed (JST)"},
               {"by"},
               {"method"},
               {"register"},
               {"because"}},
              {}};
  for (const v1::Vintage& it : response.vintages()) {
    table.rows.push_back({EnumLabel(it.series()), it.month(), absl::StrCat(it.number()),
                          EnumLabel(it.state()), JstText(it.computed_unix_seconds()), it.by(),
                          it.method_version(), it.register_digest().substr(0, kShortDigest), it.because()});
  }
  return AlignedText(table);
}

std::string ToCsv(const v1::ListVintagesRequest&, const v1::ListVintagesResponse& response) {
  Table table{{{"series"},
               {"month"},
               {"vintage"},
               {"state"},
               {"computed"},
               {"by"},
               {"method_version"},
               {"register_digest"},
               {"because"}},
              {}};
  for (const v1::Vintage& it : response.vintages()) {
    table.rows.push_back({EnumLabel(it.series()), it.month(), absl::StrCat(it.number()),
                          EnumLabel(it.state()), Rfc3339Text(it.computed_unix_seconds()), it.by(),
                          it.method_version(), it.register_digest(), it.because()});
  }
  return CsvText(table);
}

std::string ToText(const v1::RecomputeVintageRequest&, const v1::RecomputeVintageResponse& response) {
  const v1::Vintage& vintage = response.vintage();
  const std::string what =
      absl::StrCat(NameOf(vintage), ", computed ", JstText(vintage.computed_unix_seconds()),
                   " JST by method ", vintage.method_version(), " with register ", vintage.register_digest(),
                   "\n", response.figures(), " figures computed again by method ", response.method_version());
  if (response.differences_size() == 0) return absl::StrCat(what, ": all are equal, bit for bit\n");
  return absl::StrCat(what, "\n\n", AlignedText(DifferencesTable(response, " ")));
}

std::string ToCsv(const v1::RecomputeVintageRequest&, const v1::RecomputeVintageResponse& response) {
  return CsvText(DifferencesTable(response, ";"));
}

std::vector<std::string> Differences(const v1::RecomputeVintageResponse& response) {
  if (response.differences_size() == 0) return {};
  return {absl::StrCat(
      NameOf(response.vintage()), ": ", response.differences_size(), " of ", response.figures(),
      " figures differ from what was published",
      response.method_version() == response.vintage().method_version()
          ? ""
          : absl::StrCat("; method ", response.vintage().method_version(),
                         " computed them, and this aggregator has method ", response.method_version()))};
}

}  // namespace kansoku::aggregator
