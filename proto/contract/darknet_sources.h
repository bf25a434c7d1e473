// SPDX-License-Identifier: Apache-2.0
//
// What single sources of dark packets sent: sums over windows, workers and points, up to the day that survey
// scans are judged by. Pure; any thread.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "kansoku/v1/telescope.pb.h"

namespace kansoku {

// Adds `from` to `into`, source by source, linear in both. Both must be sorted as the schema says; the result
// is. Counters add modulo 2^64, maps of addresses and of lists unite; `most_of_one` adds too, for a source
// may have found no room in either. It is associative and commutative but for the sensor, which is that of
// `into`. An `into` without a key takes all that `from` says. FAILED_PRECONDITION, and `into` is as it was:
// they have other keys, rules or lists.
absl::Status Merge(const v1::DarknetSources& from, v1::DarknetSources& into);

// About how many different addresses set a bit each in `DarknetSource.addresses`: -64 ln(zeros / 64), by
// linear counting (Whang, Vander-Zanden, Taylor 1990). A map without zeros says 266, like one with a single
// one: there may be any more.
uint64_t EstimateAddresses(uint64_t bitmap);

}  // namespace kansoku
