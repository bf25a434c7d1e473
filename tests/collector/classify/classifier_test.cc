// SPDX-License-Identifier: Apache-2.0
#include "collector/classify/classifier.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/collector/classify/addresses.h"
#include "tests/collector/classify/planning.h"

namespace kansoku::collector {
namespace {

constexpr int64_t kDarkFrom = 1'730'419'200'000'000'000;  // 2024-11-01T00:00:00Z

constexpr char kPlan[] = R"(subscribers:
  - {prefix: 192.0.2.0/25, access: fixed, technology: ftth}
  - {prefix: 192.0.2.128/25, access: mobile, technology: nr}
  - {prefix: "2001:db8:1::/48", access: fixed, technology: ftth}
  - {prefix: "2001:db8:2::/48", access: mobile, technology: nr}
telescopes:
  - {sensor: west, prefix: 203.0.113.0/24, valid_from: "2024-11-01T00:00:00Z"}
  - {sensor: west, prefix: "2001:db8:dead::/48", valid_from: "2024-11-01T00:00:00Z"}
  - {sensor: east, prefix: 203.0.112.0/24}
)";

// Ends of a conversation, the same in both families.
enum End { kFixed, kMobile, kOther, kDark };
IpAddress AddressAt(uint8_t ip_version, End end) {
  static const std::map<std::pair<int, End>, const char*> kAddresses = {
      {{4, kFixed}, "192.0.2.1"},        {{4, kMobile}, "192.0.2.129"},   {{4, kOther}, "198.51.100.1"},
      {{4, kDark}, "203.0.113.1"},       {{6, kFixed}, "2001:db8:1::1"},  {{6, kMobile}, "2001:db8:2::1"},
      {{6, kOther}, "2001:db8:ffff::1"}, {{6, kDark}, "2001:db8:dead::1"}};
  return AddressOf(kAddresses.at({ip_version, end}));
}

class ClassifierOfFamily : public ::testing::TestWithParam<uint8_t> {
 protected:
  ClassifierOfFamily() : plan_(CompilePlan(kPlan).value()) { link_.set_group(v1::GROUP_A1); }

  DecodedPacket Packet(End from, End to, Side side = Side::kUnknown) const {
    return {.source = AddressAt(GetParam(), from),
            .destination = AddressAt(GetParam(), to),
            .captured_unix_ns = kDarkFrom,
            .ip_version = GetParam(),
            .protocol = kProtocolTcp,
            .tcp_flags = kTcpSyn,
            .has_tcp_flags = true,
            .side = side};
  }
  TrafficClass Expected(v1::Direction direction, v1::Access access, v1::Technology technology) const {
    return TrafficClass()
        .Set(v1::GROUP_A1)
        .Set(access)
        .Set(technology)
        .Set(direction)
        .Set(GetParam() == 4 ? v1::FAMILY_IPV4 : v1::FAMILY_IPV6)
        .Set(v1::CARRIER_NATIVE)
        .Set(v1::TRANSPORT_TCP);
  }
  void ExpectClass(const DecodedPacket& packet, v1::Direction direction, v1::Access access,
                   v1::Technology technology) const {
    const Classifier classifier(plan_, link_);
    EXPECT_EQ(classifier.SensorOf(packet), Classifier::kNoSensor);
    const TrafficClass result = classifier.TrafficClassOf(packet);
    EXPECT_EQ(result, Expected(direction, access, technology)) << result.ToMessage().ShortDebugString();
  }

