// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "collector/doctor/judgements.h"

namespace kansoku::collector {
namespace {

Finding Bypassed(Finding finding, std::string found, std::string remedy) {
  finding.verdict = Verdict::kDistorts;
  finding.found = std::move(found);
  finding.meaning = "what takes that way is not counted";
  finding.remedy = std::move(remedy);
  finding.flag = v1::QUALITY_FLAG_BYPASS_POSSIBLE;
  return finding;
}

// In software a packet passes the capture of the devices that a flowtable names, which is before it, and is
// not seen by what lies on them. Hardware shows it to nobody.
bool Hides(const Flowtable& table, const InterfaceFacts& facts) {
  const bool is_its_own = table.devices.contains(facts.name);
  return table.is_in_hardware ? is_its_own || facts.is_stacked : facts.is_stacked && !is_its_own;
}

}  // namespace

Finding JudgeBypass(const InterfaceFacts& facts, const absl::StatusOr<std::vector<Flowtable>>& flowtables) {
  Finding finding{.check = "bypass", .interface = facts.name};
  if (facts.has_xdp) {
    return Bypassed(finding, "an XDP program takes packets before the capture does",
                    absl::StrCat("ip link set dev ", facts.name, " xdp off"));
  }
  if (facts.IsOn("hw-tc-offload")) {
    return Bypassed(finding, "hw-tc-offload is on: the card may forward packets by itself",
                    absl::StrCat("ethtool -K ", facts.name, " hw-tc-offload off"));
  }
  if (!flowtables.ok()) {
    finding.verdict = Verdict::kNote;
    finding.found = "whether flowtables forward packets past the capture could not be asked";
    finding.meaning = "if they do, it shows as offloaded windows only";
    finding.remedy = absl::StrCat("sudo kansoku-collector doctor --interface ", facts.name);
    return finding;
  }
  const auto hiding = std::find_if(flowtables->begin(), flowtables->end(),
                                   [&](const Flowtable& table) { return Hides(table, facts); });
  if (hiding == flowtables->end()) {
    finding.found = "nothing forwards packets past the capture";
    return finding;
  }
  const std::string devices = absl::StrJoin(hiding->devices, ", ");
  if (hiding->is_in_hardware) {
    return Bypassed(finding,
                    absl::StrCat("flowtable ", hiding->name, " lets hardware forward packets of ", devices),
                    absl::StrCat("nft list ruleset, and take `flags offload` of flowtable ", hiding->name,
                                 " out (OpenWrt: uci set firewall.@defaults[0].flow_offloading_hw=0)"));
  }
  return Bypassed(finding,
                  absl::StrCat("flowtable ", hiding->name, " forwards packets between ", devices,
                               ", below this interface"),
                  absl::StrCat("capture from ", devices, ", or take flowtable ", hiding->name,
                               " out (OpenWrt: uci set firewall.@defaults[0].flow_offloading=0)"));
}

}  // namespace kansoku::collector
