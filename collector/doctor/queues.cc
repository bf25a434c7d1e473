// SPDX-License-Identifier: Apache-2.0
#include "absl/strings/str_cat.h"
#include "collector/doctor/judgements.h"

namespace kansoku::collector {
namespace {

// A processor takes packets of slower links from one queue without trouble.
constexpr uint64_t kFastMegabits = 10'000;

}  // namespace

Finding JudgeQueues(const InterfaceFacts& facts) {
  Finding finding{.check = "queues", .interface = facts.name};
  if (facts.queues == 0) {
    finding.found = "the driver does not say how many queues receive";
    return finding;
  }
  finding.found = absl::StrCat(facts.queues, " of ", facts.most_queues, " queues receive");
  if (facts.queues > 1 || facts.most_queues <= 1 || facts.megabits_per_second < kFastMegabits) return finding;
  finding.verdict = Verdict::kNote;
  finding.meaning = "one processor takes all packets from the card";
  finding.remedy = absl::StrCat("ethtool -L ", facts.name, " combined ", facts.most_queues);
  return finding;
}

}  // namespace kansoku::collector
