// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/cell_validation.h"

#include "aggregator/ingest/report_validation.h"
#include "proto/contract/estimate.h"
#include "proto/contract/histogram.h"
#include "proto/contract/traffic_class.h"

namespace kansoku::aggregator {
namespace {

// The IP header may lie about its length, so more IP octets than wire octets are no error.
absl::Status ValidateCounters(const Place& where, const v1::Cell& cell, CellSums& sums) {
  const uint64_t packets = cell.packets();
  if (absl::Status ok = sums.packets.Add(where, ".packets", packets); !ok.ok()) return ok;
  for (const absl::Status& ok :
       {sums.wire_octets.Add(where, ".wire_octets", packets, cell.wire_octets()),
        sums.ip_octets.Add(where, ".ip_octets", packets, cell.ip_octets()),
        sums.outer_ip_octets.Add(where, ".outer_ip_octets", packets, cell.outer_ip_octets()),
        sums.inner_ip_octets.Add(where, ".inner_ip_octets", packets, cell.inner_ip_octets())}) {
    if (!ok.ok()) return ok;
  }
  if (cell.flows() > kMaxPackets) return Wrong(where, ".flows: ", cell.flows(), " is above ", kMaxPackets);
  if (cell.new_flows() > cell.flows()) {
    return Wrong(where, ".new_flows: ", cell.new_flows(), " is more than the ", cell.flows(), " flows");
  }
  return absl::OkStatus();
}

absl::Status ValidateHistogram(const Place& where, absl::string_view field, const v1::Histogram& histogram,
                               int& histogram_buckets) {
  if (histogram.buckets_size() != histogram.counts_size()) {
    return Wrong(where, field, ": ", histogram.buckets_size(), " buckets with ", histogram.counts_size(),
                 " counts");
  }
  if (!IsCanonical(histogram)) return Wrong(where, field, ".buckets: do not rise");
  if (histogram.buckets_size() > 0 && *histogram.buckets().rbegin() >= kHistogramBuckets) {
    return Wrong(where, field, ".buckets: ", *histogram.buckets().rbegin(), " is above ",
                 kHistogramBuckets - 1);
  }
  if ((histogram_buckets += histogram.buckets_size()) > kMaxHistogramBuckets) {
    return Wrong(where, field, ": more than ", kMaxHistogramBuckets, " buckets in one report");
  }
  PacketSum sum;
  for (const uint64_t count : histogram.counts()) {
    if (absl::Status ok = sum.Add(where, field, count); !ok.ok()) return ok;
  }
  return absl::OkStatus();
}

absl::Status ValidateStatistics(const Place& where, const v1::FlowStatistics& statistics, int& buckets) {
  for (const absl::Status& ok :
       {ValidateHistogram(where, ".packet_octets", statistics.packet_octets(), buckets),
        ValidateHistogram(where, ".flow_octets", statistics.flow_octets(), buckets),
        ValidateHistogram(where, ".flow_milliseconds", statistics.flow_milliseconds(), buckets),
        ValidateHistogram(where, ".handshake_microseconds", statistics.handshake_microseconds(), buckets)}) {
    if (!ok.ok()) return ok;
  }
  if (statistics.tcp_segments() > kMaxPackets) {
    return Wrong(where, ".tcp_segments: ", statistics.tcp_segments(), " is above ", kMaxPackets);
  }
  if (statistics.tcp_retransmitted_segments() > statistics.tcp_segments()) {
    return Wrong(where, ".tcp_retransmitted_segments: ", statistics.tcp_retransmitted_segments(),
                 " is more than the ", statistics.tcp_segments(), " segments");
  }
  if (statistics.tcp_reset_flows() > kMaxPackets) {
    return Wrong(where, ".tcp_reset_flows: ", statistics.tcp_reset_flows(), " is above ", kMaxPackets);
  }
  return absl::OkStatus();
}

// Of a sample of one in N, the total is N times what was observed, and the variance N (N - 1) times the sum
// of squares. Numbers x_1 ... x_n, n not above the packets, have squares of at least their sum's square / n
// (Cauchy, Schwarz), and of at most that square. The total is within 2^56 here, so nothing overflows.
absl::Status ValidateEstimated(const Place& where, absl::string_view field, uint32_t sampling_interval,
                               uint64_t packets, uint64_t observed, uint64_t estimated,
                               const v1::Wide& variance) {
  if (absl::uint128(observed) * sampling_interval != estimated) {
    return Wrong(where, field, ": ", estimated, " is not ", sampling_interval, " times the ", observed,
                 " that were counted");
  }
  const absl::uint128 factor = absl::uint128(sampling_interval) * (sampling_interval - 1);
  const absl::uint128 squares = ToUint128(variance) / factor;
  const absl::uint128 most = absl::uint128(observed) * observed;
  const absl::uint128 least = (most + (packets - 1)) / packets;
  if (squares * factor != ToUint128(variance) || squares < least || squares > most) {
    return Wrong(where, field, "_variance: none that ", observed, " in ", packets,
                 " packets can have, one in ", sampling_interval);
  }
  return absl::OkStatus();
}

absl::Status ValidateEstimate(const Place& where, const v1::Cell& cell, uint32_t sampling_interval,
                              CellSums& sums) {
  const v1::SampledEstimate& estimate = cell.estimate();
  const uint64_t packets = estimate.packets();
  for (const absl::Status& ok :
       {sums.estimated_packets.Add(where, ".packets", packets),
        sums.estimated_wire_octets.Add(where, ".wire_octets", packets, estimate.wire_octets()),
        sums.estimated_ip_octets.Add(where, ".ip_octets", packets, estimate.ip_octets())}) {
    if (!ok.ok()) return ok;
  }
  const auto judge = [&](absl::string_view field, uint64_t observed, uint64_t estimated,
                         const v1::Wide& variance) {
    return ValidateEstimated(where, field, sampling_interval, cell.packets(), observed, estimated, variance);
  };
  for (const absl::Status& ok :
       {judge(".packets", cell.packets(), packets, estimate.packets_variance()),
        judge(".wire_octets", cell.wire_octets(), estimate.wire_octets(), estimate.wire_octets_variance()),
        judge(".ip_octets", cell.ip_octets(), estimate.ip_octets(), estimate.ip_octets_variance())}) {
    if (!ok.ok()) return ok;
  }
  return absl::OkStatus();
}

// Each cell that counted a packet has an estimate where packets were sampled, and no other cell has one.
absl::Status ValidateSampling(const Place& where, const v1::Cell& cell, uint32_t sampling_interval,
                              CellSums& sums) {
  if (!cell.has_estimate()) {
    if (sampling_interval <= 1 || cell.packets() == 0) return absl::OkStatus();
    return Wrong(where, ": is missing, though one packet in ", sampling_interval, " was looked at");
  }
  if (sampling_interval <= 1) return Wrong(where, ": is there, though every packet was looked at");
  if (cell.packets() == 0) return Wrong(where, ": is there, though no packet was counted");
  return ValidateEstimate(where, cell, sampling_interval, sums);
}

}  // namespace

absl::Status ValidateTrafficClass(const Place& where, const v1::TrafficClass& traffic_class) {
  if (!IsKnownTrafficClass(traffic_class)) {
    return Wrong(where,
                 ": holds an enum value that this version does not know: ", traffic_class.ShortDebugString());
  }
  if (traffic_class.direction() == v1::DIRECTION_UNSPECIFIED)
    return Wrong(where, ".direction: is not specified");
  if (traffic_class.family() == v1::FAMILY_UNSPECIFIED) return Wrong(where, ".family: is not specified");
  if (traffic_class.carrier() == v1::CARRIER_UNSPECIFIED) return Wrong(where, ".carrier: is not specified");
  if (traffic_class.transport() == v1::TRANSPORT_UNSPECIFIED)
    return Wrong(where, ".transport: is not specified");
  return absl::OkStatus();
}

absl::Status ValidateCell(const Place& where, const v1::Cell& cell, uint32_t sampling_interval,
                          CellSums& sums) {
  absl::Status ok = ValidateTrafficClass({&where, ".traffic_class"}, cell.traffic_class());
  if (ok.ok()) ok = ValidateCounters(where, cell, sums);
  if (ok.ok() && cell.has_statistics()) {
    ok = ValidateStatistics({&where, ".statistics"}, cell.statistics(), sums.histogram_buckets);
  }
  if (ok.ok()) ok = ValidateSampling({&where, ".estimate"}, cell, sampling_interval, sums);
  return ok;
}

}  // namespace kansoku::aggregator
