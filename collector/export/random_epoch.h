// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>

namespace kansoku::collector {

// The name of a new epoch: never 0, and never the same twice, not even in two copies of one spool.
inline uint64_t RandomEpoch() {
  std::random_device device;
  uint64_t epoch = 0;
  while (epoch == 0) epoch = static_cast<uint64_t>(device()) << 32 | device();
  return epoch;
}

}  // namespace kansoku::collector
