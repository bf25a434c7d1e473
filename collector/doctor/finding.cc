// SPDX-License-Identifier: Apache-2.0
#include "collector/doctor/finding.h"

#include <algorithm>

namespace kansoku::collector {

const char* VerdictLabel(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk:
      return "ok";
    case Verdict::kNote:
      return "note";
    case Verdict::kDistorts:
      return "distorts";
    case Verdict::kCannotMeasure:
      return "cannot_measure";
  }
  return "";
}

Verdict WorstOf(std::span<const Finding> findings) {
  Verdict worst = Verdict::kOk;
  for (const Finding& finding : findings) worst = std::max(worst, finding.verdict);
  return worst;
}

}  // namespace kansoku::collector
