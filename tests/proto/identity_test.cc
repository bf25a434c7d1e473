// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/identity.h"

#include <gtest/gtest.h>

namespace kansoku {
namespace {

// 100 received = 90 captured + 7 + 3 dropped; 90 captured = 60 + 20 + 10.
v1::Measurement Balanced() {
  v1::Measurement measurement;
  for (const uint64_t packets : {40, 20}) {
    v1::Cell& cell = *measurement.add_cells();
    cell.set_packets(packets);
    cell.set_wire_octets(packets * 100);
  }
  for (const char* sensor : {"east", "west"}) {
    v1::DarknetCell& cell = *[&] {
      v1::DarknetTally& tally = *measurement.add_darknet();
      tally.set_sensor(sensor);
      return tally.add_cells();
    }();
    cell.set_packets(10);
    cell.set_wire_octets(600);
  }
  v1::Ledger& ledger = *measurement.mutable_ledger();
  for (const uint64_t packets : {8, 2}) {
    v1::Refused& refused = *ledger.add_refused();
    refused.set_packets(packets);
    refused.set_wire_octets(packets * 50);
  }
  ledger.set_received_packets(100);
  ledger.set_captured_packets(90);
  ledger.set_captured_wire_octets(7700);
  ledger.set_kernel_dropped_packets(7);
  ledger.set_interface_dropped_packets(3);
  return measurement;
}

TEST(Totals, SumCellsDarknetAndRefusals) {
  const CountedTotals totals = Totals(Balanced());
  EXPECT_EQ(totals.cell_packets, 60);
  EXPECT_EQ(totals.cell_wire_octets, 6000);
  EXPECT_EQ(totals.darknet_packets, 20);
  EXPECT_EQ(totals.darknet_wire_octets, 1200);
  EXPECT_EQ(totals.refused_packets, 10);
  EXPECT_EQ(totals.refused_wire_octets, 500);
}

TEST(CaptureIdentities, HoldForABalancedMeasurement) {
  const auto identities = CaptureIdentities(Balanced());
  ASSERT_EQ(identities.size(), 3);
  EXPECT_EQ(identities[0].name, "received_packets");
  EXPECT_EQ(identities[0].left, 100);
  EXPECT_EQ(identities[0].right, 100);
  EXPECT_EQ(identities[1].name, "captured_packets");
  EXPECT_EQ(identities[1].left, 90);
  EXPECT_EQ(identities[1].right, 90);
  EXPECT_EQ(identities[2].name, "captured_wire_octets");
  EXPECT_EQ(identities[2].left, 7700);
  EXPECT_EQ(identities[2].right, 7700);
  for (const Identity& identity : identities) EXPECT_TRUE(identity.holds()) << identity.name;
}

TEST(CaptureIdentities, HoldForNothing) {
  for (const Identity& identity : CaptureIdentities({})) EXPECT_TRUE(identity.holds()) << identity.name;
}

TEST(CaptureIdentities, MissOnePacketThatIsInNoCell) {
  v1::Measurement measurement = Balanced();
  measurement.mutable_cells(0)->set_packets(39);
  const auto identities = CaptureIdentities(measurement);
  EXPECT_TRUE(identities[0].holds());
  EXPECT_FALSE(identities[1].holds());
  EXPECT_EQ(identities[1].right, 89);
  EXPECT_TRUE(identities[2].holds());
}

TEST(CaptureIdentities, MissOneOctet) {
  v1::Measurement measurement = Balanced();
  measurement.mutable_darknet(1)->mutable_cells(0)->set_wire_octets(601);
  const auto identities = CaptureIdentities(measurement);
  EXPECT_TRUE(identities[1].holds());
  EXPECT_FALSE(identities[2].holds());
}

TEST(CaptureIdentities, MissADropThatNobodyCounted) {
  v1::Measurement measurement = Balanced();
  measurement.mutable_ledger()->set_interface_dropped_packets(2);
  EXPECT_FALSE(CaptureIdentities(measurement)[0].holds());
}

TEST(CaptureIdentities, CountMergedPacketsApartAndThoseNotSampled) {
  v1::Measurement measurement = Balanced();
  v1::Ledger& ledger = *measurement.mutable_ledger();
  ledger.set_segmented_packets(9);
  ledger.set_segmented_wire_octets(9 * 66);
  ledger.set_not_sampled_packets(30);
  ledger.set_not_sampled_wire_octets(3000);
  measurement.mutable_cells(0)->set_packets(40 + 9 - 30);
  measurement.mutable_cells(0)->set_wire_octets(4000 + 9 * 66 - 3000);
  auto identities = CaptureIdentities(measurement);
  EXPECT_EQ(identities[1].left, 99);
  EXPECT_EQ(identities[1].right, 99);
  EXPECT_EQ(identities[2].left, 8294);
  EXPECT_EQ(identities[2].right, 8294);
  ledger.set_not_sampled_wire_octets(3001);
  ledger.set_segmented_packets(8);
  identities = CaptureIdentities(measurement);
  EXPECT_FALSE(identities[1].holds());
  EXPECT_FALSE(identities[2].holds());
}

TEST(InterfaceIdentity, ComparesWithTheCaptureWithinASlack) {
  v1::Ledger ledger;
  ledger.set_tap_packets(900'000);
  ledger.set_segmented_packets(100'000);
  const auto nic = [&](uint64_t packets) {
    ledger.set_nic_packets(packets);
    return InterfaceIdentity(ledger).value();
  };
  EXPECT_EQ(nic(1'000'000).name, "nic_packets");
  EXPECT_EQ(nic(1'000'000).right, 1'000'000);
  EXPECT_EQ(nic(1'000'000).slack, 1064);
  EXPECT_EQ(nic(950'000).right, 950'000) << "counts some merged packets as one";
  EXPECT_TRUE(nic(900'000 - 964).holds());
  EXPECT_FALSE(nic(900'000 - 965).holds());
  EXPECT_TRUE(nic(1'001'065).holds());
  EXPECT_FALSE(nic(1'001'066).holds());
}

TEST(InterfaceIdentity, IsAbsentWhereNobodyReadTheInterface) {
  v1::Ledger ledger;
  EXPECT_FALSE(InterfaceIdentity(ledger).has_value());
  ledger.set_tap_packets(1);
  ASSERT_TRUE(InterfaceIdentity(ledger).has_value());
  EXPECT_TRUE(InterfaceIdentity(ledger)->holds());
}

TEST(DeliveryIdentity, BalancesClosedReports) {
  EXPECT_EQ(DeliveryIdentity(10, 5, 3, 2).name, "delivered_reports");
  EXPECT_TRUE(DeliveryIdentity(10, 5, 3, 2).holds());
  EXPECT_FALSE(DeliveryIdentity(10, 5, 3, 1).holds());
}

TEST(StoreIdentity, ComparesStoreAndReports) {
  EXPECT_EQ(StoreIdentity(7, 7).name, "stored_packets");
  EXPECT_TRUE(StoreIdentity(7, 7).holds());
  EXPECT_FALSE(StoreIdentity(7, 8).holds());
}

}  // namespace
}  // namespace kansoku
