// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/class_statistics.h"

namespace kansoku::collector {
namespace {

constexpr uint64_t kNsPerMillisecond = 1'000'000;

}  // namespace

// A flow's times are as far apart as a capture file likes, but in order.
void ClassStatistics::CountEnd(const Flow& flow) {
  flow_octets_.Add(flow.ip_octets[0] + flow.ip_octets[1]);
  flow_milliseconds_.Add(
      (static_cast<uint64_t>(flow.last_seen_unix_ns) - static_cast<uint64_t>(flow.first_seen_unix_ns)) /
      kNsPerMillisecond);
}

bool ClassStatistics::empty() const {
  return packet_octets_.empty() && flow_octets_.empty() && handshake_microseconds_.empty() &&
         tcp_segments_ == 0 && tcp_reset_flows_ == 0;
}

void ClassStatistics::MoveTo(v1::FlowStatistics& statistics) {
  const auto move = [](HistogramCounts& counts, v1::Histogram* (v1::FlowStatistics::*histogram)(),
                       v1::FlowStatistics& into) {
    if (!counts.empty()) counts.MoveTo(*(into.*histogram)());
  };
  move(packet_octets_, &v1::FlowStatistics::mutable_packet_octets, statistics);
  move(flow_octets_, &v1::FlowStatistics::mutable_flow_octets, statistics);
  move(flow_milliseconds_, &v1::FlowStatistics::mutable_flow_milliseconds, statistics);
  move(handshake_microseconds_, &v1::FlowStatistics::mutable_handshake_microseconds, statistics);
  statistics.set_tcp_segments(tcp_segments_);
  statistics.set_tcp_retransmitted_segments(tcp_retransmitted_segments_);
  statistics.set_tcp_reset_flows(tcp_reset_flows_);
  tcp_segments_ = tcp_retransmitted_segments_ = tcp_reset_flows_ = 0;
}

}  // namespace kansoku::collector
