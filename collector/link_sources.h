// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "collector/capture/packet_source.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku::collector {

// Opens a link for all of its workers, a source for each: one for a file, as many as are configured for a
// live interface, among which the kernel spreads its packets. Live sources survive that their interface goes
// away, and say so with `say`, from their worker's thread; the NIC's counters of each side are read by one of
// them, and with them what the kernel offered to all. Errors are the sources'.
absl::StatusOr<std::vector<std::unique_ptr<PacketSource>>> OpenSources(
    const v1::LinkConfig& link, const v1::CaptureConfig& capture,
    const std::function<void(const std::string&)>& say);

}  // namespace kansoku::collector