  std::shared_ptr<const AddressPlan> plan_;
  v1::LinkConfig link_;
};

TEST_P(ClassifierOfFamily, WithoutSideThePrefixesDecide) {
  link_.set_access(v1::ACCESS_MOBILE);  // speaks of links with a side only
  ExpectClass(Packet(kOther, kFixed), v1::DIRECTION_DOWNLOAD, v1::ACCESS_FIXED, v1::TECHNOLOGY_FTTH);
  ExpectClass(Packet(kOther, kMobile), v1::DIRECTION_DOWNLOAD, v1::ACCESS_MOBILE, v1::TECHNOLOGY_NR);
  ExpectClass(Packet(kFixed, kOther), v1::DIRECTION_UPLOAD, v1::ACCESS_FIXED, v1::TECHNOLOGY_FTTH);
  ExpectClass(Packet(kMobile, kOther), v1::DIRECTION_UPLOAD, v1::ACCESS_MOBILE, v1::TECHNOLOGY_NR);
  ExpectClass(Packet(kFixed, kMobile), v1::DIRECTION_INTERNAL, v1::ACCESS_MOBILE, v1::TECHNOLOGY_NR);
  ExpectClass(Packet(kMobile, kFixed), v1::DIRECTION_INTERNAL, v1::ACCESS_FIXED, v1::TECHNOLOGY_FTTH);
  ExpectClass(Packet(kOther, kOther), v1::DIRECTION_TRANSIT, v1::ACCESS_NONE, v1::TECHNOLOGY_NONE);
}

TEST_P(ClassifierOfFamily, WithASideTheLinkDecides) {
  link_.mutable_side()->set_received(v1::DIRECTION_DOWNLOAD);
  link_.mutable_side()->set_sent(v1::DIRECTION_UPLOAD);
  link_.set_access(v1::ACCESS_MOBILE);
  for (const Side received : {Side::kReceived, Side::kUnknown}) {
    ExpectClass(Packet(kOther, kFixed, received), v1::DIRECTION_DOWNLOAD, v1::ACCESS_FIXED,
                v1::TECHNOLOGY_FTTH);
    ExpectClass(Packet(kFixed, kOther, received), v1::DIRECTION_DOWNLOAD, v1::ACCESS_MOBILE,
                v1::TECHNOLOGY_NONE);
    ExpectClass(Packet(kFixed, kMobile, received), v1::DIRECTION_DOWNLOAD, v1::ACCESS_MOBILE,
                v1::TECHNOLOGY_NR);
  }
  ExpectClass(Packet(kFixed, kOther, Side::kSent), v1::DIRECTION_UPLOAD, v1::ACCESS_FIXED,
              v1::TECHNOLOGY_FTTH);
  ExpectClass(Packet(kOther, kFixed, Side::kSent), v1::DIRECTION_UPLOAD, v1::ACCESS_MOBILE,
              v1::TECHNOLOGY_NONE);
  ExpectClass(Packet(kOther, kOther, Side::kSent), v1::DIRECTION_UPLOAD, v1::ACCESS_MOBILE,
              v1::TECHNOLOGY_NONE);
}

TEST_P(ClassifierOfFamily, SentWithoutADirectionIsTransit) {
  link_.mutable_side()->set_received(v1::DIRECTION_UPLOAD);
  link_.set_access(v1::ACCESS_FIXED);
  ExpectClass(Packet(kFixed, kOther, Side::kReceived), v1::DIRECTION_UPLOAD, v1::ACCESS_FIXED,
              v1::TECHNOLOGY_FTTH);
  ExpectClass(Packet(kOther, kFixed, Side::kSent), v1::DIRECTION_TRANSIT, v1::ACCESS_NONE,
              v1::TECHNOLOGY_NONE);
}

TEST_P(ClassifierOfFamily, TheTelescopeComesBeforeTheSide) {
  link_.mutable_side()->set_received(v1::DIRECTION_DOWNLOAD);
  EXPECT_EQ(Classifier(plan_, link_).SensorOf(Packet(kOther, kDark, Side::kReceived)), 1);
  EXPECT_EQ(plan_->sensors()[1], "west");
}

TEST_P(ClassifierOfFamily, OneDarkAddressToAnotherIsDark) {
  EXPECT_EQ(Classifier(plan_, link_).SensorOf(Packet(kDark, kDark)), 1);
}

TEST_P(ClassifierOfFamily, ASubscriberAtADarkAddressIsTraffic) {
  const Classifier classifier(plan_, link_);
  DecodedPacket packet = Packet(kFixed, kDark);
  EXPECT_EQ(classifier.SensorOf(packet), Classifier::kFromSubscriber);
  EXPECT_EQ(classifier.TrafficClassOf(packet),
            Expected(v1::DIRECTION_UPLOAD, v1::ACCESS_FIXED, v1::TECHNOLOGY_FTTH));
  packet.captured_unix_ns = kDarkFrom - 1;
  EXPECT_EQ(classifier.SensorOf(packet), Classifier::kNoSensor);
}

TEST_P(ClassifierOfFamily, OnlyTheSideTellsWhereASubscribersPacketCameFrom) {
  EXPECT_TRUE(Classifier(plan_, link_).IsUpload(Packet(kFixed, kDark)));
  link_.mutable_side()->set_received(v1::DIRECTION_DOWNLOAD);
  EXPECT_FALSE(Classifier(plan_, link_).IsUpload(Packet(kFixed, kDark, Side::kSent)));
  link_.mutable_side()->set_sent(v1::DIRECTION_UPLOAD);
  EXPECT_TRUE(Classifier(plan_, link_).IsUpload(Packet(kFixed, kDark, Side::kSent)));
  EXPECT_FALSE(Classifier(plan_, link_).IsUpload(Packet(kFixed, kDark, Side::kReceived)));
  EXPECT_FALSE(Classifier(plan_, link_).IsUpload(Packet(kFixed, kDark, Side::kUnknown)));
}

TEST_P(ClassifierOfFamily, WhatADarkAddressSendsIsTraffic) {
  ExpectClass(Packet(kDark, kOther), v1::DIRECTION_TRANSIT, v1::ACCESS_NONE, v1::TECHNOLOGY_NONE);
  ExpectClass(Packet(kDark, kFixed), v1::DIRECTION_DOWNLOAD, v1::ACCESS_FIXED, v1::TECHNOLOGY_FTTH);
}

TEST_P(ClassifierOfFamily, BeforeItsValidityAnAddressIsNotDark) {
  DecodedPacket packet = Packet(kOther, kDark);
  packet.captured_unix_ns = kDarkFrom - 1;
  ExpectClass(packet, v1::DIRECTION_TRANSIT, v1::ACCESS_NONE, v1::TECHNOLOGY_NONE);
}

TEST_P(ClassifierOfFamily, NamesCarrierAndTransport) {
  const Classifier classifier(plan_, link_);
  const auto classify = [&](Encapsulation encapsulation, uint8_t protocol) {
    DecodedPacket packet = Packet(kOther, kFixed);
    packet.encapsulation = encapsulation;
    packet.protocol = protocol;
    return classifier.TrafficClassOf(packet).ToMessage();
  };
  EXPECT_EQ(classify(Encapsulation::kNative, kProtocolTcp).carrier(), v1::CARRIER_NATIVE);
  EXPECT_EQ(classify(Encapsulation::kPppoe, kProtocolTcp).carrier(), v1::CARRIER_PPPOE);
  EXPECT_EQ(classify(Encapsulation::kMpls, kProtocolTcp).carrier(), v1::CARRIER_MPLS);
  const bool ipv4 = GetParam() == 4;
  for (int protocol = 0; protocol < 256; ++protocol) {
    const v1::Transport expected = protocol == 6                 ? v1::TRANSPORT_TCP
                                   : protocol == 17              ? v1::TRANSPORT_UDP
                                   : protocol == 132             ? v1::TRANSPORT_SCTP
                                   : protocol == (ipv4 ? 1 : 58) ? v1::TRANSPORT_ICMP
                                                                 : v1::TRANSPORT_OTHER;
    EXPECT_EQ(classify(Encapsulation::kNative, static_cast<uint8_t>(protocol)).transport(), expected)
        << protocol;
  }
}

TEST_P(ClassifierOfFamily, NamesWhatIsSealed) {
  const Classifier classifier(plan_, link_);
  DecodedPacket packet = Packet(kOther, kFixed);
  packet.sealed = Sealed::kEsp;
  EXPECT_EQ(classifier.TrafficClassOf(packet).ToMessage().transport(), v1::TRANSPORT_ESP);
  packet.sealed = Sealed::kWireguard;
  EXPECT_EQ(classifier.TrafficClassOf(packet).ToMessage().transport(), v1::TRANSPORT_WIREGUARD);
}

TEST_P(ClassifierOfFamily, NamesEveryTunnel) {
  const Classifier classifier(plan_, link_);
  for (int i = 0; i <= static_cast<int>(Encapsulation::kSrv6); ++i) {
    DecodedPacket packet = Packet(kOther, kFixed);
    packet.encapsulation = static_cast<Encapsulation>(i);
    EXPECT_EQ(classifier.TrafficClassOf(packet).ToMessage().carrier(), v1::CARRIER_NATIVE + i);
  }
}

TEST_P(ClassifierOfFamily, WhatIsDarkDependsOnTheTimeAlone) {
  const Classifier classifier(plan_, link_);
  DecodedPacket packet = Packet(kOther, kDark);
  EXPECT_EQ(classifier.SensorOf(packet), 1);
  packet.captured_unix_ns = kDarkFrom - 1;
  EXPECT_EQ(classifier.SensorOf(packet), Classifier::kNoSensor);
  EXPECT_EQ(classifier.TrafficClassOf(packet),
            Expected(v1::DIRECTION_TRANSIT, v1::ACCESS_NONE, v1::TECHNOLOGY_NONE));
}

// RFC 6052 and RFC 7599: by either end, and only where no tunnel carries the packet.
TEST(Classifier, NamesTranslatedPackets) {
  const Classifier classifier(CompilePlan(R"(tunnels:
  mapt_prefixes: ["2001:db8:9::/48"]
)")
                                  .value(),
                              v1::LinkConfig());
  const auto carrier = [&](const char* source, const char* destination, Encapsulation encapsulation) {
    const DecodedPacket packet{.source = AddressOf(source),
                               .destination = AddressOf(destination),
                               .ip_version = 6,
                               .encapsulation = encapsulation};
    return classifier.TrafficClassOf(packet).ToMessage().carrier();
  };
  const char* other = "2001:db8::1";
  EXPECT_EQ(carrier(other, "64:ff9b::c000:201", Encapsulation::kNative), v1::CARRIER_NAT64);
  EXPECT_EQ(carrier("64:ff9b::c000:201", other, Encapsulation::kNative), v1::CARRIER_NAT64);
  EXPECT_EQ(carrier("2001:db8:9::1", other, Encapsulation::kNative), v1::CARRIER_MAPT);
  EXPECT_EQ(carrier("64:ff9b::c000:201", other, Encapsulation::kGtpu), v1::CARRIER_GTPU);
  EXPECT_EQ(carrier(other, other, Encapsulation::kNative), v1::CARRIER_NATIVE);
}

TEST(Classifier, MappedAddressesInIpv6PacketsAreNobodys) {
  const Classifier classifier(CompilePlan(kPlan).value(), v1::LinkConfig());
  const DecodedPacket packet{
      .source = AddressAt(4, kOther), .destination = AddressAt(4, kDark), .ip_version = 6};
  EXPECT_EQ(classifier.SensorOf(packet), Classifier::kNoSensor);
  const DecodedPacket to_subscriber{
      .source = AddressAt(4, kOther), .destination = AddressAt(4, kFixed), .ip_version = 6};
  EXPECT_EQ(classifier.TrafficClassOf(to_subscriber).ToMessage().direction(), v1::DIRECTION_TRANSIT);
}

INSTANTIATE_TEST_SUITE_P(Families, ClassifierOfFamily, ::testing::Values(uint8_t{4}, uint8_t{6}),
                         [](const auto& version) { return "Ipv" + std::to_string(version.param); });

}  // namespace
}  // namespace kansoku::collector
