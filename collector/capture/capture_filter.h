// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <linux/filter.h>

#include <array>
#include <cstdint>

#include "collector/capture/packet_view.h"

namespace kansoku::collector {

// A classic BPF program that the kernel runs before it copies a packet (socket-filter(7),
// Documentation/networking/filter.rst). It answers how many octets are copied, so payload beyond the snap
// length never enters the program's memory. A value.
using CaptureFilter = std::array<sock_filter, 4>;

// Takes the packets of one side, or with kUnknown of both, and `snap_length` octets of each. With 0 none: a
// socket that is not ready yet, or that is done.
CaptureFilter FilterOf(Side side, uint32_t snap_length);

}  // namespace kansoku::collector
