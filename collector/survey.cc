// SPDX-License-Identifier: Apache-2.0
#include "collector/survey.h"

namespace kansoku::collector {

Survey::Survey(const DecodeOptions& options)
    : counts_inner_(options.layer == Layer::kInner), other_layer_(options) {
  other_layer_.layer = counts_inner_ ? Layer::kOuter : Layer::kInner;
}

void Survey::Add(const PacketView& packet, Refusal refusal, const DecodedPacket& decoded) {
  if (refusal != Refusal::kNone) return census_.Refuse(refusal);
  if (decoded.ip_headers == 1) return AddBoth(decoded, decoded);
  DecodedPacket other;
  Decode(packet, other, other_layer_);
  counts_inner_ ? AddBoth(other, decoded) : AddBoth(decoded, other);
}

void Survey::AddBoth(const DecodedPacket& outermost, const DecodedPacket& innermost) {
  census_.Add(outermost, innermost);
  outer_.Add(outermost);
  inner_.Add(innermost);
}

}  // namespace kansoku::collector
