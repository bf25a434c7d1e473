// SPDX-License-Identifier: Apache-2.0
#include "collector/doctor/judgements.h"

namespace kansoku::collector {

// Both methods of capture put the tag back that the card took off (packet(7), PACKET_AUXDATA).
Finding JudgeVlanTags(const InterfaceFacts& facts) {
  return {.check = "vlan_tags",
          .interface = facts.name,
          .found = facts.IsOn("rx-vlan-hw-parse") ? "the card takes VLAN tags off; they are put back"
                                                  : "VLAN tags stay on"};
}

}  // namespace kansoku::collector
