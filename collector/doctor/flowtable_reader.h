// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "collector/doctor/machine_facts.h"

namespace kansoku::collector {

// The flowtables of the calling thread's network namespace, as nftables lists them; none where the kernel has
// no nftables. PERMISSION_DENIED: to ask takes CAP_NET_ADMIN. Any thread.
absl::StatusOr<std::vector<Flowtable>> ReadFlowtables();

// One message of the kernel's answer, behind its header: <linux/netfilter/nf_tables.h>.
Flowtable FlowtableOf(std::span<const char> message);

}  // namespace kansoku::collector
