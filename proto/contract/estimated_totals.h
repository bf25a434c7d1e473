// SPDX-License-Identifier: Apache-2.0
//
// What any number of cells had in all: exact where every packet was counted, estimated with a standard error
// where packets were sampled. Octets on the three bases of METRICS 3.1.
#pragma once

#include <array>
#include <string_view>

#include "absl/numeric/int128.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku {

// What of a packet counts as octets.
enum class OctetsBasis {
  kL3,     // as its IP header states it
  kL2,     // the frame without check sequence and preamble: what a capture calls its length
  kL2Fcs,  // the frame with its check sequence: what SNMP's ifHCInOctets counts (RFC 3635)
};
inline constexpr std::array kOctetsBases = {OctetsBasis::kL3, OctetsBasis::kL2, OctetsBasis::kL2Fcs};

// IEEE 802.3 3.2.9.
inline constexpr uint32_t kCheckSequenceOctets = 4;

// "l3", "l2", "l2_fcs".
std::string_view Label(OctetsBasis basis);

// A value. Sums are of 128 bits: a nation's traffic outgrows 64 within weeks.
class EstimatedTotals {
 public:
  void Add(const v1::Cell& cell);

  // Whether a cell was of a sample.
  bool is_estimated() const { return is_estimated_; }

  absl::uint128 packets() const { return packets_.total; }
  absl::uint128 octets(OctetsBasis basis) const;

  // 0 where nothing was estimated. That of l2_fcs is an upper bound: the errors of octets and packets are
  // taken as if they always went the same way, as they nearly do. Its last digits are rounded.
  absl::uint128 octets_variance(OctetsBasis basis) const;

  // Roots of the summed variances; 0 where nothing was estimated.
  double packets_standard_error() const;
  double octets_standard_error(OctetsBasis basis) const;

 private:
  struct Total {
    absl::uint128 total = 0;
    absl::uint128 variance = 0;

    void Add(uint64_t number, const v1::Wide& of_variance);
    double standard_error() const;
  };

  Total packets_;
  Total wire_octets_;
  Total ip_octets_;
  bool is_estimated_ = false;
};

}  // namespace kansoku
