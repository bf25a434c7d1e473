// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace kansoku::collector {

// The machine's two clocks, read together.
struct ClockReading {
  int64_t unix_ns = 0;    // what packets are stamped with; somebody may set it
  int64_t steady_ns = 0;  // goes on whatever the other is set to; has no epoch
};

// Cumulative since the source was opened.
//   received = delivered to the sink + kernel_dropped + interface_dropped
// Packets that wait in the kernel's ring count as received only once they are read, so the equation is exact
// whenever it is asked; a source whose counters contradict it reports what the counters say. Asked from
// inside the sink, the whole burst in hand counts as received.
struct CaptureStats {
  uint64_t received_packets = 0;
  uint64_t kernel_dropped_packets = 0;     // the ring was full
  uint64_t interface_dropped_packets = 0;  // the network card or its driver gave up
  uint64_t ring_freezes = 0;               // times the kernel found the ring full and stopped for a while
  // Read together: what the interface counted on the sides that are captured, and what the kernel offered to
  // the capture. All 0 where the source is not a live interface.
  uint64_t nic_packets = 0;
  uint64_t nic_octets = 0;
  uint64_t tap_packets = 0;
  uint64_t down_observations = 0;  // readings that found the interface down or gone
  // When all of this was read; none where time is the packets' alone. Whoever polls a live source fills it
  // in.
  std::optional<ClockReading> read_at;

  // Of two sources of one link, or of a source and the one that took its place.
  CaptureStats& operator+=(const CaptureStats& other) {
    received_packets += other.received_packets;
    kernel_dropped_packets += other.kernel_dropped_packets;
    interface_dropped_packets += other.interface_dropped_packets;
    ring_freezes += other.ring_freezes;
    nic_packets += other.nic_packets;
    nic_octets += other.nic_octets;
    tap_packets += other.tap_packets;
    down_observations += other.down_observations;
    return *this;
  }
};

}  // namespace kansoku::collector
