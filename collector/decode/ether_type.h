// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace kansoku::collector {

// https://www.iana.org/assignments/ieee-802-numbers
inline constexpr uint16_t kTypeIpv4 = 0x0800, kTypeEthernet = 0x6558, kTypeVlan = 0x8100, kTypeIpv6 = 0x86dd,
                          kTypePpp = 0x880b, kTypeMpls = 0x8847, kTypeMplsUpstream = 0x8848,
                          kTypePppoeSession = 0x8864, kTypeErspan = 0x88be, kTypeServiceVlan = 0x88a8,
                          kTypeCiscoFabricPath = 0x8903, kTypeCiscoMetaData = 0x8909,
                          kTypeOldServiceVlan = 0x9100, kTypeErspanV3 = 0x22eb;

// Up to here a type field is a length (IEEE 802.3 section 3.2.6).
inline constexpr uint16_t kLargest8023Length = 1500;

}  // namespace kansoku::collector
