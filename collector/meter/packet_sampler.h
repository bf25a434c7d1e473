// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "collector/meter/split_mix.h"

namespace kansoku::collector {

// Chooses one packet in N at random: each with probability 1/N on its own, so that no period of the traffic
// meets a period of the sample (RFC 5475 5.2.2.2). What is drawn is the number of packets to leave out before
// the next, which is geometrically distributed; a packet left out costs one decrement. Equal seeds choose
// equally. One thread.
class PacketSampler {
 public:
  // `interval` is N, at least 1; with 1 every packet is taken.
  PacketSampler(uint32_t interval, uint64_t seed);

  // Whether to take the next packet.
  bool Take() {
    if (left_out_before_next_ == 0) {
      left_out_before_next_ = DrawGap();
      return true;
    }
    --left_out_before_next_;
    return false;
  }

 private:
  uint64_t DrawGap();

  SplitMix64 random_;
  double scale_;
  uint64_t left_out_before_next_;
};

}  // namespace kansoku::collector
