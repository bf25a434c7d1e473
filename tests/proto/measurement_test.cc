// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/measurement.h"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <string>

#include "proto/contract/identity.h"
#include "tests/proto/random_measurement.h"

namespace kansoku {
namespace {

using google::protobuf::util::MessageDifferencer;

v1::Measurement Text(const std::string& text) {
  v1::Measurement measurement;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &measurement)) << text;
  return measurement;
}

v1::Measurement Sum(const v1::Measurement& a, const v1::Measurement& b) {
  v1::Measurement sum = a;
  Merge(b, sum);
  return sum;
}

v1::Measurement Canonical(v1::Measurement measurement) {
  Canonicalize(measurement);
  return measurement;
}

TEST(Merge, IsCommutativeAssociativeAndCanonical) {
  RandomMeasurement random(20241101);
  for (int round = 0; round < 500; ++round) {
    const v1::Measurement a = Canonical(random.Next()), b = Canonical(random.Next()),
                          c = Canonical(random.Next());
    EXPECT_EQ(Sum(a, b).SerializeAsString(), Sum(b, a).SerializeAsString());
    EXPECT_EQ(Sum(Sum(a, b), c).SerializeAsString(), Sum(a, Sum(b, c)).SerializeAsString());
    EXPECT_TRUE(IsCanonical(Sum(a, b)));
  }
}

TEST(Merge, AddsTheTotalsOfItsParts) {
  RandomMeasurement random(7);
  for (int round = 0; round < 200; ++round) {
    const v1::Measurement a = Canonical(random.Next()), b = Canonical(random.Next());
    const CountedTotals of_a = Totals(a), of_b = Totals(b), of_sum = Totals(Sum(a, b));
    EXPECT_EQ(of_sum.cell_packets, of_a.cell_packets + of_b.cell_packets);
    EXPECT_EQ(of_sum.cell_wire_octets, of_a.cell_wire_octets + of_b.cell_wire_octets);
    EXPECT_EQ(of_sum.darknet_packets, of_a.darknet_packets + of_b.darknet_packets);
    EXPECT_EQ(of_sum.darknet_wire_octets, of_a.darknet_wire_octets + of_b.darknet_wire_octets);
    EXPECT_EQ(of_sum.refused_packets, of_a.refused_packets + of_b.refused_packets);
  }
}

TEST(Merge, WithNothingChangesNothing) {
  RandomMeasurement random(3);
  for (int round = 0; round < 50; ++round) {
    const v1::Measurement a = Canonical(random.Next());
    EXPECT_EQ(Sum(a, {}).SerializeAsString(), a.SerializeAsString());
    EXPECT_EQ(Sum({}, a).SerializeAsString(), a.SerializeAsString());
  }
}

