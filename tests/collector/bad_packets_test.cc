// SPDX-License-Identifier: Apache-2.0
//
// Packets that nobody should send and lengths that cannot be, through `kansoku-collector measure`: each is
// counted once, under its reason, with its octets on the wire, over IPv4 and over IPv6.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "collector/decode/decoded_packet.h"
#include "collector/measure.h"
#include "tests/testing/capture_writer.h"
#include "tests/testing/packet_builder.h"
#include "tests/testing/pcapng_writer.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::collector {
namespace {

using Json = nlohmann::json;
using testing::CaptureFormat;
using testing::CaptureWriter;
using testing::PacketBuilder;

constexpr int64_t kStartNs = 1'700'000'400'000'000'000;
constexpr uint32_t kRawLink = 101;

// Of either kind of writer.
template <typename Writer>
Json MeasureFile(const Writer& capture, uint32_t flow_table_entries = 1024) {
  const testing::TempDir dir;
  const std::string path = dir.File("bad.pcap");
  capture.WriteTo(path);
  std::ostringstream out, complaints;
  const absl::StatusOr<bool> clean =
      Measure({.files = {path}, .json = true, .flow_table_entries = flow_table_entries}, out, complaints);
  EXPECT_TRUE(clean.ok() && *clean) << clean.status() << complaints.str();
  Json json = Json::parse(out.str());
  for (const auto& [name, holds] : json["ledger"]["identities"].items()) EXPECT_TRUE(holds) << name;
  EXPECT_EQ(json["ledger"]["captured_packets"], json["frames"]);
  EXPECT_EQ(json["ledger"]["captured_wire_octets"], json["frame_len_sum"]);
  return json;
}

uint64_t SumOf(const Json& json, const std::string& counter) {
  uint64_t sum = 0;
  for (const Json& cell : json["cells"]) sum += cell[counter].get<uint64_t>();
  return sum;
}

uint64_t Refused(const Json& json, const std::string& reason) {
  return json["ledger"]["refused"].value(reason, uint64_t{0});
}

uint64_t Remarked(const Json& json, const std::string& remark) {
  return json["ledger"]["remarked"].value(remark, uint64_t{0});
}

class BadPackets : public ::testing::TestWithParam<int> {
 protected:
  bool is_v4() const { return GetParam() == 4; }
  PacketBuilder Ip(PacketBuilder link, uint32_t host = 1) const {
    const std::string last = std::to_string(host >> 8 & 255) + "." + std::to_string(host & 255);
    return is_v4() ? link.Ipv4("10." + std::to_string(host >> 16) + "." + last, "192.0.2.1")
                   : link.Ipv6("2001:db8:1::10." + std::to_string(host >> 16) + "." + last, "2001:db8:2::1");
  }
  PacketBuilder Ip() const { return Ip(PacketBuilder().Ethernet()); }
  size_t header_octets() const { return is_v4() ? 20 : 40; }
};

TEST_P(BadPackets, FramesWithoutAnyOctetAreRefused) {
  for (const uint32_t link : {1u, 0u, 9u, 50u, 51u, 104u, 107u, 108u, 113u, 239u, 276u}) {
    SCOPED_TRACE(link);
    CaptureWriter capture(CaptureFormat{.link_type = link});
    for (int i = 0; i < 3; ++i) capture.Add(kStartNs, {});
    EXPECT_EQ(Refused(MeasureFile(capture), "link_malformed"), 3u);
  }
  CaptureWriter raw(CaptureFormat{.link_type = kRawLink});
  raw.Add(kStartNs, {});
  EXPECT_EQ(Refused(MeasureFile(raw), "network_malformed"), 1u);
}

TEST_P(BadPackets, FramesOfALinkTypeThatIsNotReadAreToldFromThoseWithoutIp) {
  constexpr uint16_t kEthernetLink = 1, kWirelessLink = 105;
  const auto ip = Ip().Udp(1, 2).Build();
  const auto arp = PacketBuilder().Ethernet().Next(0x0806).Payload(28).Build();
  testing::PcapngWriter capture;
  capture.Interface(kEthernetLink).Interface(kWirelessLink);
  capture.Enhanced(0, 1, ip).Enhanced(1, 2, ip).Enhanced(1, 3, ip).Enhanced(0, 4, arp);
  const Json json = MeasureFile(capture);
  EXPECT_EQ(Refused(json, "link_unsupported"), 2u);
  EXPECT_EQ(Refused(json, "not_ip"), 1u);
  EXPECT_EQ(SumOf(json, "packets"), 1u);
}

TEST_P(BadPackets, OneOctetOfEachPacketStillSaysHowLongItWas) {
  const std::vector<uint8_t> packet = Ip().Tcp(1, 2, kTcpSyn).Payload(1000).Build();
  CaptureWriter capture(CaptureFormat{.snap_length = 1});
  for (int i = 0; i < 5; ++i) capture.Add(kStartNs + i, packet);
  const Json json = MeasureFile(capture);
  EXPECT_EQ(json["cap_len_sum"], 5);
  EXPECT_EQ(json["frame_len_sum"], 5 * packet.size());
  EXPECT_EQ(Refused(json, "link_short"), 5u);

  const std::vector<uint8_t> bare = Ip(PacketBuilder()).Udp(1, 2).Build();
  CaptureWriter raw(CaptureFormat{.link_type = kRawLink, .snap_length = 1});
  raw.Add(kStartNs, bare);
  EXPECT_EQ(Refused(MeasureFile(raw), "network_short"), 1u);
}

TEST_P(BadPackets, AHeaderThatContradictsItselfIsRefused) {
  CaptureWriter capture;
  const auto add = [&](size_t at, uint8_t octet) {
    capture.Add(kStartNs, Ip().Overwrite(at, {octet}).Payload(30).Build());
  };
  add(0, 0x75);                   // no such version
  add(0, is_v4() ? 0x65 : 0x40);  // the other version than the link says
  if (is_v4()) {
    add(0, 0x44);  // a header of 16 octets
    add(3, 19);    // a packet shorter than its header
  }
  const std::vector<uint8_t> whole = Ip().Build();
  capture.Add(kStartNs, std::span(whole).first(whole.size() - 1));  // the frame ends in the header
  const Json json = MeasureFile(capture);
  EXPECT_EQ(Refused(json, "network_malformed"), is_v4() ? 5u : 3u);
  EXPECT_EQ(json["cells"].size(), 0u);
}

TEST_P(BadPackets, LengthsBeyondTheFrameCountAsStatedAndAreRemarked) {
  const size_t length_at = is_v4() ? 2 : 4;
  CaptureWriter capture;
  const std::vector<uint8_t> packet = Ip().Overwrite(length_at, {0xff, 0xff}).Payload(22).Build();
  capture.Add(kStartNs, packet);
  const Json json = MeasureFile(capture);
  EXPECT_EQ(SumOf(json, "packets"), 1u);
  EXPECT_EQ(SumOf(json, "wire_octets"), packet.size());
  EXPECT_EQ(SumOf(json, "ip_octets"), is_v4() ? 65'535u : 65'535u + 40u);
  EXPECT_EQ(Remarked(json, "length_beyond_frame"), 1u);
}

TEST_P(BadPackets, TransportHeadersThatEndTooEarlyAreRemarked) {
  CaptureWriter capture;
  capture.Add(kStartNs, Ip().Tcp(1, 2, kTcpAck).Overwrite(12, {0x40}).Build());  // a header of 16 octets
  std::vector<uint8_t> packet = Ip().Next(kProtocolUdp).Raw({0, 53}).Build();    // half of the ports
  capture.Add(kStartNs, packet);
  const Json json = MeasureFile(capture);
  EXPECT_EQ(SumOf(json, "packets"), 2u);
  EXPECT_EQ(Remarked(json, "transport_malformed"), 2u);
}

TEST_P(BadPackets, TunnelsInTunnelsAreFollowedToABoundAndCountOnce) {
  CaptureWriter capture;
  uint64_t wire_octets = 0;
  const auto add = [&](const PacketBuilder& packet) {
    const std::vector<uint8_t> bytes = packet.Build();
    wire_octets += bytes.size();
    capture.Add(kStartNs, bytes);
  };
  PacketBuilder ip = PacketBuilder().Ethernet(), gre = ip, vxlan = ip;
  for (int depth = 0; depth < 20; ++depth) {
    ip = Ip(ip);
    gre = Ip(gre).Gre();
    vxlan = Ip(vxlan).Udp(1, 4789).Vxlan().Ethernet();
  }
  add(ip.Udp(1, 2));
  add(Ip(gre).Udp(1, 2));
  add(Ip(vxlan).Udp(1, 2));
  const Json json = MeasureFile(capture);
  EXPECT_EQ(SumOf(json, "packets"), 3u);
  EXPECT_EQ(SumOf(json, "wire_octets"), wire_octets);
  EXPECT_EQ(Remarked(json, "tunnel_too_deep"), 3u);
  EXPECT_EQ(json["ip_depth_max"], 6);
}

TEST_P(BadPackets, TagsAndLabelsWithoutEndAreRefused) {
  PacketBuilder tags = PacketBuilder().Ethernet(), labels = tags;
  for (int i = 0; i < 200; ++i) {
    tags.Vlan(7);
    labels.Mpls(16);
  }
  CaptureWriter capture;
  capture.Add(kStartNs, Ip(tags).Udp(1, 2).Build());
  capture.Add(kStartNs, Ip(labels).Udp(1, 2).Build());
  EXPECT_EQ(Refused(MeasureFile(capture), "link_too_deep"), 2u);
}

TEST_P(BadPackets, AbsurdTimesLoseNothing) {
  const std::vector<uint8_t> packet = Ip().Udp(1, 2).Build();
  constexpr int64_t kSecond = 1'000'000'000;
  CaptureWriter capture;
  for (const int64_t seconds : {1'700'000'000L, 0L, 4'294'967'295L, 1L, 4'294'967'295L, 1'700'000'000L}) {
    capture.Add(seconds * kSecond + 999'999'999, packet);
  }
  const Json json = MeasureFile(capture);
  EXPECT_EQ(SumOf(json, "packets"), 6u);
  EXPECT_EQ(SumOf(json, "wire_octets"), 6 * packet.size());
  EXPECT_EQ(json["ts_backwards"], 3);
  EXPECT_EQ(Remarked(json, "late"), 3u);
  EXPECT_EQ(json["ledger"]["windows"], 2);
}

TEST_P(BadPackets, OptionsAndExtensionHeadersWithoutEndAreRemarked) {
  CaptureWriter capture;
  const auto add = [&](const PacketBuilder& packet) { capture.Add(kStartNs, packet.Build()); };
  if (is_v4()) {
    for (uint8_t words = 6; words < 16; ++words) {
      const auto octets = static_cast<uint8_t>(words * 4);
      add(Ip().Overwrite(0,
                         {static_cast<uint8_t>(0x40 | words), 0, 0, octets}));  // options that are not there
    }
  } else {
    PacketBuilder chain = Ip();
    for (int i = 0; i < 100; ++i) chain.DestinationOptions();
    add(chain.Udp(1, 2));
    add(Ip().HopByHop().Overwrite(1, {255}).Udp(1, 2));  // 2,048 octets of options
    add(Ip().Routing().Overwrite(1, {255}).Udp(1, 2));   // and of segments
    add(Ip().DestinationOptions().Overwrite(0, {60}));   // another one that is not there
    add(Ip().Next(0));                                   // hop-by-hop, and the packet ends
    add(Ip().Fragment(0, true).Fragment(0, true).Overwrite(0, {44}));
  }
  const Json json = MeasureFile(capture);
  EXPECT_EQ(SumOf(json, "packets"), json["frames"]);
  EXPECT_EQ(Remarked(json, "extensions_malformed"), json["frames"]);
}

// The totals of a flood do not depend on how many of its flows are remembered.
TEST_P(BadPackets, ASynFloodOverflowsTheFlowTableAndNoTotal) {
  constexpr uint32_t kFlows = 20'000;
  CaptureWriter capture;
  size_t octets = 0;
  for (uint32_t i = 0; i < kFlows; ++i) {
    const std::vector<uint8_t> packet = Ip(PacketBuilder().Ethernet(), i).Tcp(1, 80, kTcpSyn).Build();
    octets = packet.size();
    capture.Add(kStartNs + i * 1000, packet);
  }
  for (const uint32_t entries : {1u, 16u, 65'536u}) {
    SCOPED_TRACE(entries);
    const Json json = MeasureFile(capture, entries);
    EXPECT_EQ(SumOf(json, "packets"), kFlows);
    EXPECT_EQ(SumOf(json, "wire_octets"), kFlows * octets);
    EXPECT_EQ(SumOf(json, "ip_octets"), kFlows * (header_octets() + 20));
    EXPECT_EQ(SumOf(json, "new_flows"), kFlows);
    EXPECT_EQ(json["syn_only_exact"], kFlows);
    if (entries == 65'536u) {
      EXPECT_EQ(json["ledger"]["flows_evicted"], 0);
    } else {
      EXPECT_GE(json["ledger"]["flows_evicted"], kFlows - 16);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Over, BadPackets, ::testing::Values(4, 6),
                         [](const auto& version) { return "Ipv" + std::to_string(version.param); });

}  // namespace
}  // namespace kansoku::collector
