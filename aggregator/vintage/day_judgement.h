// SPDX-License-Identifier: Apache-2.0
//
// What becomes of single sources when a day of telescopes is kept: they are judged once, and a later revision
// takes that over.
#pragma once

#include <cstddef>
#include <span>

#include "absl/status/status.h"
#include "aggregator/figures/range_sum.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/telescope_day.pb.h"

namespace kansoku::aggregator {

// Beyond so many sources of a day those with the fewest packets are forgotten. Judging as many takes 0.8 GB,
// and 16 octets for each of their ports beyond the second.
inline constexpr size_t kMostSources = 3'500'000;

// Fills the sources of `day`, and what is told of them in its ports: as in `before` where that has a
// revision, else by judging what the store still knows of them. The day must be whole but for that, and
// `points` be those it was made from. Any thread. Errors of the store; DATA_LOSS also: sources sent more than
// reached the sensors.
absl::Status FillSources(const StoreReader& store, std::span<const PointSum> points,
                         const v1::TelescopeDay& before, v1::TelescopeDay& day);

}  // namespace kansoku::aggregator
