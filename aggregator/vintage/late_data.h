// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/time/time.h"

namespace kansoku::aggregator {

// Late data is gathered for so long before it makes another vintage of a month or another revision of a day:
// a collector that comes back with a month makes one, not hundreds.
inline constexpr absl::Duration kLateDataGathers = absl::Hours(24);

}  // namespace kansoku::aggregator
