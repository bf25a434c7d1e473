// SPDX-License-Identifier: Apache-2.0
//
// As withheld_answers.h, of telescopes' days. Their figures are sums of the hours that Query.GetDarknet
// tells, so they are judged by the same groups of every such hour: a family, a class or a port that is small
// in any is withheld; all figures of ports if one of them is, for ranks and shares tell of each other, and
// which ports they are (withheld_ranks.h); and what is told of sources, and of packets without some, if a
// family is, or if on any day fewer ISPs told sources apart, fewer did not, or fewer were in time when it was
// judged. Flagged packets are withheld where any class is, or where on any day fewer ISPs examined packets,
// or fewer did not. Packets that could not be judged are not told, and of lists only what is on any: either
// is mostly one ISP's. Nor is told how many sources there were, nor what they sent, where they are 1 to 9
// (few_sources.h); those of a period are the sum over its days. Growth is of years that are not asked about,
// and not told: it is the quotient of their packets. Nor are dark prefixes, however few ISPs may be told of.
//
// A day's hours must be held: one of which they have less than was counted has been forgotten in part, and of
// one of which they have more, some came since and waits for the next revision. Any thread.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "aggregator/figures/port_categories.h"
#include "aggregator/serve/telescope_hours.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// Errors as of ReadTelescope; also INVALID_ARGUMENT: more than 366 days, for each of whose hours is read; and
// CANCELLED: `goes_on` was asked before the hours of a day were read, and said no.
absl::StatusOr<v1::GetFiguresResponse> ReadTelescope(
    const StoreReader& store, const v1::TelescopeSelection& asked, const PortCategories* categories,
    uint32_t fewest, RememberedHours& remembered, RememberedHours::GoesOn goes_on = [] { return true; });

}  // namespace kansoku::aggregator
