// SPDX-License-Identifier: Apache-2.0
#include "absl/strings/str_cat.h"
#include "collector/capture/network_interface.h"
#include "collector/doctor/judgements.h"

namespace kansoku::collector {

Finding JudgePresence(const InterfaceFacts& facts) {
  Finding finding{.check = "presence", .interface = facts.name};
  if (!facts.exists) {
    finding.verdict = Verdict::kCannotMeasure;
    finding.found = "there is no such interface";
    finding.meaning = "nothing is measured until there is one";
    finding.remedy = "ip link show, and give one of these as links.interface";
  } else if (!facts.is_running) {
    finding.verdict = Verdict::kCannotMeasure;
    finding.found = "is down, or without a carrier";
    finding.meaning = "nothing is measured until it is up";
    finding.remedy = absl::StrCat("ip link set dev ", facts.name, " up");
  } else {
    finding.found = "is there, and up";
  }
  return finding;
}

}  // namespace kansoku::collector
