// SPDX-License-Identifier: Apache-2.0
//
// What the kernel says of a network interface of the calling thread's network namespace. Any thread; each
// call asks anew.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace kansoku::collector {

struct NetworkInterface {
  int index = 0;
  uint16_t hardware_type = 0;  // ARPHRD_... of <linux/if_arp.h>
};

// NOT_FOUND: lists the interfaces there are.
absl::StatusOr<NetworkInterface> FindInterface(const std::string& name);

// What FindInterface says when there is none of that name.
absl::Status NoSuchInterface(const std::string& name);

// Why a capture was refused, and the right that it takes.
absl::Status CaptureNotPermitted(const std::string& name);

// The largest frame of the wire, in octets: the MTU behind an Ethernet header with two VLAN tags. A larger
// one was merged from several by an offload. 0 where the interface is gone.
uint32_t LargestFrameOctets(const std::string& name);

// Whether it merges the packets that it receives (GRO or LRO), so that the host sees others than the wire
// has. False where the interface does not say.
bool MergesReceived(const std::string& name);

}  // namespace kansoku::collector
