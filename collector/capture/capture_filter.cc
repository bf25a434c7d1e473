// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/capture_filter.h"

#include <linux/if_packet.h>

namespace kansoku::collector {

CaptureFilter FilterOf(Side side, uint32_t snap_length) {
  const uint32_t received = side == Side::kSent ? 0 : snap_length;
  const uint32_t sent = side == Side::kReceived ? 0 : snap_length;
  return {{{BPF_LD | BPF_W | BPF_ABS, 0, 0, static_cast<uint32_t>(SKF_AD_OFF + SKF_AD_PKTTYPE)},
           {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, PACKET_OUTGOING},
           {BPF_RET | BPF_K, 0, 0, sent},
           {BPF_RET | BPF_K, 0, 0, received}}};
}

}  // namespace kansoku::collector
