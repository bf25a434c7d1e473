// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "collector/capture/packet_view.h"
#include "collector/census.h"
#include "collector/decode/decoder.h"
#include "collector/decode/refusal.h"
#include "collector/five_tuples.h"

namespace kansoku::collector {

// What measure notes of each packet beside the meter's own totals. The chain decodes a packet at the one
// layer that counts; a tunnelled packet is decoded here a second time, at the other one. One thread.
class Survey {
 public:
  // `options`: those that the chain decodes with.
  explicit Survey(const DecodeOptions& options);

  // Every frame, as the chain's observer sees it.
  void Add(const PacketView& packet, Refusal refusal, const DecodedPacket& decoded);

  const PacketCensus& census() const { return census_; }
  const FiveTuples& outer() const { return outer_; }
  const FiveTuples& inner() const { return inner_; }

 private:
  void AddBoth(const DecodedPacket& outermost, const DecodedPacket& innermost);

  bool counts_inner_;
  DecodeOptions other_layer_;
  PacketCensus census_;
  FiveTuples outer_;
  FiveTuples inner_;
};

}  // namespace kansoku::collector
