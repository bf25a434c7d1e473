// SPDX-License-Identifier: Apache-2.0
//
// What is counted of packets that an offload merged, that a sample left out, that came in fragments, or that
// a report has no room for.
#include <gtest/gtest.h>

#include "collector/meter/segmentation.h"
#include "proto/contract/identity.h"
#include "tests/collector/meter/metering.h"

namespace kansoku::collector {
namespace {

LinkMeterOptions Options() {
  return {.point = "uplink", .flow_table_entries = 1024, .statistics = false, .sensors = {"dark"}};
}

void ExpectBalanced(const v1::WindowReport& report) {
  for (const Identity& identity : CaptureIdentities(report.measurement())) {
    EXPECT_TRUE(identity.holds()) << identity.statement << ": " << identity.left << " != " << identity.right;
  }
}

class LinkMeterOffload : public ::testing::TestWithParam<uint8_t> {
 protected:
  // An Ethernet frame of three segments of 1000 octets and one of 500, with the headers of one. As the
  // decoder does, its IP octets are those of all.
  DecodedPacket Merged() const {
    const uint32_t ip_header = GetParam() == 4 ? 20 : 40;
    DecodedPacket packet = UdpPacket(GetParam(), kStartNs);
    packet.protocol = kProtocolTcp;
    packet.ip_octets = packet.outer_ip_octets = packet.inner_ip_octets = 4 * (ip_header + 20) + 3500;
    packet.wire_octets = 14 + ip_header + 20 + 3500;
    packet.header_octets = static_cast<uint16_t>(14 + ip_header + 20);
    packet.wire_packets = 4;
    return packet;
  }
};

TEST_P(LinkMeterOffload, AMergedPacketCountsAsItsPacketsOnTheWire) {
  Metering metering(Options());
  metering.Count(Merged());
  metering.Finish();
  const uint64_t headers = GetParam() == 4 ? 40 : 60;
  const v1::Measurement& measurement = metering.reports()[0].measurement();
  ASSERT_EQ(measurement.cells_size(), 1);
  const v1::Cell& cell = measurement.cells(0);
  EXPECT_EQ(cell.packets(), 4u);
  EXPECT_EQ(cell.wire_octets(), 3500 + 4 * (14 + headers));
  EXPECT_EQ(cell.ip_octets(), 3500 + 4 * headers);
  EXPECT_EQ(cell.outer_ip_octets(), 3500 + 4 * headers);
  EXPECT_EQ(cell.inner_ip_octets(), 3500 + 4 * headers);
  EXPECT_EQ(measurement.ledger().captured_packets(), 1u);
  EXPECT_EQ(measurement.ledger().captured_wire_octets(), 3500 + 14 + headers);
  EXPECT_EQ(measurement.ledger().segmented_packets(), 3u);
  EXPECT_EQ(measurement.ledger().segmented_wire_octets(), 3 * (14 + headers));
  EXPECT_EQ(measurement.flags_size(), 0);
  ExpectBalanced(metering.reports()[0]);
}

TEST_P(LinkMeterOffload, AtDarkAddressesToo) {
  Metering metering(Options());
  metering.CountDark(Merged(), 0, v1::DARKNET_CLASS_TCP_OTHER);
  metering.Finish();
  const uint64_t headers = GetParam() == 4 ? 40 : 60;
  const v1::DarknetCell& cell = metering.reports()[0].measurement().darknet(0).cells(0);
  EXPECT_EQ(cell.packets(), 4u);
  EXPECT_EQ(cell.wire_octets(), 3500 + 4 * (14 + headers));
  EXPECT_EQ(cell.ip_octets(), 3500 + 4 * headers);
  ExpectBalanced(metering.reports()[0]);
}

TEST_P(LinkMeterOffload, APortThatAReportHasNoRoomForIsSaid) {
  Metering metering(Options());
  DecodedPacket packet = UdpPacket(GetParam(), kStartNs);
  for (uint8_t darknet_class = 1; darknet_class <= 5; ++darknet_class) {
    for (int port = 1; port < 65536; ++port) {
      packet.destination_port = static_cast<uint16_t>(port);
      metering.CountDark(packet, 0, static_cast<v1::DarknetClass>(darknet_class));
    }
  }
  metering.Finish();
  const v1::Ledger& ledger = metering.reports()[0].measurement().ledger();
  ASSERT_EQ(ledger.remarked_size(), 1);
  EXPECT_EQ(ledger.remarked(0).remark(), v1::REMARK_DARKNET_PORT_LOST);
  EXPECT_EQ(ledger.remarked(0).packets(), 5 * 65535 - (300'000u - 2 * (3 * 256 + 17)));
  ExpectBalanced(metering.reports()[0]);
}

TEST_P(LinkMeterOffload, HeadersThatCouldNotBeReadAddNoOctets) {
  DecodedPacket packet = Merged();
  packet.header_octets = 0;
  const Segmentation added = Segmentation::Of(packet);
  EXPECT_EQ(added.packets, 3u);
  EXPECT_EQ(added.wire_octets, 0u);
}

TEST_P(LinkMeterOffload, AnUnknownNumberOfPacketsIsOneAndSaid) {
  Metering metering(Options());
  DecodedPacket packet = Merged();
  packet.wire_packets = 0;
  metering.Count(packet);
  metering.Finish();
  const v1::Measurement& measurement = metering.reports()[0].measurement();
  EXPECT_EQ(measurement.cells(0).packets(), 1u);
  EXPECT_EQ(measurement.cells(0).wire_octets(), packet.wire_octets);
  EXPECT_EQ(measurement.ledger().segmented_packets(), 0u);
  ASSERT_EQ(measurement.ledger().remarked_size(), 1);
  EXPECT_EQ(measurement.ledger().remarked(0).remark(), v1::REMARK_MERGED);
  ASSERT_EQ(measurement.flags_size(), 1);
  EXPECT_EQ(measurement.flags(0), v1::QUALITY_FLAG_MERGED_PACKETS);
  ExpectBalanced(metering.reports()[0]);
}

TEST_P(LinkMeterOffload, ALaterFragmentJoinsTheFlowOfItsFirst) {
  Metering metering(Options());
  DecodedPacket first = UdpPacket(GetParam(), kStartNs);
  first.is_fragment = true;
  first.identification = 7;
  DecodedPacket later = first;
  later.source_port = later.destination_port = 0;
  later.remarks = kRemarkLaterFragment;
  DecodedPacket of_another = later;
  of_another.identification = 8;
  metering.Count(first);
  metering.Count(later);
  metering.Count(of_another);
  metering.Finish();
  const v1::Measurement& measurement = metering.reports()[0].measurement();
  EXPECT_EQ(measurement.cells(0).packets(), 3u);
  EXPECT_EQ(measurement.cells(0).flows(), 2u);
  ASSERT_EQ(measurement.ledger().remarked_size(), 2);
  EXPECT_EQ(measurement.ledger().remarked(0).remark(), v1::REMARK_LATER_FRAGMENT);
  EXPECT_EQ(measurement.ledger().remarked(0).packets(), 2u);
  EXPECT_EQ(measurement.ledger().remarked(1).remark(), v1::REMARK_FRAGMENT_JOINED);
  EXPECT_EQ(measurement.ledger().remarked(1).packets(), 1u);
}

// So nothing seems to have passed the capture by where packets are sampled.
TEST_P(LinkMeterOffload, WhatTheSampleLeavesOutIsTakenApartToo) {
  LinkMeterOptions options = Options();
  options.sampling_interval = 10;
  Metering metering(options);
  metering.Skip({.wire_octets = 4414, .captured_unix_ns = kStartNs, .wire_packets = 3});
  metering.Skip({.wire_octets = 114, .captured_unix_ns = kStartNs});
  metering.Skip({.wire_octets = 9014, .captured_unix_ns = kStartNs, .wire_packets = 0});
  metering.Finish();
  const v1::Ledger& ledger = metering.reports()[0].measurement().ledger();
  EXPECT_EQ(ledger.captured_packets(), 3u);
  EXPECT_EQ(ledger.segmented_packets(), 2u);
  EXPECT_EQ(ledger.not_sampled_packets(), 5u);
  EXPECT_EQ(ledger.segmented_wire_octets(), 0u);
  EXPECT_EQ(ledger.not_sampled_wire_octets(), 4414u + 114u + 9014u);
  ExpectBalanced(metering.reports()[0]);
}

TEST_P(LinkMeterOffload, ASampleIsScaledUpBesideWhatWasSeen) {
  LinkMeterOptions options = Options();
  options.sampling_interval = 10;
  Metering metering(options);
  uint64_t taken = 0;
  for (int i = 0; i < 10'000; ++i) {
    if (metering.meter().Samples()) {
      ++taken;
      metering.Count(UdpPacket(GetParam(), kStartNs));
    } else {
      metering.Skip({.wire_octets = 114, .captured_unix_ns = kStartNs});
    }
  }
  metering.Finish();
  ASSERT_GT(taken, 800u);
  ASSERT_LT(taken, 1200u);
  const v1::WindowReport& report = metering.reports()[0];
  EXPECT_EQ(report.sampling_interval(), 10u);
  ASSERT_EQ(report.measurement().flags_size(), 1);
  EXPECT_EQ(report.measurement().flags(0), v1::QUALITY_FLAG_SAMPLED);
  const v1::Ledger& ledger = report.measurement().ledger();
  EXPECT_EQ(ledger.captured_packets(), 10'000u);
  EXPECT_EQ(ledger.not_sampled_packets(), 10'000 - taken);
  EXPECT_EQ(ledger.not_sampled_wire_octets(), (10'000 - taken) * 114);
  const v1::Cell& cell = report.measurement().cells(0);
  EXPECT_EQ(cell.packets(), taken);
  EXPECT_EQ(cell.estimate().packets(), taken * 10);
  EXPECT_EQ(cell.estimate().wire_octets(), taken * 114 * 10);
  EXPECT_EQ(cell.estimate().ip_octets(), taken * 100 * 10);
  EXPECT_EQ(cell.estimate().packets_variance().low(), taken * 10 * 9);
  EXPECT_EQ(cell.estimate().ip_octets_variance().low(), taken * 100 * 100 * 10 * 9);
  ExpectBalanced(report);
}

TEST_P(LinkMeterOffload, WithoutASampleThereIsNoEstimate) {
  Metering metering(Options());
  EXPECT_TRUE(metering.meter().Samples());
  metering.Count(UdpPacket(GetParam(), kStartNs));
  metering.Finish();
  EXPECT_EQ(metering.reports()[0].sampling_interval(), 0u);
  EXPECT_FALSE(metering.reports()[0].measurement().cells(0).has_estimate());
}

INSTANTIATE_TEST_SUITE_P(Families, LinkMeterOffload, ::testing::Values(uint8_t{4}, uint8_t{6}),
                         [](const auto& version) { return "Ipv" + std::to_string(version.param); });

}  // namespace
}  // namespace kansoku::collector
