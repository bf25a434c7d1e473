// SPDX-License-Identifier: Apache-2.0
//
// Where a packet of one link counts: at a sensor of the telescope, or in a traffic class; never in both. The
// telescope comes first and is asked for every packet, as what is dark depends on the time. The class is a
// pure function of what makes a flow (addresses, family, protocol, encapsulation, what seals it) and of the
// side, so that it may be asked once for each flow and direction.
#pragma once

#include <cstdint>
#include <memory>

#include "collector/classify/address_plan.h"
#include "collector/decode/decoded_packet.h"
#include "kansoku/v1/config.pb.h"
#include "proto/contract/traffic_class.h"

namespace kansoku::collector {

class Classifier {
 public:
  Classifier(std::shared_ptr<const AddressPlan> plan, const v1::LinkConfig& link);

  static constexpr int kNoSensor = -1;
  static constexpr int kFromSubscriber = -2;

  // Without any, no packet counts to one.
  bool has_sensors() const { return has_sensors_; }

  // The sensor, as its position in AddressPlan::sensors(), to which the packet counts: its destination is
  // dark at the time, and its source is no subscriber; kFromSubscriber, if only the latter fails: such a
  // packet is traffic. Allocates nothing; any thread.
  int SensorOf(const DecodedPacket& packet) const {
    const AddressPlan::Use* dark = FindDark(packet.destination, packet.ip_version);
    return dark == nullptr ? kNoSensor : SensorOf(packet, *dark);
  }

  // Of a packet kFromSubscriber: whether it came from the subscriber's own side, as far as that is known.
  // From any other, whoever sent it forged its source.
  bool IsUpload(const DecodedPacket& packet) const;

  // Of a packet that counts to no sensor. What fits nothing is transit. Allocates nothing; any thread.
  TrafficClass TrafficClassOf(const DecodedPacket& packet) const;

 private:
  // An IPv6 packet may carry mapped IPv4 addresses (RFC 4291 2.5.5.2); on the wire they are nobody's.
  const AddressPlan::Use* FindDark(const IpAddress& address, uint8_t ip_version) const {
    return address.is_ipv4() == (ip_version == 4) ? plan_->FindDark(address) : nullptr;
  }
  const AddressPlan::Use* FindSubscriber(const IpAddress& address, uint8_t ip_version) const;
  int SensorOf(const DecodedPacket& packet, const AddressPlan::Use& dark) const;
  TrafficClass BySide(const DecodedPacket& packet, const AddressPlan::Use* from,
                      const AddressPlan::Use* to) const;
  TrafficClass ByPrefix(const AddressPlan::Use* from, const AddressPlan::Use* to) const;

  std::shared_ptr<const AddressPlan> plan_;
  TrafficClass link_class_;  // the group
  bool has_sensors_;
  bool knows_side_;
  v1::Direction received_;
  v1::Direction sent_;
  v1::Access access_;
};

}  // namespace kansoku::collector
