// SPDX-License-Identifier: Apache-2.0
#include "absl/strings/str_cat.h"
#include "collector/doctor/judgements.h"

namespace kansoku::collector {

Finding JudgeDrops(const InterfaceFacts& facts) {
  Finding finding{.check = "drops", .interface = facts.name};
  if (facts.dropped_packets == 0) {
    finding.found = "the card has dropped no packet";
    return finding;
  }
  finding.verdict = Verdict::kNote;
  finding.found = absl::StrCat("the card has dropped ", facts.dropped_packets, " packets beside the ",
                               facts.received_packets, " it received");
  finding.meaning = "when it drops more, those windows are flagged drops";
  finding.remedy = facts.ring_packets < facts.most_ring_packets
                       ? absl::StrCat("ethtool -G ", facts.name, " rx ", facts.most_ring_packets)
                       : "spread its interrupts: see /proc/interrupts and /proc/irq/*/smp_affinity_list";
  return finding;
}

}  // namespace kansoku::collector
