// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/ledger_query.h"

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "aggregator/figures/gap_sum.h"
#include "aggregator/serve/point_identities.h"
#include "proto/contract/identity.h"

namespace kansoku::aggregator {
namespace {

v1::Identity ToMessage(const Identity& identity) {
  v1::Identity message;
  message.set_name(std::string(identity.name));
  message.set_statement(std::string(identity.statement));
  message.set_left(identity.left);
  message.set_right(identity.right);
  message.set_holds(identity.holds());
  message.set_slack(identity.slack);
  return message;
}

v1::PointLedger ToPointLedger(const PointTotals& totals) {
  const CountedTotals counted = Totals(totals.ever);
  v1::PointLedger ledger;
  ledger.set_point(totals.point.point);
  *ledger.mutable_ledger() = totals.ever.ledger();
  ledger.set_cell_packets(counted.cell_packets);
  ledger.set_darknet_packets(counted.darknet_packets);
  ledger.set_refused_packets(counted.refused_packets);
  ledger.set_evicted_windows(totals.ever.evicted_windows());
  for (const Identity& identity : PointIdentities(totals)) {
    *ledger.add_identities() = ToMessage(identity);
  }
  return ledger;
}

v1::CollectorLedger ToCollectorLedger(const CollectorRecord& record, const LiveStatus& live) {
  const v1::Delivery& delivery = record.delivery;
  v1::CollectorLedger ledger;
  ledger.set_collector(record.collector);
  ledger.set_isp(record.isp);
  ledger.set_software_version(record.software_version);
  ledger.set_connected(live.connected_collectors.contains(record.collector));
  if (const auto offset = live.clock_offsets.find(record.collector); offset != live.clock_offsets.end()) {
    ledger.set_clock_offset_microseconds(absl::ToInt64Microseconds(offset->second));
  }
  ledger.set_last_heard_unix_seconds(std::max(int64_t{0}, absl::ToUnixSeconds(record.last_heard)));
  ledger.set_epoch(record.epoch);
  ledger.set_committed_through(record.committed_through);
  ledger.set_duplicate_reports(record.duplicate_reports);
  ledger.set_missing_reports(record.missing_reports);
  ledger.set_reports_closed(delivery.reports_closed());
  ledger.set_reports_acknowledged(delivery.reports_acknowledged());
  ledger.set_reports_spooled(delivery.reports_spooled());
  ledger.set_reports_evicted(delivery.reports_evicted());
  ledger.mutable_quarantined()->Assign(record.quarantined.begin(), record.quarantined.end());
  *ledger.add_identities() =
      ToMessage(DeliveryIdentity(delivery.reports_closed(), delivery.reports_acknowledged(),
                                 delivery.reports_spooled(), delivery.reports_evicted()));
  return ledger;
}

}  // namespace

absl::StatusOr<v1::GetLedgerResponse> ReadLedger(const StoreReader& store, const LiveStatus& live,
                                                 const v1::GetLedgerRequest& request) {
  // Points first: a collector is stored before its points, so each point finds its own.
  const auto points = store.ReadTotals(request.stored_hours());
  if (!points.ok()) return points.status();
  const auto collectors = store.Collectors();
  if (!collectors.ok()) return collectors.status();

  std::map<std::string, GapSum, std::less<>> gaps_of;
  const absl::Status gaps = store.ScanGaps(0, std::numeric_limits<int64_t>::max(), [&](const Gap& gap) {
    gaps_of[std::string(gap.point)].Add(gap.count);
  });
  if (!gaps.ok()) return gaps;

  std::map<std::string, std::vector<const PointTotals*>> points_of;
  for (const PointTotals& totals : *points) points_of[totals.point.collector].push_back(&totals);

  v1::GetLedgerResponse response;
  for (const CollectorRecord& record : *collectors) {
    v1::CollectorLedger& ledger = *response.add_collectors();
    ledger = ToCollectorLedger(record, live);
    for (const PointTotals* totals : points_of[record.collector]) {
      v1::PointLedger& point = *ledger.add_points();
      point = ToPointLedger(*totals);
      *point.mutable_gaps() = gaps_of[totals->point.point].counts();
    }
  }
  return response;
}

}  // namespace kansoku::aggregator
