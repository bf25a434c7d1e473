// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "collector/meter/address_permutation.h"

namespace kansoku::collector {

// Reads the key with which addresses in flow records are permuted: a regular file of exactly 32 octets that
// only its owner and its group may read, and nobody but its owner may write. NOT_FOUND, PERMISSION_DENIED or
// INVALID_ARGUMENT, with the path and what to do. The key itself is in no message.
absl::StatusOr<AddressPermutationKey> ReadFlowRecordKey(const std::string& path);

}  // namespace kansoku::collector
