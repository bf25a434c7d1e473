// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "collector/meter/dark_sources.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku::collector {

// What a configuration says of telling sources apart; none where it says nothing. Reads the key and the
// survey lists, which must hold somebody from `first_unix_ns` on, when the first packet can come. The errors
// are those of the files.
absl::StatusOr<std::optional<DarkSourceOptions>> ReadSourceOptions(const v1::CollectorConfig& config,
                                                                   int64_t first_unix_ns);

// When the first packet can come: now, but those of a file may be of any time.
int64_t FirstPacketUnixNs(const v1::CollectorConfig& config, absl::Time now);

}  // namespace kansoku::collector
