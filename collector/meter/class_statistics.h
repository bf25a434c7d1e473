// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "collector/decode/decoded_packet.h"
#include "collector/meter/flow.h"
#include "collector/meter/histogram_counts.h"
#include "collector/meter/segmentation.h"
#include "collector/meter/tcp_tracking.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::collector {

// v1::FlowStatistics of one class while a window is counted: 16 KiB. One thread; counting allocates nothing.
class ClassStatistics {
 public:
  // A merged packet counts as packets of equal size.
  void CountPacket(const DecodedPacket& packet, Segmentation added) {
    if (added.packets == 0) [[likely]]
      return packet_octets_.Add(packet.ip_octets);
    const uint64_t packets = 1 + added.packets;
    packet_octets_.Add(packet.ip_octets / packets, packets);
  }
  void CountTcp(const TcpEvents& events) {
    tcp_segments_ += events.segments;
    tcp_retransmitted_segments_ += events.retransmitted_segments;
    tcp_reset_flows_ += events.is_first_reset ? 1 : 0;
    if (events.handshake_microseconds) handshake_microseconds_.Add(*events.handshake_microseconds);
  }
  void CountEnd(const Flow& flow);

  bool empty() const;

  // Fills the empty message and starts over.
  void MoveTo(v1::FlowStatistics& statistics);

 private:
  HistogramCounts packet_octets_;
  HistogramCounts flow_octets_;
  HistogramCounts flow_milliseconds_;
  HistogramCounts handshake_microseconds_;
  uint64_t tcp_segments_ = 0;
  uint64_t tcp_retransmitted_segments_ = 0;
  uint64_t tcp_reset_flows_ = 0;
};

}  // namespace kansoku::collector
