// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/render_months.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "aggregator/ctl/figure_labels.h"
#include "aggregator/ctl/quality_text.h"
#include "aggregator/ctl/quantity.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

// Ratios have no word for what they are of.
std::string WithUnit(const std::string& number, const std::string& unit) {
  return unit.empty() ? number : absl::StrCat(number, " ", unit);
}

std::string ValueText(const v1::Figure& figure) {
  if (figure.value().empty()) return "withheld";
  const std::string error = figure.standard_error().empty() ? "" : " ± " + figure.standard_error();
  return WithUnit(figure.value() + error, figure.unit());
}

std::string NotesText(const v1::Figure& figure, const char* separator) {
  return absl::StrJoin(figure.notes(), separator, [](std::string* out, int note) {
    out->append(EnumLabel(static_cast<v1::FigureNote>(note)));
  });
}

// What a reader must know beside the number.
std::string Remarks(const v1::Figure& figure) {
  if (!figure.withheld_because().empty()) return figure.withheld_because();
  const std::string notes = NotesText(figure, ", "),
                    quality = QualityText(figure.flags(), figure.gaps(), ", ");
  return absl::StrCat(notes, notes.empty() || quality.empty() ? "" : ", ", quality);
}

std::string BasisText(const v1::Figure& figure) {
  return figure.basis() == v1::COVERAGE_BASIS_UNSPECIFIED ? "" : EnumLabel(figure.basis());
}

// Exact numbers are whole, or quotients that nobody can read.
std::string NumberText(const std::string& exact) {
  uint64_t whole = 0;
  if (absl::SimpleAtoi(exact, &whole)) return Grouped(whole);
  const std::vector<std::string> parts = absl::StrSplit(exact, '/');
  double numerator = 0, denominator = 0;
  if (parts.size() != 2 || !absl::SimpleAtod(parts[0], &numerator) ||
      !absl::SimpleAtod(parts[1], &denominator) || denominator == 0) {
    return exact;
  }
  return absl::StrFormat("≈ %.12g", numerator / denominator);
}

std::string Line(const char* name, const std::string& text) {
  return text.empty() ? "" : absl::StrFormat("  %-9s  %s\n", name, text);
}

std::string Explanation(const v1::Figure& figure) {
  const std::string labels = LabelsText(figure, " ");
  std::string text = absl::StrCat(figure.id(), labels.empty() ? "" : " ", labels, ", ", figure.month(), ": ",
                                  ValueText(figure), "\n");
  absl::StrAppend(
      &text, Line("because", figure.withheld_because()), Line("formula", figure.method()),
      Line("vintage", absl::StrCat(figure.vintage(), ", ", EnumLabel(figure.state()), ", computed ",
                                   JstText(figure.computed_unix_seconds()), " JST")),
      Line("period", absl::StrCat(JstText(figure.period().start_unix_seconds()), " to ",
                                  JstText(figure.period().end_unix_seconds()), " JST")),
      Line("windows", absl::StrCat(figure.windows(), " of ", figure.expected_windows())),
      Line("coverage", absl::StrJoin({figure.coverage(), BasisText(figure)},
                                     figure.coverage().empty() || BasisText(figure).empty() ? "" : ", ")),
      Line("remarks", figure.withheld_because().empty() ? Remarks(figure) : ""),
      Line("exact", figure.exact().empty() ? "" : WithUnit(figure.exact(), figure.base_unit())),
      Line("register", figure.register_digest()));
  Table steps{{{"step"}, {"value", Align::kRight}, {"unit"}}, {}};
  for (const v1::FigureStep& step : figure.steps()) {
    steps.rows.push_back({step.what(), NumberText(step.value()), step.unit()});
  }
  return absl::StrCat(text, "\n", AlignedText(steps));
}

std::string StepsAsCsv(const v1::GetFiguresResponse& response) {
  Table table{{{"month"}, {"figure"}, {"labels"}, {"vintage"}, {"step"}, {"value"}, {"unit"}}, {}};
  for (const v1::Figure& figure : response.figures()) {
    for (const v1::FigureStep& step : figure.steps()) {
      table.rows.push_back({figure.month(), figure.id(), LabelsText(figure, ";"),
                            absl::StrCat(figure.vintage()), step.what(), step.value(), step.unit()});
    }
  }
  return CsvText(table);
}

}  // namespace

std::string ToText(const MonthsQuestion& question, const v1::GetFiguresResponse& response) {
  if (question.explain) {
    return absl::StrJoin(response.figures(), "\n", [](std::string* out, const v1::Figure& figure) {
      out->append(Explanation(figure));
    });
  }
  Table table{{{"month"},
               {"figure"},
               {"labels"},
               {"value", Align::kRight},
               {"vintage", Align::kRight},
               {"state"},
               {"coverage", Align::kRight},
               {"remarks"}},
              {}};
  for (const v1::Figure& figure : response.figures()) {
    table.rows.push_back({figure.month(), figure.id(), LabelsText(figure, " "), ValueText(figure),
                          absl::StrCat(figure.vintage()), EnumLabel(figure.state()), figure.coverage(),
                          Remarks(figure)});
  }
  return AlignedText(table);
}

std::string ToCsv(const MonthsQuestion& question, const v1::GetFiguresResponse& response) {
  return question.explain ? StepsAsCsv(response) : CsvText(FiguresTable(response.figures()));
}

Table FiguresTable(const google::protobuf::RepeatedPtrField<v1::Figure>& figures) {
  Table table{{{"month"},
               {"series"},
               {"figure"},
               {"labels"},
               {"value"},
               {"standard_error"},
               {"unit"},
               {"exact"},
               {"base_unit"},
               {"power_of_ten"},
               {"basis"},
               {"coverage"},
               {"vintage"},
               {"state"},
               {"computed"},
               {"windows"},
               {"expected_windows"},
               {"notes"},
               {"flags"},
               {"withheld_reason"},
               {"withheld_because"},
               {"register_digest"},
               {"method"}},
              {}};
  for (const v1::Figure& figure : figures) {
    table.rows.push_back({figure.month(),
                          EnumLabel(figure.series()),
                          figure.id(),
                          LabelsText(figure, ";"),
                          figure.value(),
                          figure.standard_error(),
                          figure.unit(),
                          figure.exact(),
                          figure.base_unit(),
                          figure.has_power_of_ten() ? absl::StrCat(figure.power_of_ten()) : "",
                          BasisText(figure),
                          figure.coverage(),
                          absl::StrCat(figure.vintage()),
                          EnumLabel(figure.state()),
                          Rfc3339Text(figure.computed_unix_seconds()),
                          absl::StrCat(figure.windows()),
                          absl::StrCat(figure.expected_windows()),
                          NotesText(figure, ";"),
                          QualityText(figure.flags(), ";"),
                          ReasonText(figure),
                          figure.withheld_because(),
                          figure.register_digest(),
                          figure.method()});
  }
  return table;
}

std::vector<std::string> MissingMonths(const v1::MonthSelection& months,
                                       const v1::GetFiguresResponse& response) {
  if (response.figures_size() > 0) return {};
  const std::string of_figures =
      months.ids_size() == 1 ? months.ids(0) : "the series " + EnumLabel(months.series());
  return {absl::StrCat("nothing was published of ", of_figures, " of ", months.first(),
                       months.last() == months.first() ? "" : absl::StrCat(" to ", months.last()),
                       months.has_as_published_unix_seconds()
                           ? absl::StrCat(" by ", JstText(months.as_published_unix_seconds()), " JST")
                           : "",
                       "; kansokuctl figures vintages lists what was")};
}

}  // namespace kansoku::aggregator
