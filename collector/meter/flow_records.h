// SPDX-License-Identifier: Apache-2.0
//
// Records of single flows, where the operator asked for them: a companion of the flow table that remembers
// what each flow had when it was last reported. A flow has one record in each window in which it had packets,
// and a further one if it ended and began anew there. Fields as of RFC 7011 and RFC 5103 (FlowRecord in
// report.proto).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "collector/meter/address_permutation.h"
#include "collector/meter/flow.h"
#include "kansoku/v1/report.pb.h"
#include "proto/contract/traffic_class.h"

namespace kansoku::collector {

// One thread. All memory, 32 octets for each position and 112 for each record, is taken and touched by the
// constructor.
class FlowRecords {
 public:
  // `positions`: entries of the flow table. Beyond `max_records` in one window only those with most octets
  // are kept, and the others counted. Without a permutation addresses are plain.
  FlowRecords(size_t positions, uint32_t max_records, std::optional<AddressPermutation> permutation);

  // A new flow took the position. No allocation.
  void Begin(size_t position) { reported_[position] = {}; }

  // Flags of a TCP segment of the flow. No allocation.
  void Observe(size_t position, uint8_t tcp_control_bits) {
    reported_[position].tcp_control_bits |= tcp_control_bits;
  }

  // Takes down what the flow had since it was last taken, if that is anything. Call it when the flow ends,
  // before another takes its position, and for every flow at the window's end. No allocation.
  void Take(size_t position, const Flow& flow, TrafficClass traffic_class, v1::FlowRecord::EndReason reason);

  // Moves what was taken to the report of the window that ends, and what was not kept to its ledger.
  void MoveTo(v1::WindowReport& report);

 private:
  struct Reported {
    std::array<uint64_t, 2> octets{};
    std::array<uint32_t, 2> packets{};
    uint8_t tcp_control_bits = 0;  // so far
  };
  struct Taken {
    Flow flow;  // with the counters of this window
    TrafficClass traffic_class;
    v1::FlowRecord::EndReason reason;
    uint8_t tcp_control_bits;
  };
  static_assert(sizeof(Reported) == 32 && sizeof(Taken) == 112);

  static bool HasMore(const Taken& a, const Taken& b);
  bool Fill(const Taken& taken, v1::FlowRecord& record);

  const size_t max_records_;
  std::optional<AddressPermutation> permutation_;
  std::vector<Reported> reported_;
  std::vector<Taken> taken_;  // a heap with the least to keep on top, once it is full
  uint64_t dropped_ = 0;
};

// Sorts the records of a report, joined from several workers or not, and keeps those with most octets; the
// others are counted in its ledger. Equal records give equal bytes. Any thread.
void BoundFlowRecords(uint32_t max_records, v1::WindowReport& report);

}  // namespace kansoku::collector
