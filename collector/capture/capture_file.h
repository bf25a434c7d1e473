// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "collector/capture/packet_source.h"

namespace kansoku::collector {

// Opens a capture file with the source that reads it best: in place where it can be mapped, else (standard
// input as "-", a pipe, a form that only libpcap knows) through libpcap. NOT_FOUND, PERMISSION_DENIED,
// INVALID_ARGUMENT (not a capture), UNIMPLEMENTED (link type).
absl::StatusOr<std::unique_ptr<PacketSource>> OpenCaptureFile(const std::string& path);

}  // namespace kansoku::collector
