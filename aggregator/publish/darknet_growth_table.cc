// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/darknet_growth_table.h"

#include "aggregator/publish/darknet_years.h"

namespace kansoku::aggregator {
namespace {

constexpr TableColumn kColumns[] = {
    {"period", "year", "", {"対象年", "Period"}, "year in Japan"},
    {"figure_id", "string", "", {"指標", "Figure"}, "what was computed from published values; see method"},
    {"compared_with", "year", "", {"比較対象", "Compared with"}, "the year that it is divided by"},
    {"value", "number", "{unit}", {"値", "Value"}, "rounded once, half away from zero; empty when withheld"},
    {"unit", "string", "", {"単位", "Unit"}, "of value"},
    {"withheld_because",
     "string",
     "",
     {"非公表の理由", "Withheld because"},
     "why there is no value, in English"},
    {"basis",
     "string",
     "",
     {"版", "Basis"},
     "the vintage that both years are of; where it is withheld, the latest that states the year"},
    {"evidence",
     "string",
     "",
     {"根拠", "Evidence"},
     "derived from values that were seen, or recalled where one of them is from memory"},
    {"method", "string", "", {"算出方法", "Method"}, "how it was computed"},
    {"sources", "string", "", {"出典", "Source"}, "where the values were read"},
};

const char* Word(Evidence evidence) { return evidence == Evidence::kRecalled ? "recalled" : "derived"; }

std::vector<std::string> Row(const YearQuotient& of, const char* id, const char* unit, const char* method) {
  return {of.year,    id,
          of.other,   of.value,
          unit,       WhyWithheld(of, Language::kEnglish),
          of.vintage, of.value.empty() ? "" : Word(of.evidence),
          method,     of.source};
}

}  // namespace

DataTable DarknetGrowthTable(const Publication& publication) {
  DataTable table{"darknet-growth", {std::begin(kColumns), std::end(kColumns)}, {}};
  for (const DarknetYear& year : DarknetYears(publication.history)) {
    if (year.ratio_to_base) {
      table.rows.push_back(
          Row(*year.ratio_to_base, "darknet_ratio_to_base_year", "ratio",
              "packets of the year / packets of the base year, of one vintage (METRICS 5.6)"));
    }
    table.rows.push_back(
        Row(year.growth, "darknet_yoy", "%",
            "packets of the year / packets of the year before - 1, of one vintage (METRICS 5.6)"));
    if (year.seconds_per_packet.empty()) continue;
    table.rows.push_back(
        {year.packets.period, "darknet_seconds_per_packet_per_ip", "", year.seconds_per_packet, "seconds", "",
         year.seconds_vintage, Word(year.seconds_evidence),
         "seconds of the year / packets for each address (METRICS 5.5)", year.seconds_source});
  }
  return table;
}

}  // namespace kansoku::aggregator
