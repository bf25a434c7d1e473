// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "collector/capture/capture_stats.h"

namespace kansoku::collector {

// Both clocks of this machine, less than a millisecond apart. Any thread.
ClockReading ReadMachineClocks();

}  // namespace kansoku::collector
