// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/measurement.h"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "proto/contract/identity.h"

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

// Few keys and many entries, so that sums meet equal keys as often as new ones.
class Random {
 public:
  explicit Random(uint32_t seed) : engine_(seed) {}

  v1::Measurement Next() {
    v1::Measurement m;
    for (uint64_t i = Below(6); i > 0; --i) {
      v1::Cell& cell = *m.add_cells();
      cell.mutable_traffic_class()->set_access(static_cast<v1::Access>(Below(3)));
      cell.mutable_traffic_class()->set_transport(static_cast<v1::Transport>(Below(3)));
      cell.set_packets(engine_());
      cell.set_wire_octets(engine_());
      cell.set_ip_octets(Below(1000));
      cell.set_flows(Below(1000));
      cell.set_new_flows(Below(1000));
    }
    for (uint64_t i = Below(4); i > 0; --i) FillTally(*m.add_darknet());
    FillLedger(*m.mutable_ledger());
    for (uint64_t i = Below(3); i > 0; --i) m.add_flags(static_cast<v1::QualityFlag>(1 + Below(5)));
    m.set_windows(Below(5));
    m.set_covered_seconds(Below(50));
    m.set_evicted_windows(Below(5));
    return m;
  }

 private:
  void FillTally(v1::DarknetTally& tally) {
    tally.set_sensor(Below(2) == 0 ? "east" : "west");
    tally.set_address_seconds(Below(1000));
    for (uint64_t i = Below(5); i > 0; --i) {
      v1::DarknetCell& cell = *tally.add_cells();
      cell.set_darknet_class(static_cast<v1::DarknetClass>(1 + Below(2)));
      cell.set_family(static_cast<v1::Family>(1 + Below(2)));
      cell.set_protocol(Below(2) == 0 ? 6 : 17);
      cell.set_destination_port(static_cast<uint32_t>(Below(2)));
      cell.set_packets(Below(1000));
      cell.set_wire_octets(engine_());
      cell.set_ip_octets(Below(1000));
    }
  }

  void FillLedger(v1::Ledger& ledger) {
    ledger.set_received_packets(Below(1000));
    ledger.set_captured_packets(Below(1000));
    ledger.set_captured_wire_octets(engine_());
    ledger.set_kernel_dropped_packets(Below(10));
    ledger.set_interface_dropped_packets(Below(10));
    ledger.set_flows_evicted(Below(10));
    for (uint64_t i = Below(4); i > 0; --i) {
      v1::Refused& refused = *ledger.add_refused();
      refused.set_reason(static_cast<v1::RefusalReason>(1 + Below(3)));
      refused.set_packets(Below(10));
      refused.set_wire_octets(Below(10));
    }
    for (uint64_t i = Below(4); i > 0; --i) {
      v1::Remarked& remarked = *ledger.add_remarked();
      remarked.set_remark(static_cast<v1::Remark>(1 + Below(3)));
      remarked.set_packets(Below(10));
    }
  }

  uint64_t Below(uint64_t end) { return engine_() % end; }
  std::mt19937_64 engine_;
};

v1::Measurement Canonical(v1::Measurement measurement) {
  Canonicalize(measurement);
  return measurement;
}

TEST(Merge, IsCommutativeAssociativeAndCanonical) {
  Random random(20241101);
  for (int round = 0; round < 500; ++round) {
    const v1::Measurement a = Canonical(random.Next()), b = Canonical(random.Next()),
                          c = Canonical(random.Next());
    EXPECT_EQ(Sum(a, b).SerializeAsString(), Sum(b, a).SerializeAsString());
    EXPECT_EQ(Sum(Sum(a, b), c).SerializeAsString(), Sum(a, Sum(b, c)).SerializeAsString());
    EXPECT_TRUE(IsCanonical(Sum(a, b)));
  }
}

TEST(Merge, AddsTheTotalsOfItsParts) {
  Random random(7);
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
  Random random(3);
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
  Random random(11);
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
           "ledger { refused { reason: REFUSAL_REASON_NOT_IP } refused { reason: REFUSAL_REASON_NOT_IP } }",
           "ledger { remarked { remark: REMARK_LATER_FRAGMENT } remarked { remark: REMARK_LATE } }",
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
