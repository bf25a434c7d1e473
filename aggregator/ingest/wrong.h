// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {

// INVALID_ARGUMENT that says: the field, then what was found in it. Any thread.
template <typename... Parts>
absl::Status Wrong(const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(parts...));
}

}  // namespace kansoku::aggregator
