// SPDX-License-Identifier: Apache-2.0
//
// Who lives where in the generated captures. Documentation and benchmark ranges only (RFC 2544, 3849, 5737,
// 6598).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/generator/traffic_key.h"

namespace kansoku::generator {

// As a collector's configuration lists them: some lie inside of others, and the longest match decides.
struct SubscriberRange {
  Prefix prefix;
  Access access;
  Technology technology;
};
inline constexpr std::array kSubscriberRanges = {
    SubscriberRange{{Address::Ipv4(100, 64, 0, 0), 11}, Access::kFixed, Technology::kFtth},
    SubscriberRange{{Address::Ipv4(100, 88, 0, 0), 14}, Access::kFixed, Technology::kCatv},
    SubscriberRange{{Address::Ipv4(100, 96, 0, 0), 11}, Access::kMobile, Technology::kLte},
    SubscriberRange{{Address::Ipv4(100, 120, 0, 0), 14}, Access::kMobile, Technology::kNr},
    SubscriberRange{{Address::Ipv6(0x20010db8'00010000), 48}, Access::kFixed, Technology::kFtth},
    SubscriberRange{{Address::Ipv6(0x20010db8'00018000), 49}, Access::kFixed, Technology::kCatv},
    SubscriberRange{{Address::Ipv6(0x20010db8'00020000), 48}, Access::kMobile, Technology::kLte},
    SubscriberRange{{Address::Ipv6(0x20010db8'0002c000), 50}, Access::kMobile, Technology::kNr},
};

// Where subscribers of one technology really are: never inside a range of another.
struct SubscriberPool {
  Prefix ipv4;
  Prefix ipv6;
  Access access;
  Technology technology;
};
inline constexpr std::array kSubscriberPools = {
    SubscriberPool{{Address::Ipv4(100, 64, 0, 0), 12},
                   {Address::Ipv6(0x20010db8'00010000), 50},
                   Access::kFixed,
                   Technology::kFtth},
    SubscriberPool{{Address::Ipv4(100, 88, 0, 0), 14},
                   {Address::Ipv6(0x20010db8'00018000), 49},
                   Access::kFixed,
                   Technology::kCatv},
    SubscriberPool{{Address::Ipv4(100, 96, 0, 0), 12},
                   {Address::Ipv6(0x20010db8'00020000), 50},
                   Access::kMobile,
                   Technology::kLte},
    SubscriberPool{{Address::Ipv4(100, 120, 0, 0), 14},
                   {Address::Ipv6(0x20010db8'0002c000), 50},
                   Access::kMobile,
                   Technology::kNr},
};

inline constexpr Prefix kServersIpv4 = {Address::Ipv4(198, 18, 0, 0), 15};
inline constexpr Prefix kServersIpv6 = {Address::Ipv6(0x20010db8'ffff0000), 48};

// Ends of tunnels. TEST-NET-1 and a documentation range: neither subscribers nor dark.
inline constexpr Prefix kNearRoutersIpv4 = {Address::Ipv4(192, 0, 2, 0), 25};
inline constexpr Prefix kNearRoutersIpv6 = {Address::Ipv6(0x20010db8'fffe0000), 49};
inline constexpr Prefix kFarRoutersIpv4 = {Address::Ipv4(192, 0, 2, 128), 25};
inline constexpr Prefix kFarRoutersIpv6 = {Address::Ipv6(0x20010db8'fffe8000), 49};

// Unused ranges, each watched by a sensor.
struct DarkRange {
  uint8_t sensor;  // index into kSensors
  Prefix prefix;
};
inline constexpr std::array<std::string_view, 2> kSensors = {"sensor-east", "sensor-west"};
inline constexpr std::array kDarkRanges = {
    DarkRange{0, {Address::Ipv4(203, 0, 113, 0), 24}},
    DarkRange{1, {Address::Ipv4(198, 51, 100, 0), 24}},
    DarkRange{0, {Address::Ipv6(0x20010db8'dead0000), 48}},
};

// IPv4 addresses of the sensor.
uint64_t MonitoredAddresses(size_t sensor);

// The lists as the collector's configuration has them: `subscribers:` or `telescopes:` with their entries.
std::string SubscribersYaml();
std::string TelescopesYaml();

}  // namespace kansoku::generator
