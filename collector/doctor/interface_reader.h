// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "collector/doctor/machine_facts.h"

namespace kansoku::collector {

// What the kernel (rtnetlink) and the driver (ethtool) say now of an interface of the calling thread's
// network namespace. A dozen system calls that need no right; any thread.
InterfaceFacts ReadInterface(const std::string& name);

}  // namespace kansoku::collector
