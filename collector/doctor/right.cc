// SPDX-License-Identifier: Apache-2.0
#include "absl/strings/str_cat.h"
#include "collector/doctor/judgements.h"

namespace kansoku::collector {

Finding JudgeRight(const absl::Status& tried) {
  Finding finding{.check = "right"};
  if (tried.ok()) {
    finding.found = "this user may capture";
    return finding;
  }
  finding.verdict = Verdict::kCannotMeasure;
  finding.found = absl::StrCat("this user may not capture: ", tried.message());
  finding.meaning = "nothing is measured";
  finding.remedy =
      "setcap cap_net_raw+ep /usr/bin/kansoku-collector, or in a unit AmbientCapabilities=CAP_NET_RAW";
  return finding;
}

}  // namespace kansoku::collector
