// SPDX-License-Identifier: Apache-2.0
#include "collector/doctor_command.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "collector/config.h"
#include "collector/doctor/examination.h"
#include "collector/doctor/findings_output.h"
#include "proto/contract/config_text.h"

namespace kansoku::collector {
namespace {

absl::StatusOr<v1::CollectorConfig> ConfigOf(const DoctorOptions& options) {
  if (options.interfaces.empty()) {
    absl::StatusOr<CheckedConfig> checked = LoadConfig(options.config_path);
    if (!checked.ok()) return checked.status();
    return std::move(checked->config);
  }
  v1::CollectorConfig config;
  // An empty text has every default.
  const auto places = ParseConfig("{}", "--interface", *config.mutable_capture());
  if (!places.ok()) return places.status();
  for (const std::string& interface : options.interfaces) config.add_links()->set_interface(interface);
  return config;
}

}  // namespace

absl::StatusOr<Verdict> Examine(const DoctorOptions& options, std::ostream& out) {
  const absl::StatusOr<v1::CollectorConfig> config = ConfigOf(options);
  if (!config.ok()) return config.status();
  const auto& links = config->links();
  if (std::all_of(links.begin(), links.end(), [](const auto& link) { return link.interface().empty(); })) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.config_path, ": captures no interface, only files; give --interface"));
  }
  const std::vector<Finding> findings = Examination(*config).Examine();
  options.json ? WriteFindingsJson(findings, out) : WriteFindings(findings, out);
  return WorstOf(findings);
}

}  // namespace kansoku::collector
