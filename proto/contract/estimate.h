// SPDX-License-Identifier: Apache-2.0
//
// What a class had in all, from a sample of its packets: the arithmetic of v1::SampledEstimate. Pure; any
// thread. Everything adds modulo its width, so the order never shows. No real traffic comes near: at one in a
// million, a variance reaches 2^128 with 2^56 sampled packets of 64 KiB.
#pragma once

#include <cstdint>

#include "absl/numeric/int128.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku {

absl::uint128 ToUint128(const v1::Wide& wide);
v1::Wide ToWide(absl::uint128 number);

// The root of a variance.
double StandardError(const v1::Wide& variance);

// The sum and the sum of squares of one quantity over the packets of a sample.
struct SampleSum {
  uint64_t sum = 0;
  absl::uint128 sum_of_squares = 0;

  void Add(uint64_t x) {
    sum += x;
    sum_of_squares += absl::uint128(x) * x;
  }
};

// What the sampled packets of one class add up to.
struct SampleSums {
  SampleSum packets;  // of the wire: a merged packet adds several at once
  SampleSum wire_octets;
  SampleSum ip_octets;
};

// Totals N * sum and variances N * (N - 1) * sum of squares of a sample of one in N, N >= 1.
v1::SampledEstimate EstimateFrom(const SampleSums& sums, uint32_t sampling_interval);

// Adds `from` to `into`.
void Merge(const v1::SampledEstimate& from, v1::SampledEstimate& into);

// The estimate where the cell has one, else what was counted.
uint64_t EstimatedPackets(const v1::Cell& cell);
uint64_t EstimatedWireOctets(const v1::Cell& cell);
uint64_t EstimatedIpOctets(const v1::Cell& cell);

// The same three as one: what was counted is an estimate without variance.
v1::SampledEstimate EstimateOf(const v1::Cell& cell);

}  // namespace kansoku
