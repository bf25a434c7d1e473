// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "collector/doctor/machine_facts.h"

namespace kansoku::collector {

// Fills in what ethtool(8) shows of facts.name: features, speed, rings and queues; asks the driver by ioctl.
// What it does not say stays as it is. Of the network namespace of the calling thread; any thread.
void ReadEthtool(InterfaceFacts& facts);

}  // namespace kansoku::collector
