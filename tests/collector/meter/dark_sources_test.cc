// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/dark_sources.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "collector/classify/darknet_class.h"
#include "proto/contract/measurement.h"
#include "tests/collector/meter/metering.h"

namespace kansoku::collector {
namespace {

constexpr size_t kEast = 0, kWest = 1;

const SourceHash& Hash() {
  static const SourceHash hash = SourceHash::FromKey({1, 2, 3}).value();
  return hash;
}

DecodedPacket Packet(const IpAddress& source, uint8_t protocol, uint16_t port) {
  DecodedPacket packet = UdpPacket(4, kStartNs);
  packet.source = source;
  packet.destination = IpAddress::Ipv4(0xc6336401);
  packet.protocol = protocol;
  packet.destination_port = port;
  return packet;
}

DecodedPacket Syn(const IpAddress& source, uint16_t port) {
  DecodedPacket packet = Packet(source, kProtocolTcp, port);
  packet.tcp_flags = kTcpSyn;
  packet.tcp_header_octets = 20;
  packet.has_tcp_flags = true;
  return packet;
}

// A link with the sensors east and west that tells their sources apart.
class DarkSourcesOf : public ::testing::Test {
 protected:
  void TellApart(DarkSourceOptions options) { metering_.meter().TellSourcesApart(options); }
  void CountDark(const DecodedPacket& packet, size_t sensor = kEast) {
    metering_.CountDark(packet, sensor, DarknetClassOf(packet));
  }
  const v1::WindowReport& Report() {
    metering_.Finish();
    return metering_.reports().front();
  }

