// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/render_telescope.h"

#include "absl/strings/str_cat.h"
#include "aggregator/ctl/figure_labels.h"
#include "aggregator/ctl/quality_text.h"
#include "aggregator/ctl/quantity.h"
#include "aggregator/ctl/render_figures.h"
#include "aggregator/ctl/table.h"
#include "proto/contract/period_text.h"

namespace kansoku::aggregator {
namespace {

// Empty where none of its days is there, or before it was said.
std::string ComputedText(const v1::Figure& figure) {
  return figure.computed_unix_seconds() == 0 ? "" : Rfc3339Text(figure.computed_unix_seconds());
}

}  // namespace

std::string ToText(const TelescopeQuestion&, const v1::GetFiguresResponse& response) {
  Table table{{{"period"},
               {"figure"},
               {"labels"},
               {"value", Align::kRight},
               {"windows", Align::kRight},
               {"rules", Align::kRight},
               {"remarks"}},
              {}};
  for (const v1::Figure& figure : response.figures()) {
    table.rows.push_back({PeriodText(figure.period()), figure.id(), LabelsText(figure, " "),
                          ValueText(figure), absl::StrCat(figure.windows(), "/", figure.expected_windows()),
                          RulesText(figure.darknet_rules()),
                          figure.withheld_because().empty() ? QualityText(figure.flags(), figure.gaps(), ", ")
                                                            : figure.withheld_because()});
  }
  return AlignedText(table);
}

std::string ToCsv(const TelescopeQuestion&, const v1::GetFiguresResponse& response) {
  Table table{{{"period"},
               {"figure"},
               {"labels"},
               {"value"},
               {"standard_error"},
               {"unit"},
               {"start"},
               {"end"},
               {"windows"},
               {"expected_windows"},
               {"rules"},
               {"judgement"},
               {"revision"},
               {"computed"},
               {"flags"},
               {"withheld_reason"},
               {"withheld_because"},
               {"method"}},
              {}};
  for (const v1::Figure& figure : response.figures()) {
    table.rows.push_back(
        {PeriodText(figure.period()), figure.id(), LabelsText(figure, ";"), figure.value(),
         figure.standard_error(), figure.unit(), Rfc3339Text(figure.period().start_unix_seconds()),
         Rfc3339Text(figure.period().end_unix_seconds()), absl::StrCat(figure.windows()),
         absl::StrCat(figure.expected_windows()), RulesText(figure.darknet_rules()),
         RulesText(figure.darknet_judgement()), absl::StrCat(figure.darknet_revision()), ComputedText(figure),
         QualityText(figure.flags(), ";"), ReasonText(figure), figure.withheld_because(), figure.method()});
  }
  return CsvText(table);
}

std::vector<std::string> MissingDays(const TelescopeQuestion& question,
                                     const v1::GetFiguresResponse& response) {
  if (response.figures_size() > 0) return {};
  const v1::TelescopeSelection& days = question.request.telescope();
  return {absl::StrCat(
      "there is no such figure of ", days.first_day(),
      days.last_day() == days.first_day() ? "" : absl::StrCat(" to ", days.last_day()),
      question.population.empty() ? "" : absl::StrCat(" and the population ", question.population),
      "; kansokuctl darknet figures says which there are, and what is known of these days")};
}

}  // namespace kansoku::aggregator
