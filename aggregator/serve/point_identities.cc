// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/point_identities.h"

namespace kansoku::aggregator {

std::vector<Identity> PointIdentities(const PointTotals& totals) {
  std::vector<Identity> identities = CaptureIdentities(totals.ever);
  if (const auto interface = InterfaceIdentity(totals.last_hour)) identities.push_back(*interface);
  identities.push_back(
      StoreIdentity(Totals(totals.ever).stored_packets(), totals.point.acknowledged_packets));
  if (totals.hour_packets.has_value()) {
    identities.push_back({"stored_hours", "packets in the hour tier = packets of the acknowledged reports",
                          *totals.hour_packets, totals.point.acknowledged_packets});
  }
  return identities;
}

}  // namespace kansoku::aggregator
