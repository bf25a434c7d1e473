// SPDX-License-Identifier: Apache-2.0
//
// Where a packet of one link counts. The telescope comes first: a packet to a dark address, from anyone who
// is not a subscriber, counts at its sensor and in no traffic class. What fits nothing becomes transit.
#pragma once

#include <memory>

#include "collector/classify/address_plan.h"
#include "collector/classify/classification.h"
#include "collector/decode/decoded_packet.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku::collector {

class Classifier {
 public:
  Classifier(std::shared_ptr<const AddressPlan> plan, const v1::LinkConfig& link);

  // Allocates nothing; any thread.
  Classification Classify(const DecodedPacket& packet) const;

 private:
  TrafficClass BySide(const DecodedPacket& packet, const AddressPlan::Use* from,
                      const AddressPlan::Use* to) const;
  TrafficClass ByPrefix(const AddressPlan::Use* from, const AddressPlan::Use* to) const;

  std::shared_ptr<const AddressPlan> plan_;
  TrafficClass link_class_;  // the group
  bool knows_side_;
  v1::Direction received_;
  v1::Direction sent_;
  v1::Access access_;
};

}  // namespace kansoku::collector
