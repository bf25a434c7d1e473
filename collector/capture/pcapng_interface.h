// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "absl/status/statusor.h"
#include "collector/capture/byte_order.h"
#include "collector/capture/packet_view.h"

namespace kansoku::collector {

// What an interface description block of pcapng says of its interface's packets
// (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html, 4.2). A value.
struct PcapngInterface {
  // `body` is the block without its type and lengths. DATA_LOSS, in a few words: too short, its options are
  // cut off, or its clock is finer than 64 bits can count. A link type that is not read is kUnsupported.
  static absl::StatusOr<PcapngInterface> Parse(std::span<const uint8_t> body, ByteOrder order);

  // When the interface's clock showed so many ticks. As UnixNanoseconds() for times that do not fit.
  int64_t UnixNanosecondsOf(uint64_t ticks) const;

  LinkType link_type = LinkType::kUnsupported;
  uint32_t snap_length = 0;  // octets; 0: no limit
  uint64_t ticks_per_second = 1'000'000;
  int64_t nanoseconds_per_tick = 1000;  // 0: not a whole number
  int64_t offset_seconds = 0;           // to be added to every time
};

}  // namespace kansoku::collector
