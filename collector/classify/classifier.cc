// SPDX-License-Identifier: Apache-2.0
#include "collector/classify/classifier.h"

#include <utility>

#include "collector/classify/darknet_class.h"

namespace kansoku::collector {
namespace {

v1::Direction OrTransit(v1::Direction direction) {
  return direction == v1::DIRECTION_UNSPECIFIED ? v1::DIRECTION_TRANSIT : direction;
}

v1::Carrier CarrierOf(Encapsulation encapsulation) {
  switch (encapsulation) {
    case Encapsulation::kNative:
      return v1::CARRIER_NATIVE;
    case Encapsulation::kPppoe:
      return v1::CARRIER_PPPOE;
    case Encapsulation::kMpls:
      return v1::CARRIER_MPLS;
  }
  return v1::CARRIER_UNSPECIFIED;
}

v1::Transport TransportOf(uint8_t ip_version, uint8_t protocol) {
  switch (protocol) {
    case kProtocolTcp:
      return v1::TRANSPORT_TCP;
    case kProtocolUdp:
      return v1::TRANSPORT_UDP;
    case kProtocolSctp:
      return v1::TRANSPORT_SCTP;
    case kProtocolIcmp:
      return ip_version == 4 ? v1::TRANSPORT_ICMP : v1::TRANSPORT_OTHER;
    case kProtocolIcmpv6:
      return ip_version == 6 ? v1::TRANSPORT_ICMP : v1::TRANSPORT_OTHER;
    default:
      return v1::TRANSPORT_OTHER;
  }
}

bool IsSubscriber(const AddressPlan::Use* use) { return use != nullptr && use->is_subscriber; }

TrafficClass& SetAccess(const AddressPlan::Use* use, TrafficClass& traffic_class) {
  return traffic_class.Set(use->access).Set(use->technology);
}

}  // namespace

Classifier::Classifier(std::shared_ptr<const AddressPlan> plan, const v1::LinkConfig& link)
    : plan_(std::move(plan)),
      link_class_(TrafficClass().Set(link.group())),
      knows_side_(link.has_side()),
      received_(OrTransit(link.side().received())),
      sent_(OrTransit(link.side().sent())),
      access_(link.access()) {}

Classification Classifier::Classify(const DecodedPacket& packet) const {
  // An IPv6 packet may carry mapped IPv4 addresses (RFC 4291 2.5.5.2); on the wire they are nobody's.
  const auto find = [&](const IpAddress& address) {
    return address.is_ipv4() == (packet.ip_version == 4) ? plan_->Find(address) : nullptr;
  };
  const AddressPlan::Use* to = find(packet.destination);
  const AddressPlan::Use* from = find(packet.source);
  Classification result;
  if (to != nullptr && !to->is_subscriber && !IsSubscriber(from)) {
    result.sensor = plan_->SensorAt(*to, packet.captured_unix_ns);
    if (result.is_dark()) {
      result.darknet_class = DarknetClassOf(packet);
      return result;
    }
  }
  result.traffic_class = knows_side_ ? BySide(packet, from, to) : ByPrefix(from, to);
  result.traffic_class.Set(packet.ip_version == 4 ? v1::FAMILY_IPV4 : v1::FAMILY_IPV6)
      .Set(CarrierOf(packet.encapsulation))
      .Set(TransportOf(packet.ip_version, packet.protocol));
  return result;
}

TrafficClass Classifier::BySide(const DecodedPacket& packet, const AddressPlan::Use* from,
                                const AddressPlan::Use* to) const {
  TrafficClass result = link_class_;
  const v1::Direction direction = packet.side == Side::kSent ? sent_ : received_;
  result.Set(direction);
  if (direction == v1::DIRECTION_TRANSIT) return result;
  const AddressPlan::Use* subscriber = direction == v1::DIRECTION_UPLOAD ? from : to;
  return IsSubscriber(subscriber) ? SetAccess(subscriber, result) : result.Set(access_);
}

TrafficClass Classifier::ByPrefix(const AddressPlan::Use* from, const AddressPlan::Use* to) const {
  TrafficClass result = link_class_;
  if (IsSubscriber(to)) {
    result.Set(IsSubscriber(from) ? v1::DIRECTION_INTERNAL : v1::DIRECTION_DOWNLOAD);
    return SetAccess(to, result);
  }
  if (IsSubscriber(from)) return SetAccess(from, result.Set(v1::DIRECTION_UPLOAD));
  return result.Set(v1::DIRECTION_TRANSIT);
}

}  // namespace kansoku::collector
