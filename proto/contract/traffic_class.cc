// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/traffic_class.h"

namespace kansoku {

// Each enum must fit its bits.
static_assert(v1::Group_MAX < 16 && v1::Access_MAX < 16 && v1::Technology_MAX < 16 &&
              v1::Direction_MAX < 16 && v1::Family_MAX < 16 && v1::Carrier_MAX < 256 &&
              v1::Transport_MAX < 16);

TrafficClass::TrafficClass(const v1::TrafficClass& message) {
  Set(message.group());
  Set(message.access());
  Set(message.technology());
  Set(message.direction());
  Set(message.family());
  Set(message.carrier());
  Set(message.transport());
}

v1::TrafficClass TrafficClass::ToMessage() const {
  v1::TrafficClass message;
  message.set_group(static_cast<v1::Group>(Get(kGroup)));
  message.set_access(static_cast<v1::Access>(Get(kAccess)));
  message.set_technology(static_cast<v1::Technology>(Get(kTechnology)));
  message.set_direction(static_cast<v1::Direction>(Get(kDirection)));
  message.set_family(static_cast<v1::Family>(Get(kFamily)));
  message.set_carrier(static_cast<v1::Carrier>(Get(kCarrier)));
  message.set_transport(static_cast<v1::Transport>(Get(kTransport)));
  return message;
}

bool IsKnownTrafficClass(const v1::TrafficClass& message) {
  return v1::Group_IsValid(message.group()) && v1::Access_IsValid(message.access()) &&
         v1::Technology_IsValid(message.technology()) && v1::Direction_IsValid(message.direction()) &&
         v1::Family_IsValid(message.family()) && v1::Carrier_IsValid(message.carrier()) &&
         v1::Transport_IsValid(message.transport());
}

}  // namespace kansoku
