// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/estimate.h"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace kansoku {
namespace {

using google::protobuf::util::MessageDifferencer;

template <typename Message>
Message Text(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

constexpr uint64_t kMax64 = std::numeric_limits<uint64_t>::max();

TEST(Wide, KeepsAll128Bits) {
  const absl::uint128 number = absl::MakeUint128(0x0123456789abcdef, 0xfedcba9876543210);
  EXPECT_EQ(ToWide(number).high(), 0x0123456789abcdef);
  EXPECT_EQ(ToWide(number).low(), 0xfedcba9876543210);
  EXPECT_EQ(ToUint128(ToWide(number)), number);
  EXPECT_EQ(ToUint128({}), 0);
}

TEST(StandardError, IsTheRootOfTheVariance) {
  EXPECT_DOUBLE_EQ(StandardError(Text<v1::Wide>("low: 144")), 12.0);
  EXPECT_DOUBLE_EQ(StandardError(Text<v1::Wide>("high: 4")), 0x1p33);
  EXPECT_DOUBLE_EQ(StandardError({}), 0.0);
}

// Two frames of 100 and 1500 octets, 86 and 1486 of IP, the second merged from two: taken at one in ten.
TEST(EstimateFrom, ScalesTotalsAndStatesTheirVariance) {
  SampleSums sums;
  sums.packets.Add(1);
  sums.packets.Add(2);
  sums.wire_octets.Add(100);
  sums.wire_octets.Add(1500);
  sums.ip_octets.Add(86);
  sums.ip_octets.Add(1486);
  EXPECT_TRUE(MessageDifferencer::Equals(EstimateFrom(sums, 10), Text<v1::SampledEstimate>(R"(
      packets: 30 wire_octets: 16000 ip_octets: 15720
      packets_variance { low: 450 } wire_octets_variance { low: 203400000 }
      ip_octets_variance { low: 199403280 })")))
      << EstimateFrom(sums, 10).DebugString();
}

TEST(EstimateFrom, OfEveryPacketIsCertain) {
  SampleSums sums;
  sums.packets.Add(1);
  sums.wire_octets.Add(60);
  sums.ip_octets.Add(46);
  const v1::SampledEstimate estimate = EstimateFrom(sums, 1);
  EXPECT_EQ(estimate.packets(), 1);
  EXPECT_EQ(estimate.wire_octets(), 60);
  EXPECT_EQ(estimate.ip_octets(), 46);
  EXPECT_EQ(ToUint128(estimate.wire_octets_variance()), 0);
}

TEST(EstimateFrom, CarriesSquaresBeyond64Bits) {
  SampleSums sums;
  sums.ip_octets.Add(0xffffffff);
  sums.ip_octets.Add(0xffffffff);
  // 2 * (2^32 - 1)^2 * 1000 * 999
  EXPECT_EQ(ToUint128(EstimateFrom(sums, 1000).ip_octets_variance()),
            absl::uint128(0xfffffffe00000001) * 1'998'000);
}

TEST(EstimateMerge, AddsTotalsAndVariancesWithCarry) {
  v1::SampledEstimate into = Text<v1::SampledEstimate>(R"(packets: 1 wire_octets: 2 ip_octets: 3
      packets_variance { low: 18446744073709551615 } wire_octets_variance { high: 1 low: 1 })");
  Merge(Text<v1::SampledEstimate>(R"(packets: 10 wire_octets: 20 ip_octets: 30
      packets_variance { low: 2 } wire_octets_variance { high: 2 low: 2 } ip_octets_variance { low: 7 })"),
        into);
  EXPECT_TRUE(
      MessageDifferencer::Equals(into, Text<v1::SampledEstimate>(R"(packets: 11 wire_octets: 22 ip_octets: 33
      packets_variance { high: 1 low: 1 } wire_octets_variance { high: 3 low: 3 }
      ip_octets_variance { low: 7 })")))
      << into.DebugString();
}

TEST(EstimateMerge, AddsModulo2To128) {
  v1::SampledEstimate into;
  *into.mutable_packets_variance() = ToWide(absl::MakeUint128(kMax64, kMax64));
  Merge(Text<v1::SampledEstimate>("packets_variance { low: 3 }"), into);
  EXPECT_EQ(ToUint128(into.packets_variance()), 2);
}

TEST(Estimated, IsTheEstimateElseWhatWasCounted) {
  v1::Cell cell = Text<v1::Cell>("packets: 1 wire_octets: 2 ip_octets: 3");
  EXPECT_EQ(EstimatedPackets(cell), 1);
  EXPECT_EQ(EstimatedWireOctets(cell), 2);
  EXPECT_EQ(EstimatedIpOctets(cell), 3);
  EXPECT_TRUE(MessageDifferencer::Equals(
      EstimateOf(cell), Text<v1::SampledEstimate>("packets: 1 wire_octets: 2 ip_octets: 3")));
  *cell.mutable_estimate() =
      Text<v1::SampledEstimate>("packets: 10 wire_octets: 20 ip_octets: 30 packets_variance { low: 90 }");
  EXPECT_EQ(EstimatedPackets(cell), 10);
  EXPECT_EQ(EstimatedWireOctets(cell), 20);
  EXPECT_EQ(EstimatedIpOctets(cell), 30);
  EXPECT_TRUE(MessageDifferencer::Equals(EstimateOf(cell), cell.estimate()));
}

}  // namespace
}  // namespace kansoku
