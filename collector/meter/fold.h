// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "absl/numeric/int128.h"

namespace kansoku::collector {

// Both halves of the full product, folded: each input bit reaches the whole result. With a secret in its
// operands nobody can choose numbers that meet.
inline uint64_t Fold(uint64_t a, uint64_t b) {
  const absl::uint128 product = absl::uint128(a) * b;
  return absl::Uint128High64(product) ^ absl::Uint128Low64(product);
}

}  // namespace kansoku::collector
