// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace kansoku::collector {

// What a key is for, as messages about its file tell it.
struct KeyUse {
  const char* name;
  const char* option;  // of the configuration, that names the file
  const char* danger;  // what whoever has it can do
};

inline constexpr KeyUse kFlowRecordKey{"the key of flow records", "flow_records.key_path",
                                       "can undo what hides subscribers"};
inline constexpr KeyUse kDarknetSourceKey{"the key of darknet sources", "darknet_sources.key_path",
                                          "can find out whose addresses were hashed"};

// Reads a key: a regular file of exactly 32 octets that only its owner and its group may read, and nobody but
// its owner may write. NOT_FOUND, PERMISSION_DENIED or INVALID_ARGUMENT, with the path and what to do. The
// key itself is in no message.
absl::StatusOr<std::array<uint8_t, 32>> ReadKeyFile(const std::string& path, const KeyUse& use);

}  // namespace kansoku::collector
