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
enum class Carrier : uint8_t { kNative, kPppoe, kMpls };
enum class Transport : uint8_t { kTcp, kUdp, kIcmp, kSctp, kOther };

inline constexpr std::array<std::string_view, 3> kAccessLabels = {"none", "fixed", "mobile"};
inline constexpr std::array<std::string_view, 5> kTechnologyLabels = {"none", "ftth", "catv", "lte", "nr"};
inline constexpr std::array<std::string_view, 4> kDirectionLabels = {"download", "upload", "internal",
                                                                     "transit"};
inline constexpr std::array<std::string_view, 2> kFamilyLabels = {"ipv4", "ipv6"};
inline constexpr std::array<std::string_view, 3> kCarrierLabels = {"native", "pppoe", "mpls"};
inline constexpr std::array<std::string_view, 5> kTransportLabels = {"tcp", "udp", "icmp", "sctp", "other"};

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

  // A number below kCount, different for different keys, and back.
  static constexpr size_t kCount = 3 * 5 * 4 * 2 * 3 * 5;
  constexpr size_t index() const {
    size_t at = static_cast<size_t>(access);
    at = at * 5 + static_cast<size_t>(technology);
    at = at * 4 + static_cast<size_t>(direction);
    at = at * 2 + static_cast<size_t>(family);
    at = at * 3 + static_cast<size_t>(carrier);
    return at * 5 + static_cast<size_t>(transport);
  }
  static constexpr TrafficKey FromIndex(size_t at) {
    TrafficKey key;
    key.transport = static_cast<Transport>(at % 5), at /= 5;
    key.carrier = static_cast<Carrier>(at % 3), at /= 3;
    key.family = static_cast<Family>(at % 2), at /= 2;
    key.direction = static_cast<Direction>(at % 4), at /= 4;
    key.technology = static_cast<Technology>(at % 5), at /= 5;
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
