// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "collector/meter/address_permutation.h"

namespace kansoku::collector {

// The key of Crypto-PAn's sample trace, for which permuted addresses are published.
inline constexpr AddressPermutationKey kReferenceKey = {21,  34, 23,  141, 51, 164, 207, 128, 19,  10,  91,
                                                        22,  73, 144, 125, 16, 216, 152, 143, 131, 121, 121,
                                                        101, 39, 98,  87,  76, 45,  42,  132, 34,  2};

}  // namespace kansoku::collector
