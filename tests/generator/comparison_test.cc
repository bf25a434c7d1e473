// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/comparison.h"

#include <gtest/gtest.h>

namespace kansoku::generator {
namespace {

constexpr char kTruth[] = R"({
  "traffic": [{"access": "fixed", "technology": "ftth", "direction": "download", "family": "ipv4",
               "carrier": "native", "transport": "tcp", "packets": 3, "wire_octets": 342, "ip_octets": 300,
               "outer_ip_octets": 300}],
  "darknet": [{"sensor": "s", "class": "tcp_syn", "family": "ipv4", "protocol": 6, "port": 23,
               "packets": 2, "wire_octets": 120, "ip_octets": 80}]})";

// Two rows of the same class at different times.
constexpr char kTraffic[] = R"({"rows": [
  {"cell": {"traffic_class": {"access": "ACCESS_FIXED", "technology": "TECHNOLOGY_FTTH",
      "direction": "DIRECTION_DOWNLOAD", "family": "FAMILY_IPV4", "carrier": "CARRIER_NATIVE",
      "transport": "TRANSPORT_TCP"}, "packets": "1", "wire_octets": "114", "ip_octets": "100",
      "outer_ip_octets": "100"}},
  {"cell": {"traffic_class": {"access": "ACCESS_FIXED", "technology": "TECHNOLOGY_FTTH",
      "direction": "DIRECTION_DOWNLOAD", "family": "FAMILY_IPV4", "carrier": "CARRIER_NATIVE",
      "transport": "TRANSPORT_TCP"}, "packets": "2", "wire_octets": "228", "ip_octets": "200",
      "outer_ip_octets": "200"}}]})";

constexpr char kDarknet[] = R"({"rows": [{"sensor": "s", "cell": {"darknet_class": "DARKNET_CLASS_TCP_SYN",
  "family": "FAMILY_IPV4", "protocol": 6, "destination_port": 23,
  "packets": "2", "wire_octets": "120", "ip_octets": "80"}}]})";

TEST(Compare, EqualAnswersHaveNoDifference) {
  const Comparison comparison = Compare({kTruth}, kTraffic, kDarknet);
  EXPECT_TRUE(comparison.differences.empty());
  EXPECT_EQ(comparison.summary,
            "traffic: 1 rows, 3 packets, 342 octets on the wire, 300 octets of IP, 300 with tunnels; "
            "darknet: 1 rows, 2 packets, 120 octets on the wire, 80 octets of IP");
}

TEST(Compare, TruthsOfSeveralCapturesAddUp) {
  EXPECT_EQ(Compare({kTruth, kTruth}, kTraffic, kDarknet).differences.size(), 2u);
}

TEST(Compare, OneOctetIsADifference) {
  std::string darknet = kDarknet;
  darknet.replace(darknet.find("\"80\""), 4, "\"81\"");
  const Comparison comparison = Compare({kTruth}, kTraffic, darknet);
  ASSERT_EQ(comparison.differences.size(), 1u);
  EXPECT_EQ(comparison.differences[0],
            "darknet s tcp_syn ipv4 6 23: written 2 packets, 120 octets on the wire, 80 octets of IP; "
            "answered 2 packets, 120 octets on the wire, 81 octets of IP");
}

TEST(Compare, MissingAndUnknownRowsAreDifferences) {
  const Comparison missing = Compare({kTruth}, R"({"rows": []})", kDarknet);
  ASSERT_EQ(missing.differences.size(), 1u);
  EXPECT_EQ(
      missing.differences[0],
      "traffic fixed ftth download ipv4 native tcp: written 3 packets, 342 octets on the wire, 300 octets of "
      "IP, 300 with tunnels; answered nothing");
  const Comparison unknown = Compare({R"({"traffic": [], "darknet": []})"}, R"({})", kDarknet);
  ASSERT_EQ(unknown.differences.size(), 1u);
  EXPECT_EQ(unknown.differences[0],
            "darknet s tcp_syn ipv4 6 23: written nothing; answered 2 packets, 120 octets on the wire, 80 "
            "octets of "
            "IP");
}

TEST(Compare, WhatIsNotJsonIsADifference) {
  EXPECT_EQ(Compare({kTruth}, "cannot reach the aggregator", kDarknet).differences.size(), 1u);
}

}  // namespace
}  // namespace kansoku::generator
