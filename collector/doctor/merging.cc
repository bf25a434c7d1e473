// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "collector/doctor/judgements.h"

namespace kansoku::collector {
namespace {

// By ethtool's names: how each that makes one packet of several is called by people, and turned off.
const std::map<std::string, std::string>& MergingFeatures() {
  static const std::map<std::string, std::string> words = {
      {"rx-gro", "gro"},
      {"rx-gro-hw", "rx-gro-hw"},
      {"rx-gro-list", "rx-gro-list"},
      {"rx-lro", "lro"},
      {"rx-udp-gro-forwarding", "rx-udp-gro-forwarding"},
      {"tx-generic-segmentation", "gso"},
      {"tx-tcp-segmentation", "tso"},
      {"tx-tcp6-segmentation", "tso"},
  };
  return words;
}

std::vector<std::string> Merging(const InterfaceFacts& facts) {
  std::vector<std::string> on;
  for (const auto& [feature, word] : MergingFeatures()) {
    if (facts.IsOn(feature) && (on.empty() || on.back() != word)) on.push_back(word);
  }
  return on;
}

}  // namespace

// What GRO merged, by the kernel or by the card, can be cut into the packets that there were (Linux,
// Documentation/networking/netdev-features.rst), so the packet ring is told how many. That is not asked of
// LRO.
Finding JudgeMerging(const InterfaceFacts& facts, v1::CaptureMethod method) {
  Finding finding{.check = "merging", .interface = facts.name};
  const std::vector<std::string> on = Merging(facts);
  const bool is_told = method != v1::CAPTURE_METHOD_LIBPCAP;
  if (is_told && facts.IsOn("rx-lro")) {
    finding.verdict = Verdict::kDistorts;
    finding.found = "LRO is on: the card merges packets, and need not say how many";
    finding.meaning = "packets may be too few, and octets lack the headers that were merged away";
    finding.remedy = absl::StrCat("ethtool -K ", facts.name, " lro off");
  } else if (!is_told && !on.empty()) {
    finding.verdict = Verdict::kDistorts;
    finding.found = absl::StrCat(absl::StrJoin(on, ", "),
                                 " on, and libpcap is not told how many packets one was made of");
    finding.meaning = "packets are too few, and octets lack the headers that were merged away";
    finding.remedy = absl::StrCat("capture: {method: packet_ring}, or ethtool -K ", facts.name, " ",
                                  absl::StrJoin(on, " off "), " off");
  } else if (!on.empty() && !facts.has_link_header) {
    finding.verdict = Verdict::kNote;
    finding.found = absl::StrCat(absl::StrJoin(on, ", "),
                                 " on, and of this kind of interface the kernel tells only the size");
    finding.meaning = "what was merged counts as one packet, and its window is flagged merged_packets";
    finding.remedy = "capture from the interface below it";
  } else {
    finding.found = on.empty() ? "no packets are merged"
                               : absl::StrCat(absl::StrJoin(on, ", "), " on; counted as the wire had them");
  }
  if (finding.verdict == Verdict::kDistorts) finding.flag = v1::QUALITY_FLAG_MERGING_INTERFACE;
  return finding;
}

}  // namespace kansoku::collector
