// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/tcp_samples.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "proto/contract/enum_label.h"
#include "proto/contract/histogram.h"
#include "proto/contract/metric_catalog.h"

namespace kansoku::aggregator {
namespace {

constexpr uint32_t kFirstEdgeBits = 7, kLastEdgeBits = 24;
constexpr double kMicrosecondsPerSecond = 1e6;

struct TcpSum {
  uint64_t segments = 0;
  uint64_t retransmitted_segments = 0;
  uint64_t reset_flows = 0;
  v1::Histogram handshakes;
};

}  // namespace

EdgeCounts HandshakeSeconds(const v1::Histogram& microseconds) {
  EdgeCounts counts;
  int at = 0;
  const auto take_below = [&](uint64_t edge) {
    for (; at < microseconds.buckets_size() && BucketFirst(microseconds.buckets(at)) < edge; ++at) {
      counts.count += microseconds.counts(at);
      counts.sum += static_cast<double>(microseconds.counts(at)) *
                    static_cast<double>(BucketMiddle(microseconds.buckets(at))) / kMicrosecondsPerSecond;
    }
  };
  for (uint32_t bits = kFirstEdgeBits; bits <= kLastEdgeBits; ++bits) {
    const uint64_t edge = uint64_t{1} << bits;
    take_below(edge);
    counts.below.push_back({static_cast<double>(edge) / kMicrosecondsPerSecond, counts.count});
  }
  take_below(UINT64_MAX);
  return counts;
}

void AddTcpSamples(const PointTotals& totals, MetricFamilies& families) {
  std::map<std::pair<v1::Access, v1::Direction>, TcpSum> sums;
  for (const v1::Cell& cell : totals.ever.cells()) {
    if (cell.traffic_class().transport() != v1::TRANSPORT_TCP) continue;
    TcpSum& sum = sums[{cell.traffic_class().access(), cell.traffic_class().direction()}];
    const v1::FlowStatistics& statistics = cell.statistics();
    sum.segments += statistics.tcp_segments();
    sum.retransmitted_segments += statistics.tcp_retransmitted_segments();
    sum.reset_flows += statistics.tcp_reset_flows();
    Merge(statistics.handshake_microseconds(), sum.handshakes);
  }
  const PointRecord& point = totals.point;
  for (const auto& [key, sum] : sums) {
    const std::string access = EnumLabel(key.first), direction = EnumLabel(key.second);
    const auto add = [&](const Metric& metric, uint64_t value) {
      families.Add(metric, {point.isp, point.point, access, direction}, value);
    };
    add(metrics::kTcpSegments, sum.segments);
    add(metrics::kTcpRetransmittedSegments, sum.retransmitted_segments);
    add(metrics::kTcpResetFlows, sum.reset_flows);
    families.AddHistogram(metrics::kTcpHandshake, {point.isp, point.point, access, direction},
                          HandshakeSeconds(sum.handshakes));
  }
}

}  // namespace kansoku::aggregator
