// SPDX-License-Identifier: Apache-2.0
//
// What a frame counts under, as the generator knows it, and the words it has in the truth. Written apart from
// the collector's classes on purpose: the truth must not share a mistake with what it judges.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/generator/address.h"

namespace kansoku::generator {

enum class Access : uint8_t { kNone, kFixed, kMobile };
enum class Technology : uint8_t { kNone, kFtth, kCatv, kLte, kNr };
enum class Direction : uint8_t { kDownload, kUpload, kInternal, kTransit };
enum class Carrier : uint8_t {
  kNative,
  kPppoe,
  kMpls,
  kL2tp,
  kGtpu,
  kIpip,
  k6in4,
  k4in6,
  k6in6,
  kGre,
  kVxlan
};
enum class Transport : uint8_t { kTcp, kUdp, kIcmp, kSctp, kOther, kEsp, kWireguard };

inline constexpr std::array<std::string_view, 3> kAccessLabels = {"none", "fixed", "mobile"};
inline constexpr std::array<std::string_view, 5> kTechnologyLabels = {"none", "ftth", "catv", "lte", "nr"};
inline constexpr std::array<std::string_view, 4> kDirectionLabels = {"download", "upload", "internal",
                                                                     "transit"};
inline constexpr std::array<std::string_view, 2> kFamilyLabels = {"ipv4", "ipv6"};
inline constexpr std::array<std::string_view, 11> kCarrierLabels = {
    "native", "pppoe", "mpls", "l2tp", "gtpu", "ipip", "6in4", "4in6", "6in6", "gre", "vxlan"};
inline constexpr std::array<std::string_view, 7> kTransportLabels = {"tcp",   "udp", "icmp",     "sctp",
                                                                     "other", "esp", "wireguard"};

template <typename Enum, size_t N>
constexpr std::string_view Label(const std::array<std::string_view, N>& labels, Enum value) {
  return labels[static_cast<size_t>(value)];
}

struct TrafficKey {
  Access access = Access::kNone;
  Technology technology = Technology::kNone;
  Direction direction = Direction::kTransit;
  Family family = Family::kIpv4;
  Carrier carrier = Carrier::kNative;
  Transport transport = Transport::kOther;

  // A number different for different keys and of the same order, and back.
  constexpr size_t index() const {
    size_t at = static_cast<size_t>(access);
    at = at * kTechnologyLabels.size() + static_cast<size_t>(technology);
    at = at * kDirectionLabels.size() + static_cast<size_t>(direction);
    at = at * kFamilyLabels.size() + static_cast<size_t>(family);
    at = at * kCarrierLabels.size() + static_cast<size_t>(carrier);
    return at * kTransportLabels.size() + static_cast<size_t>(transport);
  }
  static constexpr TrafficKey FromIndex(size_t at) {
    TrafficKey key;
    key.transport = static_cast<Transport>(at % kTransportLabels.size()), at /= kTransportLabels.size();
    key.carrier = static_cast<Carrier>(at % kCarrierLabels.size()), at /= kCarrierLabels.size();
    key.family = static_cast<Family>(at % kFamilyLabels.size()), at /= kFamilyLabels.size();
    key.direction = static_cast<Direction>(at % kDirectionLabels.size()), at /= kDirectionLabels.size();
    key.technology = static_cast<Technology>(at % kTechnologyLabels.size()), at /= kTechnologyLabels.size();
    key.access = static_cast<Access>(at);
    return key;
  }
};

enum class DarkClass : uint8_t {
  kTcpSyn,
  kBackscatterSynAck,
  kBackscatterRst,
  kTcpAck,
  kTcpFin,
  kTcpNull,
  kTcpXmas,
  kTcpOther,
  kIcmpRequest,
  kBackscatterIcmp,
  kIcmpOther,
  kUdpResponse,
  kUdpProbe,
  kFragment,
  kProtocolOther,
  kMalformed,
};
inline constexpr std::array<std::string_view, 16> kDarkClassLabels = {
    "tcp_syn",         "backscatter_syn_ack",
    "backscatter_rst", "tcp_ack",
    "tcp_fin",         "tcp_null",
    "tcp_xmas",        "tcp_other",
    "icmp_request",    "backscatter_icmp",
    "icmp_other",      "udp_response",
    "udp_probe",       "fragment",
    "protocol_other",  "malformed"};

// Why a frame holds no countable IP packet. "Short" is the capture's doing, "malformed" the sender's.
enum class Refusal : uint8_t {
  kNotIp,
  kLinkShort,
  kLinkMalformed,
  kLinkTooDeep,
  kNetworkShort,
  kNetworkMalformed,
};
inline constexpr std::array<std::string_view, 6> kRefusalLabels = {
    "not_ip", "link_short", "link_malformed", "link_too_deep", "network_short", "network_malformed"};

}  // namespace kansoku::generator
