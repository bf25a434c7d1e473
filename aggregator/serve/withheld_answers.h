// SPDX-License-Identifier: Apache-2.0
//
// The answers to those who see all ISPs and are none of them: without what fewer than `fewest` ISPs
// contribute to (small_parts.h), which is said in its place. Whoever owns a number, or runs the aggregator,
// is answered by the functions without `fewest`: those with it never tell of dark prefixes, however few ISPs
// may be told of (prefix_secrecy.h). Withheld is also what ended less than an hour before `now`. What arrives
// later still changes an answer, and the difference is not withheld.
//
// Told are packets and octets, of which each that contributes has some; not flows, sizes, tunnels and errors.
//
// Asked for are whole hours, of all points and sensors: PERMISSION_DENIED and INVALID_ARGUMENT name the
// field. Otherwise errors are those of the answers themselves. Any thread.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

absl::StatusOr<v1::GetTrafficResponse> ReadTraffic(const StoreReader& store,
                                                   const v1::GetTrafficRequest& request, uint32_t fewest,
                                                   absl::Time now);

// Rows that are withheld come last, in no order of their packets. So are rows by port of fewer than ten
// packets in any hour (METRICS 10).
absl::StatusOr<v1::GetDarknetResponse> ReadDarknet(const StoreReader& store,
                                                   const v1::GetDarknetRequest& request, uint32_t fewest,
                                                   absl::Time now);

// Ports that lead are withheld all together, and which they are (withheld_ranks.h); also where one has fewer
// than ten packets. So are fewer than ten hosts.
absl::StatusOr<v1::GetFiguresResponse> ReadFigures(const StoreReader& store,
                                                   const v1::GetFiguresRequest& request, uint32_t fewest,
                                                   absl::Time now);

// What a point counted is its ISP's; that it runs, and what it lost, is everyone's who oversees it.
void WithholdCounts(uint32_t fewest, v1::GetLedgerResponse& response);

// A report is of one point, and so are flow records. What was wrong with it quotes it.
void WithholdContent(uint32_t fewest, v1::QuarantinedReport& report);
absl::Status MayReadFlowRecords(uint32_t fewest);

}  // namespace kansoku::aggregator
