// SPDX-License-Identifier: Apache-2.0
#include "tests/nation/national_register.h"

#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/contract/enum_label.h"
#include "tests/nation/national_traffic.h"

namespace kansoku::nation {
namespace {

struct Quarter {
  const char* end;
  const char* released;
  uint64_t fixed;  // contracts of the whole market, in thousands
  uint64_t mobile;
};
constexpr Quarter kQuarters[] = {
    {"2022-09", "2022-12-20", 46'000, 205'000}, {"2023-06", "2023-09-20", 46'300, 210'000},
    {"2023-09", "2023-12-20", 46'400, 211'000}, {"2024-06", "2024-09-20", 46'700, 218'000},
    {"2024-09", "2024-12-20", 46'800, 219'000}, {"2024-12", "2025-03-20", 46'990, 220'000},
};

std::string Contracts() {
  std::string csv = "series,quarter,released,contributor,contracts,source\n";
  const auto add = [&](v1::Series series, const Quarter& quarter, const std::string& isp,
                       uint64_t contracts) {
    absl::StrAppend(&csv, EnumLabel(series), ",", quarter.end, ",", quarter.released, ",", isp, ",",
                    contracts, ",made up\n");
  };
  for (const Quarter& quarter : kQuarters) {
    add(v1::SERIES_FIXED, quarter, "", quarter.fixed * 1000);
    add(v1::SERIES_MOBILE, quarter, "", quarter.mobile * 1000);
    for (const Operator& isp : Operators()) {
      add(isp.series, quarter, isp.isp,
          (isp.series == v1::SERIES_FIXED ? quarter.fixed : quarter.mobile) * isp.thousandths);
    }
  }
  return csv;
}

std::string Register() {
  std::string yaml =
      "publisher: {name_ja: 試験用の統計局, name_en: Bureau of made-up statistics, contact: "
      "nobody@example.org}\n"
      "simulated: true\n"
      "contributors:\n";
  for (const Operator& isp : Operators()) {
    absl::StrAppend(&yaml, "  - isp: ", isp.isp, "\n    name_ja: 架空の事業者 ", isp.isp,
                    "\n    name_en: Made-up operator ", isp.isp, "\n    series: ", EnumLabel(isp.series),
                    "\n    member_since: ", MonthText(isp.member_since), "\n    points:\n");
    for (const MeasuredLink& link : LinksOf(isp)) {
      absl::StrAppend(&yaml, "      - {point: ", link.point, ", group: ", EnumLabel(link.group),
                      ", since: ", MonthText(link.months.front()),
                      ", until: ", MonthText(AddMonths(link.months.back(), 1)), "}\n");
    }
  }
  return yaml;
}

}  // namespace

void WriteRegister(const std::string& folder, const std::string& shipped) {
  const std::pair<std::string, std::string> files[] = {
      {"register.yaml", Register()},
      {"contracts.csv", Contracts()},
      {"breaks.csv",
       "series,month,reason_ja,reason_en,source\n"
       "fixed,2023-05,契約の定義の変更,what counts as a contract was redefined,made up\n"},
  };
  for (const auto& [name, text] : files) std::ofstream(std::filesystem::path(folder) / name) << text;
  for (const char* name : {"holidays.csv", "presentations.csv"})
    std::filesystem::copy_file(std::filesystem::path(shipped) / name, std::filesystem::path(folder) / name);
}

}  // namespace kansoku::nation
