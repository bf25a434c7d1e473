// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/dark_subscribers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/collector/meter/packets.h"

namespace kansoku::collector {
namespace {

DarkReach ReachTo(std::vector<uint32_t> addresses) {
  DarkReach reach;
  for (const uint32_t address : addresses) reach.Add(DarkReach::To(address));
  return reach;
}

TEST(DarkReach, ThreeDifferentAddressesAreAScan) {
  EXPECT_FALSE(DarkReach().scans());
  EXPECT_FALSE(ReachTo({7}).scans());
  EXPECT_FALSE(ReachTo({7, 7, 7, 7}).scans());
  EXPECT_FALSE(ReachTo({7, 8, 7, 8}).scans());
  EXPECT_TRUE(ReachTo({7, 8, 7, 9}).scans());
  EXPECT_TRUE(ReachTo({7, 8, 9, 7}).scans());
}

TEST(DarkReach, AScannerIsOneWithoutAddresses) {
  DarkReach reach = DarkReach::OfScanner();
  EXPECT_TRUE(reach.scans());
  reach.Add(DarkReach::To(7));
  EXPECT_TRUE(reach.scans());
}

// No hash stands for what it is not.
TEST(DarkReach, NoAddressIsNoneOrAScan) {
  EXPECT_FALSE(ReachTo({~uint32_t{0}}).scans());
  EXPECT_FALSE(ReachTo({5, ~uint32_t{0}}).scans());
  EXPECT_TRUE(ReachTo({0, 5, 6}).scans());
}

TEST(DarkReach, AddsInAnyOrder) {
  std::vector<uint32_t> addresses = {1'000, 2'000, 3'000};
  do {
    for (size_t first = 0; first <= addresses.size(); ++first) {
      const auto middle = addresses.begin() + static_cast<std::ptrdiff_t>(first);
      DarkReach reach = ReachTo({addresses.begin(), middle});
      reach.Add(ReachTo({middle, addresses.end()}));
      EXPECT_TRUE(reach.scans());
    }
  } while (std::next_permutation(addresses.begin(), addresses.end()));
}

TEST(DarkSubscribers, WhoFindsNoRoomIsCountedByPackets) {
  DarkSubscribers seen;
  for (uint64_t subscriber = 0; subscriber < kMostDarkSubscribers; ++subscriber)
    seen.Count(subscriber, DarkReach::To(1), 1);
  EXPECT_EQ(seen.further_packets, 0u);
  seen.Count(kMostDarkSubscribers, DarkReach::To(1), 2);
  seen.Count(kMostDarkSubscribers, DarkReach::To(1), 3);
  seen.Count(0, DarkReach::To(2), 4);
  EXPECT_EQ(seen.by_hash.size(), kMostDarkSubscribers);
  EXPECT_EQ(seen.further_packets, 5u);
  EXPECT_EQ(seen.by_hash.at(0).packets, 5u);
  EXPECT_LE(seen.octets(), 2 * 25 * kMostDarkSubscribers);
}

TEST(DarkSubscribers, ASumKnowsWhatEitherKnew) {
  DarkSubscribers sum, other;
  sum.Count(1, ReachTo({7, 8}), 2);
  sum.Count(2, ReachTo({7}), 1);
  other.Count(1, ReachTo({9}), 4);
  other.Count(3, ReachTo({7}), 8);
  other.further_packets = 5;
  sum.Add(other);
  ASSERT_EQ(sum.by_hash.size(), 3u);
  EXPECT_TRUE(sum.by_hash.at(1).reach.scans());
  EXPECT_EQ(sum.by_hash.at(1).packets, 6u);
  EXPECT_FALSE(sum.by_hash.at(2).reach.scans());
  EXPECT_EQ(sum.by_hash.at(3).packets, 8u);
  EXPECT_EQ(sum.further_packets, 5u);
}

TEST(DarkSubscriberHash, KnowsAnIpv4AddressAndAnIpv6Household) {
  const DarkSubscriberHash hash(1), again(1), other(2);
  const auto from = [](uint8_t ip_version, IpAddress source) {
    DecodedPacket packet = UdpPacket(ip_version, kStartNs);
    packet.source = source;
    return packet;
  };
  const DecodedPacket ipv4 = from(4, HostAt(4, 1)), neighbour = from(4, HostAt(4, 2));
  EXPECT_EQ(hash.OfSubscriber(ipv4), again.OfSubscriber(ipv4));
  EXPECT_NE(hash.OfSubscriber(ipv4), other.OfSubscriber(ipv4));
  EXPECT_NE(hash.OfSubscriber(ipv4), hash.OfSubscriber(neighbour));
  const IpAddress laptop{0x20010db8'00010000, 1}, phone{0x20010db8'00010000, 2}, next{0x20010db8'00010001, 1};
  EXPECT_EQ(hash.OfSubscriber(from(6, laptop)), hash.OfSubscriber(from(6, phone)));
  EXPECT_NE(hash.OfSubscriber(from(6, laptop)), hash.OfSubscriber(from(6, next)));
}

TEST(DarkSubscriberHash, MiraisMarkIsAScan) {
  const DarkSubscriberHash hash(1);
  DecodedPacket packet = UdpPacket(4, kStartNs);
  packet.protocol = kProtocolTcp;
  packet.tcp_flags = kTcpSyn;
  packet.has_tcp_flags = true;
  packet.tcp_header_octets = 20;
  packet.tcp_sequence = static_cast<uint32_t>(packet.destination.low);
  EXPECT_TRUE(hash.ReachOf(v1::DARKNET_CLASS_TCP_SYN, packet).scans());
  ++packet.tcp_sequence;
  EXPECT_FALSE(hash.ReachOf(v1::DARKNET_CLASS_TCP_SYN, packet).scans());
  packet.protocol = kProtocolUdp;
  EXPECT_FALSE(hash.ReachOf(v1::DARKNET_CLASS_UDP_PROBE, packet).scans());
}

}  // namespace
}  // namespace kansoku::collector
