// SPDX-License-Identifier: Apache-2.0
//
// Long values of rows, made short: a month of one point's hours takes 8 KB instead of 22 KB. The form is the
// length in eight octets, least first, and then zlib's. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace kansoku::aggregator {

std::string Compress(std::string_view bytes);

// DATA_LOSS: these are not bytes that Compress made.
absl::StatusOr<std::string> Decompress(std::string_view compressed);

}  // namespace kansoku::aggregator
