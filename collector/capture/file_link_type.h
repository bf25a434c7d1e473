// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "collector/capture/packet_view.h"

namespace kansoku::collector {

// The LinkType of the number that a capture file holds (https://www.tcpdump.org/linktypes.html).
// UNIMPLEMENTED, by name, for any other one; `source` says where it was met. Any thread.
absl::StatusOr<LinkType> LinkTypeOfFile(uint32_t number, const std::string& source);

}  // namespace kansoku::collector
