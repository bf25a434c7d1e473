// SPDX-License-Identifier: Apache-2.0
#include "collector/doctor/findings_output.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "proto/contract/enum_label.h"

namespace kansoku::collector {
namespace {

constexpr char kMachine[] = "-";

std::string Where(const Finding& finding) { return finding.interface.empty() ? kMachine : finding.interface; }

}  // namespace

void WriteFindings(std::span<const Finding> findings, std::ostream& out) {
  int widest = 0;
  for (const Finding& finding : findings) widest = std::max(widest, static_cast<int>(Where(finding).size()));
  const std::string indent(static_cast<size_t>(31 + widest), ' ');
  for (const Finding& finding : findings) {
    out << absl::StrFormat("%-14s  %-*s  %-12s %s\n", VerdictLabel(finding.verdict), widest, Where(finding),
                           finding.check, finding.found);
    if (finding.verdict == Verdict::kOk) continue;
    out << indent << finding.meaning << "\n" << indent << "-> " << finding.remedy << "\n";
  }
}

void WriteFindingsJson(std::span<const Finding> findings, std::ostream& out) {
  auto list = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"check", finding.check},
                    {"interface", finding.interface},
                    {"verdict", VerdictLabel(finding.verdict)},
                    {"found", finding.found},
                    {"meaning", finding.meaning},
                    {"remedy", finding.remedy},
                    {"flag", finding.flag == v1::QUALITY_FLAG_UNSPECIFIED ? "" : EnumLabel(finding.flag)}});
  }
  out << nlohmann::ordered_json{{"findings", std::move(list)}}.dump() << "\n";
}

std::string FindingText(const Finding& finding) {
  return absl::StrCat(finding.interface, finding.interface.empty() ? "" : ": ", finding.found, "; ",
                      finding.meaning, "; ", finding.remedy);
}

}  // namespace kansoku::collector
