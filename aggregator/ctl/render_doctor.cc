// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/render_doctor.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "aggregator/ctl/table.h"

namespace kansoku::aggregator {
namespace {

std::string Section(const Stage& stage) { return absl::StrCat("docs/troubleshooting.md#", stage.name); }

std::string ToJson(const std::vector<Stage>& stages) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Stage& stage : stages) {
    all.push_back({{"stage", stage.name},
                   {"verdict", Word(stage.verdict)},
                   {"seen", stage.seen},
                   {"remedy", stage.remedy},
                   {"docs", Section(stage)}});
  }
  // What others say of themselves may be no UTF-8.
  return nlohmann::ordered_json{{"stages", all}}.dump(-1, ' ', false,
                                                      nlohmann::ordered_json::error_handler_t::replace) +
         "\n";
}

}  // namespace

std::string DoctorText(Format format, const std::vector<Stage>& stages) {
  if (format == Format::kJson) return ToJson(stages);
  Table table{{{"stage"}, {"verdict"}, {"seen"}}, {}};
  if (format == Format::kCsv) table.columns.push_back({"remedy"});
  for (const Stage& stage : stages) {
    table.rows.push_back({stage.name, Word(stage.verdict), stage.seen});
    if (format == Format::kCsv) table.rows.back().push_back(stage.remedy);
  }
  return format == Format::kCsv ? CsvText(table) : AlignedText(table);
}

std::vector<std::string> FirstBroken(const std::vector<Stage>& stages) {
  for (const Stage& stage : stages) {
    if (stage.verdict != Verdict::kBroken) continue;
    return {
        absl::StrCat("the chain is broken at ", stage.name, ": ", stage.remedy, "; see ", Section(stage))};
  }
  return {};
}

}  // namespace kansoku::aggregator
