// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/render_panel.h"

#include "absl/strings/str_cat.h"
#include "aggregator/ctl/render_months.h"
#include "aggregator/ctl/table.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

std::string NameOf(const v1::Vintage& vintage) {
  return absl::StrCat(vintage.month(), " (vintage ", vintage.number(), ", ", EnumLabel(vintage.state()), ")");
}

}  // namespace

std::string ToText(const v1::GetMatchedPanelRequest& request, const v1::GetMatchedPanelResponse& response) {
  v1::GetFiguresResponse figures;
  *figures.mutable_figures() = response.figures();
  return absl::StrCat(EnumLabel(request.series()), ", ", NameOf(response.earlier()), " to ",
                      NameOf(response.later()), ", of the contributors that both have\n\n",
                      ToText(MonthsQuestion(), figures));
}

std::string ToCsv(const v1::GetMatchedPanelRequest&, const v1::GetMatchedPanelResponse& response) {
  Table table = FiguresTable(response.figures());
  table.columns.push_back({"earlier_month"});
  table.columns.push_back({"earlier_vintage"});
  for (auto& row : table.rows) {
    row.push_back(response.earlier().month());
    row.push_back(absl::StrCat(response.earlier().number()));
  }
  return CsvText(table);
}

}  // namespace kansoku::aggregator
