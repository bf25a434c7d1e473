// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/render_figures.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "aggregator/ctl/figure_labels.h"
#include "aggregator/ctl/quality_text.h"
#include "aggregator/ctl/quantity.h"
#include "aggregator/ctl/table.h"

namespace kansoku::aggregator {
namespace {

std::string NumberText(const std::string& decimal, const std::string& unit) {
  double value = 0;
  uint64_t count = 0;
  if (unit == "bit/s" && absl::SimpleAtod(decimal, &value)) return WithPrefix(value, "bit/s");
  if (unit == "bytes" && absl::SimpleAtod(decimal, &value)) return WithPrefix(value, "B");
  return absl::StrCat(absl::SimpleAtoi(decimal, &count) ? Grouped(count) : decimal, " ", unit);
}

}  // namespace

std::string ValueText(const v1::Figure& figure) {
  if (figure.value().empty()) return "withheld";
  const std::string value = NumberText(figure.value(), figure.unit());
  if (figure.standard_error().empty()) return value;
  return absl::StrCat(value, " ± ", NumberText(figure.standard_error(), figure.unit()));
}

std::string ToText(const v1::GetFiguresRequest&, const v1::GetFiguresResponse& response) {
  Table table{{{"figure"},
               {"labels"},
               {"value", Align::kRight},
               {"from (UTC)"},
               {"to (UTC)"},
               {"windows", Align::kRight},
               {"quality"}},
              {}};
  const bool has_rules = std::any_of(response.figures().begin(), response.figures().end(),
                                     [](const v1::Figure& figure) { return figure.darknet_rules() != 0; });
  if (has_rules) table.columns.insert(table.columns.end() - 1, {"rules", Align::kRight});
  for (const v1::Figure& figure : response.figures()) {
    const std::string quality = figure.withheld_because().empty()
                                    ? QualityText(figure.flags(), figure.gaps(), ", ")
                                    : figure.withheld_because();
    std::vector<std::string> cells{figure.id(),
                                   LabelsText(figure, " "),
                                   ValueText(figure),
                                   UtcText(figure.period().start_unix_seconds()),
                                   UtcText(figure.period().end_unix_seconds()),
                                   absl::StrCat(figure.windows(), "/", figure.expected_windows())};
    if (has_rules) cells.push_back(RulesText(figure.darknet_rules()));
    cells.push_back(quality);
    table.rows.push_back(std::move(cells));
  }
  return AlignedText(table);
}

std::string ToCsv(const v1::GetFiguresRequest&, const v1::GetFiguresResponse& response) {
  Table table{{{"figure"},
               {"labels"},
               {"value"},
               {"standard_error"},
               {"unit"},
               {"start"},
               {"end"},
               {"windows"},
               {"expected_windows"},
               {"flags"},
               {"withheld_reason"},
               {"withheld_because"},
               {"method"},
               {"rules"}},
              {}};
  for (const v1::Figure& figure : response.figures()) {
    table.rows.push_back({figure.id(), LabelsText(figure, ";"), figure.value(), figure.standard_error(),
                          figure.unit(), Rfc3339Text(figure.period().start_unix_seconds()),
                          Rfc3339Text(figure.period().end_unix_seconds()), absl::StrCat(figure.windows()),
                          absl::StrCat(figure.expected_windows()), QualityText(figure.flags(), ";"),
                          ReasonText(figure), figure.withheld_because(), figure.method(),
                          RulesText(figure.darknet_rules())});
  }
  return CsvText(table);
}

}  // namespace kansoku::aggregator
