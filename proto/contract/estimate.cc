// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/estimate.h"

#include <cmath>

namespace kansoku {
namespace {

absl::uint128 Variance(const SampleSum& sample, uint32_t interval) {
  return sample.sum_of_squares * interval * (interval - 1);
}

void Add(const v1::Wide& from, v1::Wide& into) { into = ToWide(ToUint128(into) + ToUint128(from)); }

}  // namespace

absl::uint128 ToUint128(const v1::Wide& wide) { return absl::MakeUint128(wide.high(), wide.low()); }

v1::Wide ToWide(absl::uint128 number) {
  v1::Wide wide;
  wide.set_high(absl::Uint128High64(number));
  wide.set_low(absl::Uint128Low64(number));
  return wide;
}

double StandardError(const v1::Wide& variance) { return std::sqrt(static_cast<double>(ToUint128(variance))); }

v1::SampledEstimate EstimateFrom(const SampleSums& sums, uint32_t sampling_interval) {
  v1::SampledEstimate estimate;
  estimate.set_packets(sums.packets.sum * sampling_interval);
  estimate.set_wire_octets(sums.wire_octets.sum * sampling_interval);
  estimate.set_ip_octets(sums.ip_octets.sum * sampling_interval);
  *estimate.mutable_packets_variance() = ToWide(Variance(sums.packets, sampling_interval));
  *estimate.mutable_wire_octets_variance() = ToWide(Variance(sums.wire_octets, sampling_interval));
  *estimate.mutable_ip_octets_variance() = ToWide(Variance(sums.ip_octets, sampling_interval));
  return estimate;
}

// Writes a variance only where `from` has one, so that adding nothing changes no byte.
void Merge(const v1::SampledEstimate& from, v1::SampledEstimate& into) {
  into.set_packets(into.packets() + from.packets());
  into.set_wire_octets(into.wire_octets() + from.wire_octets());
  into.set_ip_octets(into.ip_octets() + from.ip_octets());
  if (from.has_packets_variance()) Add(from.packets_variance(), *into.mutable_packets_variance());
  if (from.has_wire_octets_variance()) Add(from.wire_octets_variance(), *into.mutable_wire_octets_variance());
  if (from.has_ip_octets_variance()) Add(from.ip_octets_variance(), *into.mutable_ip_octets_variance());
}

uint64_t EstimatedPackets(const v1::Cell& cell) {
  return cell.has_estimate() ? cell.estimate().packets() : cell.packets();
}
uint64_t EstimatedWireOctets(const v1::Cell& cell) {
  return cell.has_estimate() ? cell.estimate().wire_octets() : cell.wire_octets();
}
uint64_t EstimatedIpOctets(const v1::Cell& cell) {
  return cell.has_estimate() ? cell.estimate().ip_octets() : cell.ip_octets();
}

v1::SampledEstimate EstimateOf(const v1::Cell& cell) {
  if (cell.has_estimate()) return cell.estimate();
  v1::SampledEstimate estimate;
  estimate.set_packets(cell.packets());
  estimate.set_wire_octets(cell.wire_octets());
  estimate.set_ip_octets(cell.ip_octets());
  return estimate;
}

}  // namespace kansoku
