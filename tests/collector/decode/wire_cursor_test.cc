// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/wire_cursor.h"

#include <gtest/gtest.h>

#include <array>

namespace kansoku::collector {
namespace {

constexpr std::array<uint8_t, 10> kOctets = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc};

TEST(WireCursor, ReadsFieldsInNetworkByteOrder) {
  WireCursor in(kOctets, kOctets.size());
  const auto header = in.Take<9>();
  ASSERT_TRUE(header);
  EXPECT_EQ(Big8<8>(*header), 0xfe);
  EXPECT_EQ(Big16<1>(*header), 0x2345);
  EXPECT_EQ(Big32<2>(*header), 0x456789abu);
  EXPECT_EQ(Big64<0>(*header), 0x0123456789abcdefu);
  EXPECT_EQ(in.on_wire(), 1u);
}

TEST(WireCursor, StaysWhereItIsWhenOctetsAreMissing) {
  WireCursor in(kOctets, 100);
  EXPECT_FALSE(in.Take<11>());
  EXPECT_FALSE(in.Skip(11));
  EXPECT_EQ(in.on_wire(), 100u);
  EXPECT_TRUE(in.Take<10>());
  EXPECT_EQ(in.on_wire(), 90u);
}

TEST(WireCursor, EndsInsideTheCapturedOctets) {
  WireCursor in(kOctets, 100);
  in.EndAfter(4);
  EXPECT_EQ(in.on_wire(), 4u);
  EXPECT_FALSE(in.Peek<5>());
  EXPECT_TRUE(in.Peek<4>());
}

TEST(WireCursor, EndsBehindTheCapturedOctets) {
  WireCursor in(kOctets, 100);
  in.EndAfter(20);
  EXPECT_EQ(in.on_wire(), 20u);
  EXPECT_TRUE(in.Peek<10>());
}

TEST(WireCursor, CannotEndBehindTheFrame) {
  WireCursor in(kOctets, 12);
  in.EndAfter(1000);
  EXPECT_EQ(in.on_wire(), 12u);
}

TEST(WireCursor, BelievesTheCaptureIfItHoldsMoreThanTheWire) {
  const WireCursor in(kOctets, 3);
  EXPECT_EQ(in.on_wire(), 10u);
}

}  // namespace
}  // namespace kansoku::collector
