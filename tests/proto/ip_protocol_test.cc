// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/ip_protocol.h"

#include <gtest/gtest.h>

namespace kansoku {
namespace {

TEST(IpProtocolLabel, NamesWhatTelescopesSee) {
  EXPECT_EQ(IpProtocolLabel(1), "icmp");
  EXPECT_EQ(IpProtocolLabel(6), "tcp");
  EXPECT_EQ(IpProtocolLabel(17), "udp");
  EXPECT_EQ(IpProtocolLabel(33), "dccp");
  EXPECT_EQ(IpProtocolLabel(47), "gre");
  EXPECT_EQ(IpProtocolLabel(58), "icmpv6");
  EXPECT_EQ(IpProtocolLabel(132), "sctp");
  EXPECT_EQ(IpProtocolLabel(136), "udplite");
  EXPECT_EQ(IpProtocolLabel(50), "50");
}

}  // namespace
}  // namespace kansoku
