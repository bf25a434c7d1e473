// SPDX-License-Identifier: Apache-2.0
//
// Questions to the kernel as netlink(7) puts them, and the attributes of its answers.
#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <span>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

namespace kansoku::collector {

// Sends `question`, a whole message, and calls `visit` with the content of each message of the answer, one
// where the question is not a dump. The error is the kernel's, as absl knows errno. `family`: NETLINK_ROUTE
// and the like. Any thread.
absl::Status AskNetlink(int family, std::span<const char> question,
                        absl::FunctionRef<void(std::span<const char>)> visit);

// The attributes in `bytes`, each with its type, without the bits that say how it is written, and its value.
void VisitAttributes(std::span<const char> bytes,
                     absl::FunctionRef<void(uint16_t, std::span<const char>)> visit);

}  // namespace kansoku::collector
