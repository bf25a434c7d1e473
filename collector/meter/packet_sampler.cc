// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/packet_sampler.h"

#include <cmath>

namespace kansoku::collector {

// For N = 1 the logarithm is minus infinity, the scale zero, and every gap empty.
PacketSampler::PacketSampler(uint32_t interval, uint64_t seed)
    : random_(seed), scale_(1.0 / std::log1p(-1.0 / interval)), left_out_before_next_(DrawGap()) {}

// A gap is longer than g with probability (1 - 1/N)^(g+1): the inverse of that at a uniform number of (0, 1].
// The smallest such number, 2^-53, bounds a gap at about 37 N.
uint64_t PacketSampler::DrawGap() {
  const double uniform = static_cast<double>((random_.Next() >> 11) + 1) * 0x1p-53;
  return static_cast<uint64_t>(std::log(uniform) * scale_);
}

}  // namespace kansoku::collector
