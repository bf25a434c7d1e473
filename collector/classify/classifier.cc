// SPDX-License-Identifier: Apache-2.0
#include "collector/classify/classifier.h"

#include <utility>

namespace kansoku::collector {
namespace {

v1::Direction OrTransit(v1::Direction direction) {
  return direction == v1::DIRECTION_UNSPECIFIED ? v1::DIRECTION_TRANSIT : direction;
}

static_assert(static_cast<int>(Encapsulation::kSrv6) + v1::CARRIER_NATIVE == v1::CARRIER_SRV6);

v1::Carrier CarrierOf(const DecodedPacket& packet, const AddressPlan& plan) {
  if (packet.encapsulation == Encapsulation::kNative && packet.ip_version == 6) {
    for (const IpAddress& end : {packet.source, packet.destination}) {
      if (const v1::Carrier carrier = plan.TranslationOf(end); carrier != v1::CARRIER_UNSPECIFIED)
        return carrier;
    }
  }
  return static_cast<v1::Carrier>(static_cast<int>(packet.encapsulation) + v1::CARRIER_NATIVE);
}

v1::Transport TransportOf(const DecodedPacket& packet) {
  if (packet.sealed == Sealed::kEsp) return v1::TRANSPORT_ESP;
  if (packet.sealed == Sealed::kWireguard) return v1::TRANSPORT_WIREGUARD;
  switch (packet.protocol) {
    case kProtocolTcp:
      return v1::TRANSPORT_TCP;
    case kProtocolUdp:
      return v1::TRANSPORT_UDP;
    case kProtocolSctp:
      return v1::TRANSPORT_SCTP;
    case kProtocolIcmp:
      return packet.ip_version == 4 ? v1::TRANSPORT_ICMP : v1::TRANSPORT_OTHER;
    case kProtocolIcmpv6:
      return packet.ip_version == 6 ? v1::TRANSPORT_ICMP : v1::TRANSPORT_OTHER;
    default:
      return v1::TRANSPORT_OTHER;
  }
}

TrafficClass& SetAccess(const AddressPlan::Use* use, TrafficClass& traffic_class) {
  return traffic_class.Set(use->access).Set(use->technology);
}

}  // namespace

Classifier::Classifier(std::shared_ptr<const AddressPlan> plan, const v1::LinkConfig& link)
    : plan_(std::move(plan)),
      link_class_(TrafficClass().Set(link.group())),
      has_sensors_(!plan_->sensors().empty()),
      knows_side_(link.has_side()),
      received_(OrTransit(link.side().received())),
      sent_(OrTransit(link.side().sent())),
      access_(link.access()) {}

const AddressPlan::Use* Classifier::FindSubscriber(const IpAddress& address, uint8_t ip_version) const {
  if (address.is_ipv4() != (ip_version == 4)) return nullptr;
  const AddressPlan::Use* use = plan_->Find(address);
  return use != nullptr && use->is_subscriber ? use : nullptr;
}

int Classifier::SensorOf(const DecodedPacket& packet, const AddressPlan::Use& dark) const {
  const int sensor = plan_->SensorAt(dark, packet.captured_unix_ns);
  if (sensor == kNoSensor) return kNoSensor;
  return FindSubscriber(packet.source, packet.ip_version) == nullptr ? sensor : kFromSubscriber;
}

// Without sides the prefixes say so: what is dark is no subscriber's.
bool Classifier::IsUpload(const DecodedPacket& packet) const {
  return !knows_side_ || (packet.side == Side::kSent ? sent_ : received_) == v1::DIRECTION_UPLOAD;
}

TrafficClass Classifier::TrafficClassOf(const DecodedPacket& packet) const {
  const AddressPlan::Use* from = FindSubscriber(packet.source, packet.ip_version);
  const AddressPlan::Use* to = FindSubscriber(packet.destination, packet.ip_version);
  TrafficClass result = knows_side_ ? BySide(packet, from, to) : ByPrefix(from, to);
  return result.Set(packet.ip_version == 4 ? v1::FAMILY_IPV4 : v1::FAMILY_IPV6)
      .Set(CarrierOf(packet, *plan_))
      .Set(TransportOf(packet));
}

TrafficClass Classifier::BySide(const DecodedPacket& packet, const AddressPlan::Use* from,
                                const AddressPlan::Use* to) const {
  TrafficClass result = link_class_;
  const v1::Direction direction = packet.side == Side::kSent ? sent_ : received_;
  result.Set(direction);
  if (direction == v1::DIRECTION_TRANSIT) return result;
  const AddressPlan::Use* subscriber = direction == v1::DIRECTION_UPLOAD ? from : to;
  return subscriber != nullptr ? SetAccess(subscriber, result) : result.Set(access_);
}

TrafficClass Classifier::ByPrefix(const AddressPlan::Use* from, const AddressPlan::Use* to) const {
  TrafficClass result = link_class_;
  if (to != nullptr) {
    result.Set(from != nullptr ? v1::DIRECTION_INTERNAL : v1::DIRECTION_DOWNLOAD);
    return SetAccess(to, result);
  }
  if (from != nullptr) return SetAccess(from, result.Set(v1::DIRECTION_UPLOAD));
  return result.Set(v1::DIRECTION_TRANSIT);
}

}  // namespace kansoku::collector
