// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <span>
#include <string>

#include "collector/capture/packet_view.h"
#include "collector/decode/decoder.h"
#include "tests/testing/packet_builder.h"

namespace kansoku::collector {

struct Decoding {
  Refusal refusal;
  DecodedPacket packet;
};

// Decodes the packet, and each of its prefixes twice: as the capture's snap length leaves it, and as a frame
// that ended there. Every prefix lies in memory of its own, so that a sanitizer sees a read past its end.
// Fails the test where a prefix is blamed on the wrong one, or says anything else than the whole packet does,
// or where the two layers tell different things of the same packet.
Decoding DecodeWithPrefixes(std::span<const uint8_t> packet, LinkType link_type = LinkType::kEthernet,
                            const DecodeOptions& options = {});

// Appends an IPv4 or an IPv6 header between two documentation addresses. The inner ones are others.
testing::PacketBuilder WithIp(testing::PacketBuilder builder, int ip_version);
testing::PacketBuilder WithInnerIp(testing::PacketBuilder builder, int ip_version);

// For INSTANTIATE_TEST_SUITE_P over IP versions.
inline std::string IpVersionName(const ::testing::TestParamInfo<int>& version) {
  return version.param == 4 ? "Ipv4" : "Ipv6";
}

}  // namespace kansoku::collector
