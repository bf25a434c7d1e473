// SPDX-License-Identifier: Apache-2.0
//
// The hosts that talk on an access link.
#pragma once

#include "tests/generator/flow.h"
#include "tests/generator/random.h"

namespace kansoku::generator {

// Subscriber number `n` lives in the pool n mod 4 and always has the same address.
Host Subscriber(uint32_t n, Family family);

// Some server; a few are asked for most of the time.
Host Server(Random& random, Family family);

}  // namespace kansoku::generator