  Metering metering_{{.point = "uplink", .sensors = {"east", "west"}}};
};

uint64_t PacketsOf(const v1::DarknetTally& tally) {
  uint64_t packets = 0;
  for (const v1::DarknetCell& cell : tally.cells()) packets += cell.packets();
  return packets;
}

uint64_t PacketsOf(const v1::DarknetSources& sources) {
  uint64_t packets = sources.further_packets();
  for (const v1::DarknetSource& source : sources.sources())
    packets += source.probe_packets() + source.backscatter_packets() + source.other_packets();
  return packets;
}

TEST_F(DarkSourcesOf, TellWhatASourceSent) {
  TellApart({.hash = Hash()});
  const IpAddress source = HostAt(4, 1);
  CountDark(Syn(source, 23));
  CountDark(Syn(source, 2323));
  CountDark(Syn(source, 23));
  CountDark(Packet(source, kProtocolUdp, 23));
  DecodedPacket answer = Syn(source, 40'000);
  answer.tcp_flags = kTcpSyn | kTcpAck;
  CountDark(answer);
  answer.tcp_flags = kTcpAck;
  CountDark(answer);
  CountDark(Packet(source, 132, 9));
  const v1::WindowReport& report = Report();
  ASSERT_EQ(report.darknet_sources_size(), 1);
  const v1::DarknetSources& sources = report.darknet_sources(0);
  EXPECT_EQ(sources.sensor(), "east");
  EXPECT_EQ(sources.source_key(), Hash().key_id());
  EXPECT_EQ(sources.rules(), kDarknetRules);
  EXPECT_EQ(sources.further_packets(), 0u);
  EXPECT_EQ(sources.most_of_one(), 0u);
  ASSERT_EQ(sources.sources_size(), 1);
  v1::DarknetSource expected;
  expected.set_id(Hash().OfSource(source));
  expected.set_probe_packets(4);
  for (const auto& [protocol, port, packets] :
       {std::tuple(6u, 23u, 2u), std::tuple(6u, 2323u, 1u), std::tuple(17u, 23u, 1u)}) {
    v1::PortPackets& of_port = *expected.add_ports();
    of_port.set_protocol(protocol);
    of_port.set_port(port);
    of_port.set_packets(packets);
  }
  expected.set_backscatter_packets(1);
  expected.set_other_packets(2);
  expected.set_tcp_syns(3);
  expected.set_addresses(Hash().PartOfDark(IpAddress::Ipv4(0xc6336401)));
  expected.set_family(v1::FAMILY_IPV4);
  EXPECT_EQ(sources.sources(0).ShortDebugString(), expected.ShortDebugString());
}

TEST_F(DarkSourcesOf, TellTheFamilyOfASource) {
  TellApart({.hash = Hash()});
  CountDark(Syn(HostAt(4, 1), 23));
  DecodedPacket ipv6 = Syn(HostAt(6, 1), 23);
  ipv6.ip_version = 6;
  CountDark(ipv6);
  const v1::DarknetSources& sources = Report().darknet_sources(0);
  ASSERT_EQ(sources.sources_size(), 2);
  for (const v1::DarknetSource& source : sources.sources()) {
    const bool is_ipv6 = source.id() == Hash().OfSource(HostAt(6, 1));
    EXPECT_EQ(source.family(), is_ipv6 ? v1::FAMILY_IPV6 : v1::FAMILY_IPV4);
  }
}

TEST_F(DarkSourcesOf, StateKeyAndRulesWithTheSketches) {
  TellApart({.hash = Hash()});
  CountDark(Syn(HostAt(4, 1), 23));
  CountDark(Syn(HostAt(4, 1), 23), kWest);
  const v1::WindowReport& report = Report();
  ASSERT_EQ(report.measurement().darknet_size(), 2);
  EXPECT_TRUE(IsCanonical(report.measurement()));
  ASSERT_EQ(report.darknet_sources_size(), 2);
  for (int sensor = 0; sensor < 2; ++sensor) {
    EXPECT_EQ(report.measurement().darknet(sensor).source_key(), Hash().key_id());
    EXPECT_EQ(report.measurement().darknet(sensor).rules(), kDarknetRules);
    EXPECT_EQ(report.measurement().darknet(sensor).sketches_size(), 1);
    EXPECT_EQ(report.darknet_sources(sensor).sensor(), report.measurement().darknet(sensor).sensor());
    EXPECT_EQ(report.darknet_sources(sensor).sources_size(), 1);
  }
}

// But by which rules packets were classed, which holds without sources too.
TEST_F(DarkSourcesOf, SayNothingUnlessAskedTo) {
  CountDark(Syn(HostAt(4, 1), 23));
  const v1::WindowReport& report = Report();
  EXPECT_EQ(report.darknet_sources_size(), 0);
  EXPECT_EQ(report.measurement().darknet(0).source_key(), 0u);
  EXPECT_EQ(report.measurement().darknet(0).rules(), kDarknetRules);
  EXPECT_EQ(report.measurement().darknet(0).sketches_size(), 0);
}

std::vector<std::string> KindsOf(const v1::DarknetTally& tally) {
  std::vector<std::string> kinds;
  for (const v1::SourceSketch& sketch : tally.sketches()) {
    kinds.push_back(v1::DarknetClass_Name(sketch.darknet_class()) + " " + v1::Family_Name(sketch.family()) +
                    " " + std::to_string(sketch.protocol()) + ": " + std::to_string(EstimateSources(sketch)));
  }
  return kinds;
}

TEST_F(DarkSourcesOf, CountSourcesByClassFamilyAndProtocol) {
  TellApart({.hash = Hash()});
  for (uint32_t n = 1; n <= 20; ++n) {
    for (int repeated = 0; repeated < 3; ++repeated) CountDark(Syn(HostAt(4, n), 23));
  }
  for (uint32_t n = 11; n <= 15; ++n) CountDark(Packet(HostAt(4, n), kProtocolUdp, 53));
  DecodedPacket ipv6 = Packet(HostAt(6, 1), kProtocolUdp, 53);
  ipv6.ip_version = 6;
  CountDark(ipv6);
  for (const uint8_t protocol : {kProtocolTcp, kProtocolUdp, kProtocolIcmp, kProtocolGre, kProtocolSctp}) {
    for (const uint8_t ip_version : {uint8_t{4}, uint8_t{6}}) {
      DecodedPacket fragment = Packet(HostAt(ip_version, protocol), protocol, 0);
      fragment.ip_version = ip_version;
      fragment.remarks = kRemarkLaterFragment;
      CountDark(fragment);
    }
  }
  const v1::WindowReport& report = Report();
  EXPECT_EQ(KindsOf(report.measurement().darknet(0)),
            (std::vector<std::string>{
                "DARKNET_CLASS_TCP_SYN FAMILY_IPV4 6: 20", "DARKNET_CLASS_UDP_PROBE FAMILY_IPV4 17: 5",
                "DARKNET_CLASS_UDP_PROBE FAMILY_IPV6 17: 1", "DARKNET_CLASS_FRAGMENT FAMILY_IPV4 0: 2",
                "DARKNET_CLASS_FRAGMENT FAMILY_IPV4 1: 1", "DARKNET_CLASS_FRAGMENT FAMILY_IPV4 6: 1",
                "DARKNET_CLASS_FRAGMENT FAMILY_IPV4 17: 1", "DARKNET_CLASS_FRAGMENT FAMILY_IPV6 0: 3",
                "DARKNET_CLASS_FRAGMENT FAMILY_IPV6 6: 1", "DARKNET_CLASS_FRAGMENT FAMILY_IPV6 17: 1"}));
  EXPECT_TRUE(IsCanonical(report.measurement()));
}

TEST_F(DarkSourcesOf, StartOverInTheNextWindow) {
  TellApart({.hash = Hash()});
  CountDark(Syn(HostAt(4, 1), 23));
  DecodedPacket later = Syn(HostAt(4, 2), 23);
  later.captured_unix_ns += 10 * kNsPerSecond;
  CountDark(later);
  metering_.Finish();
  ASSERT_EQ(metering_.reports().size(), 2u);
  const v1::WindowReport& second = metering_.reports()[1];
  EXPECT_EQ(KindsOf(second.measurement().darknet(0)),
            std::vector<std::string>{"DARKNET_CLASS_TCP_SYN FAMILY_IPV4 6: 1"});
  ASSERT_EQ(second.darknet_sources(0).sources_size(), 1);
  EXPECT_EQ(second.darknet_sources(0).sources(0).id(), Hash().OfSource(HostAt(4, 2)));
}

TEST_F(DarkSourcesOf, KeepOnWhereSensorsChange) {
  TellApart({.hash = Hash()});
  CountDark(Syn(HostAt(4, 1), 23));
  metering_.meter().Reclassify({.from_unix_seconds = kStart + 10,
                                .sensors = {"east", "north", "west"},
                                .address_seconds = nullptr,
                                .taken = [] {}});
  DecodedPacket later = Syn(HostAt(4, 1), 23);
  later.captured_unix_ns += 10 * kNsPerSecond;
  CountDark(later, 2);
  metering_.Finish();
  const v1::WindowReport& second = metering_.reports()[1];
  ASSERT_EQ(second.darknet_sources_size(), 1);
  EXPECT_EQ(second.darknet_sources(0).sensor(), "west");
  EXPECT_EQ(second.measurement().darknet(0).sketches_size(), 1);
}

TEST_F(DarkSourcesOf, ReportThoseWithTheMostPackets) {
  TellApart({.hash = Hash(), .max_reported = 3});
  for (uint32_t n = 1; n <= 6; ++n) {
    for (uint32_t i = 0; i < n; ++i) CountDark(Syn(HostAt(4, n), 23), n % 2 == 0 ? kEast : kWest);
  }
  CountDark(Syn(HostAt(4, 7), 23), kWest);
  const v1::WindowReport& report = Report();
  ASSERT_EQ(report.darknet_sources_size(), 2);
  const v1::DarknetSources& east = report.darknet_sources(kEast);
  const v1::DarknetSources& west = report.darknet_sources(kWest);
  EXPECT_EQ(east.sources_size(), 2);
  EXPECT_LT(east.sources(0).id(), east.sources(1).id());
  EXPECT_EQ(east.sources(0).probe_packets() + east.sources(1).probe_packets(), 10u);
  EXPECT_EQ(east.further_packets(), 2u);
  EXPECT_EQ(east.most_of_one(), 2u);
  EXPECT_EQ(west.sources_size(), 1);
  EXPECT_EQ(west.sources(0).probe_packets(), 5u);
  EXPECT_EQ(west.further_packets(), 1u + 3 + 1);
  EXPECT_EQ(west.most_of_one(), 3u);
}

// A spoofed flood: each packet from another address, many more than there is room for.
TEST_F(DarkSourcesOf, KeepTotalsAndSketchesExactInAFlood) {
  TellApart({.hash = Hash(), .entries = 256, .max_reported = 100});
  SourceSketch expected;
  constexpr uint32_t kFlood = 200'000, kScans = 2000;
  for (uint32_t n = 0; n < kFlood; ++n) {
    CountDark(Syn(HostAt(4, n), 23));
    expected.Add(Hash().OfSource(HostAt(4, n)));
    if (n % 100 == 0) CountDark(Syn(IpAddress::Ipv4(0x01010101), static_cast<uint16_t>(n)));
  }
  expected.Add(Hash().OfSource(IpAddress::Ipv4(0x01010101)));
  const v1::WindowReport& report = Report();
  const v1::DarknetTally& tally = report.measurement().darknet(0);
  EXPECT_EQ(PacketsOf(tally), kFlood + kScans);
  ASSERT_EQ(tally.sketches_size(), 1);
  v1::SourceSketch message = tally.sketches(0);
  expected.WriteTo(message);
  EXPECT_EQ(tally.sketches(0).ShortDebugString(), message.ShortDebugString());
  const v1::DarknetSources& sources = report.darknet_sources(0);
  EXPECT_EQ(sources.sources_size(), 100);
  EXPECT_EQ(PacketsOf(sources), PacketsOf(tally));
  const auto scan = std::find_if(sources.sources().begin(), sources.sources().end(), [](const auto& source) {
    return source.id() == Hash().OfSource(IpAddress::Ipv4(0x01010101));
  });
  ASSERT_NE(scan, sources.sources().end());
  EXPECT_GE(scan->probe_packets() + sources.most_of_one(), kScans);
  EXPECT_EQ(scan->ports_size(), 64 + 256) << "as many more as there are entries";
  uint64_t with_port = 0;
  for (const v1::PortPackets& port : scan->ports()) with_port += port.packets();
  EXPECT_EQ(with_port + scan->further_packets(), scan->probe_packets());
}

// A survey of all of them within one window.
TEST_F(DarkSourcesOf, TellEveryPortOfAScanner) {
  TellApart({.hash = Hash(), .entries = 131'072});
  const IpAddress scanner = HostAt(4, 7);
  for (uint32_t port = 0; port < 65'536; ++port) {
    for (uint32_t packet = 0; packet <= port % 3; ++packet)
      CountDark(Syn(scanner, static_cast<uint16_t>(port)));
    if (port % 2 == 0) CountDark(Packet(scanner, kProtocolUdp, static_cast<uint16_t>(port)));
    CountDark(Syn(HostAt(4, 1'000 + port), 23));
  }
  const v1::DarknetSources& sources = Report().darknet_sources(0);
  const auto told = std::find_if(sources.sources().begin(), sources.sources().end(),
                                 [&](const auto& source) { return source.id() == Hash().OfSource(scanner); });
  ASSERT_NE(told, sources.sources().end());
  EXPECT_EQ(told->further_packets(), 0u);
  ASSERT_EQ(told->ports_size(), 65'536 + 32'768);
  int at = 0;
  for (uint32_t port = 0; port < 65'536; ++port, ++at) {
    ASSERT_EQ(told->ports(at).ShortDebugString(),
              "protocol: 6 " + (port == 0 ? "" : "port: " + std::to_string(port) + " ") +
                  "packets: " + std::to_string(port % 3 + 1));
  }
  for (uint32_t port = 0; port < 65'536; port += 2, ++at) {
    ASSERT_EQ(told->ports(at).protocol(), 17u);
    ASSERT_EQ(told->ports(at).port(), port);
    ASSERT_EQ(told->ports(at).packets(), 1u);
  }
}

TEST_F(DarkSourcesOf, CountPacketsThatAnOffloadMerged) {
  TellApart({.hash = Hash()});
  DecodedPacket merged = Packet(HostAt(4, 1), kProtocolUdp, 53);
  merged.wire_packets = 5;
  merged.header_octets = 42;
  CountDark(merged);
  const v1::WindowReport& report = Report();
  EXPECT_EQ(PacketsOf(report.measurement().darknet(0)), 5u);
  EXPECT_EQ(report.darknet_sources(0).sources(0).probe_packets(), 5u);
  EXPECT_EQ(report.darknet_sources(0).sources(0).ports(0).packets(), 5u);
}

// Merging the reports of two meters gives the sketches of one, whoever saw what.
TEST_F(DarkSourcesOf, MakeSketchesThatDoNotDependOnWhoCounted) {
  TellApart({.hash = Hash(), .entries = 64});
  std::array<Metering, 2> halves{
      Metering{{.point = "uplink", .flow_hash_seed = 5, .sensors = {"east", "west"}}},
      Metering{{.point = "uplink", .flow_hash_seed = 6, .sensors = {"east", "west"}}}};
  for (Metering& half : halves) half.meter().TellSourcesApart({.hash = Hash(), .entries = 1024});
  SplitMix64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const uint64_t drawn = random.Next();
    const auto n = static_cast<uint32_t>(drawn % 8000);
    const DecodedPacket packet =
        drawn >> 20 & 1 ? Syn(HostAt(4, n), 23) : Packet(HostAt(4, n), kProtocolUdp, 53);
    const size_t sensor = drawn >> 21 & 1;
    CountDark(packet, sensor);
    halves[drawn >> 22 & 1].CountDark(packet, sensor, DarknetClassOf(packet));
  }
  v1::Measurement joined;
  for (Metering& half : halves) {
    half.Finish();
    Merge(half.reports().front().measurement(), joined);
  }
  const v1::Measurement& whole = Report().measurement();
  ASSERT_EQ(joined.darknet_size(), 2);
  for (int sensor = 0; sensor < 2; ++sensor)
    EXPECT_EQ(joined.darknet(sensor).SerializeAsString(), whole.darknet(sensor).SerializeAsString());
}

}  // namespace
}  // namespace kansoku::collector