TEST(Merge, GivesTheGoldenValues) {
  const v1::Measurement sum = Sum(Text(R"(
    cells { traffic_class { access: ACCESS_FIXED } packets: 1 wire_octets: 60 ip_octets: 46 flows: 1 new_flows: 1 }
    cells { traffic_class { group: GROUP_A1 } packets: 5 wire_octets: 500 ip_octets: 430 flows: 2 }
    darknet { sensor: "west" address_seconds: 2560
              cells { darknet_class: DARKNET_CLASS_TCP_SYN protocol: 6 destination_port: 23 packets: 3 } }
    ledger { received_packets: 10 captured_packets: 9 kernel_dropped_packets: 1
             refused { reason: REFUSAL_REASON_NOT_IP packets: 1 wire_octets: 42 } }
    flags: QUALITY_FLAG_DROPS windows: 1 covered_seconds: 10)"),
                                  Text(R"(
    cells { traffic_class { access: ACCESS_MOBILE } packets: 7 }
    cells { traffic_class { group: GROUP_A1 } packets: 1 wire_octets: 100 ip_octets: 86 flows: 1 new_flows: 1 }
    darknet { sensor: "east" address_seconds: 10 }
    darknet { sensor: "west" address_seconds: 2560
              cells { darknet_class: DARKNET_CLASS_TCP_SYN protocol: 6 destination_port: 22 packets: 1 }
              cells { darknet_class: DARKNET_CLASS_TCP_SYN protocol: 6 destination_port: 23 packets: 4 } }
    ledger { received_packets: 8 captured_packets: 8 flows_evicted: 2
             refused { reason: REFUSAL_REASON_NOT_IP packets: 2 wire_octets: 84 }
             remarked { remark: REMARK_LATE packets: 3 } }
    flags: QUALITY_FLAG_PARTIAL flags: QUALITY_FLAG_DROPS windows: 1 covered_seconds: 10 evicted_windows: 1)"));
  EXPECT_TRUE(MessageDifferencer::Equals(sum, Text(R"(
    cells { traffic_class { access: ACCESS_FIXED } packets: 1 wire_octets: 60 ip_octets: 46 flows: 1 new_flows: 1 }
    cells { traffic_class { access: ACCESS_MOBILE } packets: 7 }
    cells { traffic_class { group: GROUP_A1 } packets: 6 wire_octets: 600 ip_octets: 516 flows: 3 new_flows: 1 }
    darknet { sensor: "east" address_seconds: 10 }
    darknet { sensor: "west" address_seconds: 5120
              cells { darknet_class: DARKNET_CLASS_TCP_SYN protocol: 6 destination_port: 22 packets: 1 }
              cells { darknet_class: DARKNET_CLASS_TCP_SYN protocol: 6 destination_port: 23 packets: 7 } }
    ledger { received_packets: 18 captured_packets: 17 kernel_dropped_packets: 1 flows_evicted: 2
             refused { reason: REFUSAL_REASON_NOT_IP packets: 3 wire_octets: 126 }
             remarked { remark: REMARK_LATE packets: 3 } }
    flags: QUALITY_FLAG_PARTIAL flags: QUALITY_FLAG_DROPS windows: 2 covered_seconds: 20 evicted_windows: 1)")))
      << sum.DebugString();
}

TEST(Merge, AddsStatistics) {
  const v1::Measurement sum = Sum(Text(R"(
    cells { packets: 1 outer_ip_octets: 120 inner_ip_octets: 100
            statistics { packet_octets { buckets: [20, 30] counts: [1, 2] } flow_octets { buckets: 9 counts: 9 }
                         tcp_segments: 3 tcp_reset_flows: 1 } })"),
                                  Text(R"(
    cells { packets: 1 outer_ip_octets: 12 inner_ip_octets: 10
            statistics { packet_octets { buckets: [10, 30] counts: [5, 6] }
                         handshake_microseconds { buckets: 7 counts: 1 }
                         tcp_segments: 4 tcp_retransmitted_segments: 2 } })"));
  EXPECT_TRUE(MessageDifferencer::Equals(sum, Text(R"(
    cells { packets: 2 outer_ip_octets: 132 inner_ip_octets: 110
            statistics { packet_octets { buckets: [10, 20, 30] counts: [5, 1, 8] }
                         flow_octets { buckets: 9 counts: 9 } handshake_microseconds { buckets: 7 counts: 1 }
                         tcp_segments: 7 tcp_retransmitted_segments: 2 tcp_reset_flows: 1 } })")))
      << sum.DebugString();
}

TEST(Merge, OfAnEstimatedAndACountedCellIsAnEstimate) {
  const v1::Measurement counted = Text("cells { packets: 5 wire_octets: 500 ip_octets: 430 }");
  const v1::Measurement estimated = Text(R"(
    cells { packets: 1 wire_octets: 100 ip_octets: 86
            estimate { packets: 10 wire_octets: 1000 ip_octets: 860 packets_variance { low: 90 } } })");
  const v1::Measurement expected = Text(R"(
    cells { packets: 6 wire_octets: 600 ip_octets: 516
            estimate { packets: 15 wire_octets: 1500 ip_octets: 1290 packets_variance { low: 90 } } })");
  EXPECT_TRUE(MessageDifferencer::Equals(Sum(counted, estimated), expected));
  EXPECT_TRUE(MessageDifferencer::Equals(Sum(estimated, counted), expected));
  EXPECT_FALSE(Sum(counted, counted).cells(0).has_estimate());
}

TEST(Merge, KeepsOtherKeysAndRulesApart) {
  const v1::Measurement sum = Sum(Text(R"(
    darknet { sensor: "a" address_seconds: 1 }
    darknet { sensor: "a" address_seconds: 2 source_key: 7 rules: 1 sketches { protocol: 6 few: [70, 130] } }
    darknet { sensor: "a" address_seconds: 4 source_key: 9 rules: 2 sketches { protocol: 6 few: 70 } })"),
                                  Text(R"(
    darknet { sensor: "a" address_seconds: 8 rules: 1 }
    darknet { sensor: "a" address_seconds: 16 source_key: 7 rules: 1
              sketches { protocol: 6 few: [65, 131] } sketches { protocol: 17 few: 5 } }
    darknet { sensor: "a" address_seconds: 32 source_key: 9 rules: 1 sketches { protocol: 6 few: 71 } })"));
  EXPECT_TRUE(MessageDifferencer::Equals(sum, Text(R"(
    darknet { sensor: "a" address_seconds: 1 }
    darknet { sensor: "a" address_seconds: 8 rules: 1 }
    darknet { sensor: "a" address_seconds: 18 source_key: 7 rules: 1
              sketches { protocol: 6 few: [70, 131] } sketches { protocol: 17 few: 5 } }
    darknet { sensor: "a" address_seconds: 32 source_key: 9 rules: 1 sketches { protocol: 6 few: 71 } }
    darknet { sensor: "a" address_seconds: 4 source_key: 9 rules: 2 sketches { protocol: 6 few: 70 } })")))
      << sum.DebugString();
}

// 10.0.0.0/8 was dark, and then its first half alone.
TEST(Merge, AddsUpSecondsByPrefix) {
  EXPECT_TRUE(MessageDifferencer::Equals(Sum(Text(R"(
    darknet { sensor: "a" address_seconds: 7 prefixes { address: 0x0a000000 length: 8 address_seconds: 3 }
              prefixes { address: 0xc0000200 length: 24 address_seconds: 4 } }
    darknet { sensor: "b" address_seconds: 1 prefixes { length: 1 address_seconds: 1 } })"),
                                             Text(R"(
    darknet { sensor: "a" address_seconds: 26 prefixes { address: 0x0a000000 length: 9 address_seconds: 8 }
              prefixes { address: 0xc0000200 length: 24 address_seconds: 16 }
              prefixes { address: 0xc0000200 length: 25 address_seconds: 2 } }
    darknet { sensor: "b" })")),
                                         Text(R"(
    darknet { sensor: "a" address_seconds: 33 prefixes { address: 0x0a000000 length: 8 address_seconds: 3 }
              prefixes { address: 0x0a000000 length: 9 address_seconds: 8 }
              prefixes { address: 0xc0000200 length: 24 address_seconds: 20 }
              prefixes { address: 0xc0000200 length: 25 address_seconds: 2 } }
    darknet { sensor: "b" address_seconds: 1 prefixes { length: 1 address_seconds: 1 } })")));
}

// The prefixes of a part would be taken for those of all.
TEST(Merge, WithSecondsOfNoPrefixSaysNone) {
  const v1::Measurement by_prefix =
      Text("darknet { address_seconds: 7 prefixes { length: 8 address_seconds: 7 } }");
  const v1::Measurement older = Text("darknet { address_seconds: 2 }");
  const v1::Measurement sum = Text("darknet { address_seconds: 9 }");
  EXPECT_TRUE(MessageDifferencer::Equals(Sum(by_prefix, older), sum));
  EXPECT_TRUE(MessageDifferencer::Equals(Sum(older, by_prefix), sum));
  EXPECT_TRUE(MessageDifferencer::Equals(Sum(Sum(older, by_prefix), by_prefix),
                                         Text("darknet { address_seconds: 16 }")));
}

TEST(Merge, OfAMeasurementWithItselfAddsNoSource) {
  RandomMeasurement random(5);
  for (int round = 0; round < 50; ++round) {
    const v1::Measurement once = Canonical(random.Next()), twice = Sum(once, once);
    ASSERT_EQ(twice.darknet_size(), once.darknet_size());
    for (int i = 0; i < once.darknet_size(); ++i) {
      ASSERT_EQ(twice.darknet(i).sketches_size(), once.darknet(i).sketches_size());
      for (int j = 0; j < once.darknet(i).sketches_size(); ++j) {
        EXPECT_EQ(twice.darknet(i).sketches(j).SerializeAsString(),
                  once.darknet(i).sketches(j).SerializeAsString());
      }
    }
  }
}

TEST(Canonicalize, SortsAndFoldsEntriesOfTheSameKey) {
  const v1::Measurement folded = Canonical(Text(R"(
    cells { traffic_class { group: GROUP_B1 } packets: 1 }
    cells { traffic_class { group: GROUP_A1 } packets: 2 }
    cells { traffic_class { group: GROUP_B1 } packets: 4 flows: 1 }
    darknet { sensor: "b" address_seconds: 1 cells { protocol: 17 packets: 1 } cells { protocol: 6 packets: 2 } }
    darknet { sensor: "a" }
    darknet { sensor: "b" address_seconds: 2 cells { protocol: 17 packets: 8 } cells { protocol: 1 packets: 16 } }
    ledger { refused { reason: REFUSAL_REASON_LINK_SHORT packets: 1 } refused { reason: REFUSAL_REASON_NOT_IP packets: 2 }
             refused { reason: REFUSAL_REASON_LINK_SHORT packets: 4 }
             remarked { remark: REMARK_LATE packets: 1 } remarked { remark: REMARK_LATE packets: 1 } }
    flags: QUALITY_FLAG_DROPS flags: QUALITY_FLAG_PARTIAL flags: QUALITY_FLAG_DROPS)"));
  EXPECT_TRUE(MessageDifferencer::Equals(folded, Text(R"(
    cells { traffic_class { group: GROUP_A1 } packets: 2 }
    cells { traffic_class { group: GROUP_B1 } packets: 5 flows: 1 }
    darknet { sensor: "a" }
    darknet { sensor: "b" address_seconds: 3 cells { protocol: 1 packets: 16 } cells { protocol: 6 packets: 2 }
              cells { protocol: 17 packets: 9 } }
    ledger { refused { reason: REFUSAL_REASON_NOT_IP packets: 2 } refused { reason: REFUSAL_REASON_LINK_SHORT packets: 5 }
             remarked { remark: REMARK_LATE packets: 2 } }
    flags: QUALITY_FLAG_PARTIAL flags: QUALITY_FLAG_DROPS)")))
      << folded.DebugString();
}

TEST(Canonicalize, MakesAnyMeasurementCanonicalAndOnlyOnce) {
  RandomMeasurement random(11);
  for (int round = 0; round < 500; ++round) {
    const v1::Measurement raw = random.Next(), once = Canonical(raw);
    EXPECT_TRUE(IsCanonical(once));
    EXPECT_EQ(Canonical(once).SerializeAsString(), once.SerializeAsString());
    EXPECT_EQ(Totals(once).cell_packets, Totals(raw).cell_packets);
    EXPECT_EQ(Totals(once).darknet_packets, Totals(raw).darknet_packets);
  }
}

TEST(Canonicalize, GivesAnEmptyMeasurementNothing) { EXPECT_EQ(Canonical({}).SerializeAsString(), ""); }

TEST(IsCanonical, SeesDisorderAndDoublesInEveryList) {
  EXPECT_TRUE(IsCanonical({}));
  for (const char* bad : {
           "cells { packets: 1 } cells { packets: 2 }",
           "cells { traffic_class { group: GROUP_A2 } } cells { traffic_class { group: GROUP_A1 } }",
           "darknet { sensor: 'b' } darknet { sensor: 'a' }",
           "darknet { sensor: 'a' cells { protocol: 6 } cells { protocol: 6 } }",
           "darknet { sensor: 'a' source_key: 2 } darknet { sensor: 'a' source_key: 1 }",
           "darknet { sensor: 'a' rules: 1 } darknet { sensor: 'a' rules: 1 }",
           "darknet { sensor: 'a' prefixes { address: 2 } prefixes { address: 1 } }",
           "darknet { sensor: 'a' prefixes { length: 8 } prefixes { length: 8 } }",
           "darknet { sensor: 'a' sketches { protocol: 6 } sketches { protocol: 6 } }",
           "darknet { sensor: 'a' sketches { few: [130, 70] } }",
           "ledger { refused { reason: REFUSAL_REASON_NOT_IP } refused { reason: REFUSAL_REASON_NOT_IP } }",
           "ledger { remarked { remark: REMARK_LATER_FRAGMENT } remarked { remark: REMARK_LATE } }",
           "cells { statistics { packet_octets { buckets: [2, 1] counts: [1, 1] } } }",
           "cells { statistics { flow_octets { buckets: [1, 1] counts: [1, 1] } } }",
           "cells { statistics { flow_milliseconds { buckets: 1 } } }",
           "cells { statistics { handshake_microseconds { counts: 1 } } }",
           "flags: QUALITY_FLAG_DROPS flags: QUALITY_FLAG_PARTIAL",
           "flags: QUALITY_FLAG_DROPS flags: QUALITY_FLAG_DROPS",
       }) {
    EXPECT_FALSE(IsCanonical(Text(bad))) << bad;
  }
}

TEST(EvictedWindow, SaysNothingElse) {
  EXPECT_TRUE(MessageDifferencer::Equals(EvictedWindow(), Text("evicted_windows: 1")));
}

}  // namespace
}  // namespace kansoku
