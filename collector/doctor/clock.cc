// SPDX-License-Identifier: Apache-2.0
#include "absl/strings/str_format.h"
#include "collector/doctor/judgements.h"

namespace kansoku::collector {
namespace {

// A packet that is placed so far off hardly changes a window of ten seconds.
constexpr uint64_t kMostErrorMicroseconds = 500'000;

}  // namespace

Finding JudgeClock(const std::optional<ClockFacts>& clock) {
  Finding finding{.check = "clock"};
  if (!clock.has_value()) {
    finding.verdict = Verdict::kNote;
    finding.found = "whether anything keeps the clock right could not be asked: adjtimex(2) is refused";
    finding.meaning = "a clock that runs off puts packets into wrong windows, unnoticed";
    finding.remedy = "run it where adjtimex may be asked: in a unit without ProtectClock=yes";
  } else if (!clock->is_synchronised) {
    finding.verdict = Verdict::kDistorts;
    finding.found = "nothing keeps the clock right";
    finding.meaning = "packets count in the windows of a clock that runs off";
    finding.remedy = "apt-get install chrony";
    finding.flag = v1::QUALITY_FLAG_CLOCK_UNSYNCHRONISED;
  } else {
    finding.found = absl::StrFormat("the clock is kept right, within %d ms",
                                    (clock->most_error_microseconds + 999) / 1000);
    if (clock->most_error_microseconds <= kMostErrorMicroseconds) return finding;
    finding.verdict = Verdict::kNote;
    finding.meaning = "packets near a window's edge may count in the next one";
    finding.remedy = "chronyc sources, and give it a nearer one";
  }
  return finding;
}

}  // namespace kansoku::collector
