// SPDX-License-Identifier: Apache-2.0
#include "aggregator/register/presentation_check.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/figure_names.h"

namespace kansoku::aggregator {
namespace {

// A unit whose power of ten can be told by its prefix, and the unit of the figures that are printed in it.
struct KnownUnit {
  std::string_view name;
  std::string_view of;
};
constexpr KnownUnit kKnownUnits[] = {{"bps", "bit/s"}, {"bit/s", "bit/s"}, {"B", "bytes"}};

// Of 10^0, 10^3 ...; the first has none.
constexpr std::string_view kPrefixes[] = {"", "k", "M", "G", "T", "P", "E"};

struct PrefixedUnit {
  std::string_view of;
  uint32_t power_of_ten;
};

// Nothing: any power of ten may be meant.
std::optional<PrefixedUnit> Understand(std::string_view unit) {
  for (const KnownUnit& known : kKnownUnits) {
    if (!unit.ends_with(known.name)) continue;
    const std::string_view written = unit.substr(0, unit.size() - known.name.size());
    uint32_t power_of_ten = 0;
    for (const std::string_view prefix : kPrefixes) {
      if (written == prefix) return PrefixedUnit{known.of, power_of_ten};
      power_of_ten += 3;
    }
  }
  return std::nullopt;
}

// "％" is the one of Japanese keyboards.
bool IsPercent(std::string_view unit) { return unit.find('%') != unit.npos || unit.find("％") != unit.npos; }

absl::Status CheckPresentation(const v1::Presentation& row, int i, const TablePlaces& lines) {
  const auto refuse = [&](std::string_view column, const std::string& cell, const std::string& what) {
    return lines.At(i, column, absl::StrCat("\"", absl::Utf8SafeCHexEscape(cell), "\": ", what));
  };
  const FigureKind* kind = FindFigure(row.figure());
  if (kind == nullptr) {
    return refuse("figure", row.figure(),
                  absl::StrCat("is no figure; the nearest are ", NearestFigures(row.figure()),
                               ", and kansokuctl figures list names all"));
  }
  if (SeriesOf(row.figure()) == v1::SERIES_UNSPECIFIED) {
    return refuse(
        "figure", row.figure(),
        "is not published by months, and a register does not say how it is printed; take the row out");
  }
  const std::string in(kind->unit);
  if (in == "ratio") {
    if (row.unit() == "%" || row.unit() == "ratio") return absl::OkStatus();
    return refuse("unit", row.unit(), "it is a ratio; expected %, which multiplies it by 100, or ratio");
  }
  if (IsPercent(row.unit())) {
    return refuse(
        "unit", row.unit(),
        absl::StrCat("it is in ", in, ", and only a ratio is printed in %; expected a unit of ", in));
  }
  const std::optional<PrefixedUnit> unit = Understand(row.unit());
  if (!unit.has_value()) return absl::OkStatus();
  if (!kind->unit.ends_with(unit->of))
    return refuse("unit", row.unit(), absl::StrCat("it is in ", in, "; expected a unit of ", in));
  if (unit->power_of_ten == row.power_of_ten()) return absl::OkStatus();
  return refuse("power_of_ten", absl::StrCat(row.power_of_ten()),
                absl::StrCat(row.unit(), " is a unit of 10^", unit->power_of_ten, "; expected ",
                             unit->power_of_ten, ", or another unit"));
}

}  // namespace

absl::Status CheckPresentations(const v1::Statistics& statistics, const PlacesOfTables& places) {
  for (int i = 0; i < statistics.presentations_size(); ++i) {
    const TablePlaces& lines = places.at(v1::Statistics::kPresentationsFieldNumber);
    absl::Status status = CheckPresentation(statistics.presentations(i), i, lines);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
