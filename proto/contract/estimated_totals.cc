// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/estimated_totals.h"

#include <cmath>

#include "proto/contract/estimate.h"

namespace kansoku {

std::string_view Label(OctetsBasis basis) {
  switch (basis) {
    case OctetsBasis::kL3:
      return "l3";
    case OctetsBasis::kL2:
      return "l2";
    case OctetsBasis::kL2Fcs:
      return "l2_fcs";
  }
  return "";
}

void EstimatedTotals::Total::Add(uint64_t number, const v1::Wide& of_variance) {
  total += number;
  variance += ToUint128(of_variance);
}

double EstimatedTotals::Total::standard_error() const { return std::sqrt(static_cast<double>(variance)); }

void EstimatedTotals::Add(const v1::Cell& cell) {
  const v1::SampledEstimate& estimate = cell.estimate();  // the empty one where there is none
  is_estimated_ = is_estimated_ || cell.has_estimate();
  packets_.Add(EstimatedPackets(cell), estimate.packets_variance());
  wire_octets_.Add(EstimatedWireOctets(cell), estimate.wire_octets_variance());
  ip_octets_.Add(EstimatedIpOctets(cell), estimate.ip_octets_variance());
}

absl::uint128 EstimatedTotals::octets(OctetsBasis basis) const {
  switch (basis) {
    case OctetsBasis::kL3:
      return ip_octets_.total;
    case OctetsBasis::kL2:
      return wire_octets_.total;
    case OctetsBasis::kL2Fcs:
      return wire_octets_.total + kCheckSequenceOctets * packets_.total;
  }
  return 0;
}

absl::uint128 EstimatedTotals::octets_variance(OctetsBasis basis) const {
  switch (basis) {
    case OctetsBasis::kL3:
      return ip_octets_.variance;
    case OctetsBasis::kL2:
      return wire_octets_.variance;
    case OctetsBasis::kL2Fcs: {
      // (a + 4 b)^2, of which 2 x 4 a b needs the roots.
      const double product = wire_octets_.standard_error() * packets_.standard_error();
      return wire_octets_.variance + absl::uint128(2 * kCheckSequenceOctets * product) +
             kCheckSequenceOctets * kCheckSequenceOctets * packets_.variance;
    }
  }
  return 0;
}

double EstimatedTotals::packets_standard_error() const { return packets_.standard_error(); }

double EstimatedTotals::octets_standard_error(OctetsBasis basis) const {
  switch (basis) {
    case OctetsBasis::kL3:
      return ip_octets_.standard_error();
    case OctetsBasis::kL2:
      return wire_octets_.standard_error();
    case OctetsBasis::kL2Fcs:
      return wire_octets_.standard_error() + kCheckSequenceOctets * packets_.standard_error();
  }
  return 0;
}

}  // namespace kansoku
