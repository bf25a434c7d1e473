// SPDX-License-Identifier: Apache-2.0
//
// How long dark addresses were monitored, by prefix. Pure; any thread.
#pragma once

#include <cstdint>
#include <utility>

#include "kansoku/v1/telescope.pb.h"
#include "proto/contract/merge_sorted.h"

namespace kansoku {

// Prefixes are sorted by this. One may lie in another where each was dark at a time of its own.
inline std::pair<uint32_t, uint32_t> KeyOf(const v1::DarkPrefix& prefix) {
  return {prefix.address(), prefix.length()};
}

// Of a sensor in a window or on a day (DarknetTally, SensorDay): false where nobody says which prefixes its
// address_seconds are of.
template <typename Sensor>
bool IsByPrefix(const Sensor& sensor) {
  return sensor.prefixes_size() > 0 || sensor.address_seconds() == 0;
}

// Adds up how long one sensor was monitored. The prefixes of the sum add up to its address_seconds, or there
// are none: those of a part would be taken for those of all.
template <typename From, typename Into>
void MergeAddressSeconds(const From& from, Into& into) {
  if (IsByPrefix(from) && IsByPrefix(into)) {
    MergeSorted(
        from.prefixes(), *into.mutable_prefixes(), [](const v1::DarkPrefix& prefix) { return KeyOf(prefix); },
        [](const v1::DarkPrefix& prefix, v1::DarkPrefix& sum) {
          sum.set_address_seconds(sum.address_seconds() + prefix.address_seconds());
        });
  } else {
    into.clear_prefixes();
  }
  into.set_address_seconds(into.address_seconds() + from.address_seconds());
}

}  // namespace kansoku
