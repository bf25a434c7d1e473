// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kansoku/v1/telescope_day.pb.h"

namespace kansoku::aggregator {

// What the figures of packets and addresses take of a day (METRICS 5.2 to 5.6), in a day of some hundred
// octets, so that those of decades are held at once: without classes, ports and who sent, and as of a single
// sensor. Pure; any thread.
v1::TelescopeDay TotalsOf(const v1::TelescopeDay& day);

}  // namespace kansoku::aggregator
