// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/pcapng_reader.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/collector/capture/reading.h"
#include "tests/testing/packet_builder.h"
#include "tests/testing/pcapng_writer.h"

namespace kansoku::collector {
namespace {

using testing::PacketBuilder;
using testing::PcapngWriter;
using ByteOrder = PcapngWriter::ByteOrder;

constexpr uint64_t kMicroseconds = 1'700'000'000'123'456;
constexpr int64_t kTime = int64_t{kMicroseconds} * 1000;

class PcapngReaderTest : public ::testing::TestWithParam<ByteOrder> {
 protected:
  static PcapngWriter Writer() { return PcapngWriter(GetParam()); }

  // Times of one packet at so many ticks of a clock.
  static int64_t TimeOf(uint64_t ticks, const std::vector<PcapngWriter::Option>& options) {
    const Reading reading = ReadGuarded(Writer().Interface(1, 0, options).Enhanced(0, ticks, {}).bytes());
    EXPECT_TRUE(reading.status.ok()) << reading.status;
    return reading.packets.size() == 1 ? reading.packets[0].captured_unix_ns : 0;
  }

  static std::string DamageOf(const PcapngWriter& writer) {
    const absl::Status status = ReadGuarded(writer.bytes()).status;
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    const std::string message(status.message());
    const size_t begin = message.find('(') + 1;
    return message.substr(begin, message.find(')') - begin);
  }

  const std::vector<uint8_t> v4_ =
      PacketBuilder().Ipv4("192.0.2.1", "198.51.100.2").Udp(1, 2).Payload(101).Build();
  const std::vector<uint8_t> v6_ =
      PacketBuilder().Ipv6("2001:db8::1", "2001:db8::2").Udp(1, 2).Payload(33).Build();
  const uint32_t v4_octets_ = static_cast<uint32_t>(v4_.size());
  const uint32_t v6_octets_ = static_cast<uint32_t>(v6_.size());
};

INSTANTIATE_TEST_SUITE_P(ByteOrders, PcapngReaderTest, ::testing::Values(ByteOrder::kLittle, ByteOrder::kBig),
                         [](const auto& of) { return of.param == ByteOrder::kLittle ? "Little" : "Big"; });

TEST_P(PcapngReaderTest, ReadsEveryKindOfPacketBlock) {
  const Reading reading = ReadGuarded(Writer()
                                          .Interface(101)
                                          .Enhanced(0, kMicroseconds, v4_, 1500)
                                          .Obsolete(0, kMicroseconds + 1, v6_)
                                          .Simple(v4_)
                                          .bytes());
  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.packets,
            (std::vector<ReadPacket>{{v4_, 1500, LinkType::kRawIp, Side::kUnknown, kTime},
                                     {v6_, v6_octets_, LinkType::kRawIp, Side::kUnknown, kTime + 1000},
                                     {v4_, v4_octets_, LinkType::kRawIp, Side::kUnknown, 0}}));
}

TEST_P(PcapngReaderTest, GivesEachPacketTheLinkTypeAndClockOfItsInterface) {
  const PcapngWriter form = Writer();
  const Reading reading = ReadGuarded(Writer()
                                          .Interface(1)
                                          .Interface(101, 0, {form.Resolution(9)})
                                          .Enhanced(1, kMicroseconds * 1000 + 7, v6_)
                                          .Interface(147)  // of no link type that is read
                                          .Enhanced(2, kMicroseconds, v4_)
                                          .Enhanced(0, kMicroseconds, v4_)
                                          .bytes());
  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.packets,
            (std::vector<ReadPacket>{{v6_, v6_octets_, LinkType::kRawIp, Side::kUnknown, kTime + 7},
                                     {v4_, v4_octets_, LinkType::kUnsupported, Side::kUnknown, kTime},
                                     {v4_, v4_octets_, LinkType::kEthernet, Side::kUnknown, kTime}}));
}

TEST_P(PcapngReaderTest, ReadsSectionsInBothByteOrders) {
  const ByteOrder other = GetParam() == ByteOrder::kLittle ? ByteOrder::kBig : ByteOrder::kLittle;
  const Reading reading = ReadGuarded(Writer()
                                          .Interface(1)
                                          .Enhanced(0, kMicroseconds, v4_)
                                          .Section(other)
                                          .Interface(101)
                                          .Enhanced(0, kMicroseconds, v6_)
                                          .bytes());
  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.packets,
            (std::vector<ReadPacket>{{v4_, v4_octets_, LinkType::kEthernet, Side::kUnknown, kTime},
                                     {v6_, v6_octets_, LinkType::kRawIp, Side::kUnknown, kTime}}));
}

TEST_P(PcapngReaderTest, ForgetsTheInterfacesOfTheSectionBefore) {
  EXPECT_EQ(DamageOf(Writer().Interface(1).Section(GetParam()).Enhanced(0, kMicroseconds, v4_)),
            "a packet is of interface 0 of 0, counted from 0");
}

TEST_P(PcapngReaderTest, PassesOverOtherBlocks) {
  const Reading reading = ReadGuarded(Writer()
                                          .Block(4, "names")
                                          .Interface(101)
                                          .Block(0x8000'0001, "")
                                          .Enhanced(0, kMicroseconds, v4_)
                                          .Block(5, std::string(5000, 's'))
                                          .bytes());
  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.packets.size(), 1u);
}

TEST_P(PcapngReaderTest, ConvertsEveryResolutionOfTheClock) {
  const PcapngWriter form = Writer();
  EXPECT_EQ(TimeOf(1'700'000'000, {form.Resolution(0)}), 1'700'000'000'000'000'000);
  EXPECT_EQ(TimeOf(1'700'000'000'123, {form.Resolution(3)}), 1'700'000'000'123'000'000);
  EXPECT_EQ(TimeOf(kMicroseconds, {}), kTime);
  EXPECT_EQ(TimeOf(1'700'000'000'123'456'789, {form.Resolution(9)}), 1'700'000'000'123'456'789);
  // Finer than a nanosecond: what is left over is cut off.
  EXPECT_EQ(TimeOf(17'000'000'001'234'567'899u, {form.Resolution(10)}), 1'700'000'000'123'456'789);
  EXPECT_EQ(TimeOf(15'999'999'999'999'999'999u, {form.Resolution(19)}), 1'599'999'999);
  EXPECT_EQ(TimeOf(3 * 1024 + 512, {form.Resolution(0x80 + 10)}), 3'500'000'000);
  EXPECT_EQ(TimeOf((uint64_t{1'700'000'000} << 32) + (1u << 30), {form.Resolution(0x80 + 32)}),
            1'700'000'000'250'000'000);
  EXPECT_EQ(TimeOf(uint64_t{1} << 62, {form.Resolution(0x80 + 63)}), 500'000'000);
}

TEST_P(PcapngReaderTest, AddsTheOffsetOfTheClock) {
  const PcapngWriter form = Writer();
  EXPECT_EQ(TimeOf(5'000'001, {form.Offset(1'700'000'000)}), 1'700'000'005'000'001'000);
  EXPECT_EQ(TimeOf(5'000'001, {form.Offset(-7)}), -1'999'999'000);
  EXPECT_EQ(TimeOf(3 << 5, {form.Resolution(0x80 + 5), form.Offset(-1)}), 2'000'000'000);
}

TEST_P(PcapngReaderTest, TakesTheNearestTimeForOneThatDoesNotFit) {
  const PcapngWriter form = Writer();
  constexpr int64_t kLast = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(TimeOf(~uint64_t{0}, {form.Resolution(0)}), kLast);
  EXPECT_EQ(TimeOf(~uint64_t{0}, {}), kLast);
  EXPECT_EQ(TimeOf(~uint64_t{0}, {form.Resolution(9)}), kLast);
  EXPECT_EQ(TimeOf(1, {form.Offset(kLast)}), kLast);
  EXPECT_EQ(TimeOf(1, {form.Offset(std::numeric_limits<int64_t>::min())}),
            std::numeric_limits<int64_t>::min());
}

TEST_P(PcapngReaderTest, KnowsOnWhichSideAPacketWasSeen) {
  const PcapngWriter form = Writer();
  const Reading reading =
      ReadGuarded(Writer()
                      .Interface(101)
                      .Enhanced(0, kMicroseconds, v4_, 0, {form.Flags(1)})
                      .Enhanced(0, kMicroseconds, v6_, 0, {{1, "a comment"}, form.Flags(0xffff'fffe)})
                      .Obsolete(0, kMicroseconds, v6_, 0, {form.Flags(2)})
                      .Enhanced(0, kMicroseconds, v4_, 0, {form.Flags(0)})
                      .Enhanced(0, kMicroseconds, v4_, 0, {{2, "too long"}})
                      .bytes());
  ASSERT_EQ(reading.packets.size(), 5u);
  const Side sides[] = {Side::kReceived, Side::kSent, Side::kSent, Side::kUnknown, Side::kUnknown};
  for (size_t i = 0; i < 5; ++i) EXPECT_EQ(reading.packets[i].side, sides[i]) << i;
}

TEST_P(PcapngReaderTest, ReadsAPacketWhoseOptionsAreDamaged) {
  PcapngWriter writer = Writer();
  writer.Interface(101).Enhanced(0, kMicroseconds, v4_, 0, {writer.Flags(1)});
  std::string file = writer.bytes();
  // Option length 4, in front of its value, the end of the options, and the length of the block.
  const size_t at = file.size() - 4 - 4 - 4 - 2;
  file[at] = file[at + 1] = '\x7f';
  const Reading reading = ReadGuarded(file);
  EXPECT_EQ(reading.packets,
            (std::vector<ReadPacket>{{v4_, v4_octets_, LinkType::kRawIp, Side::kUnknown, kTime}}));
}

TEST_P(PcapngReaderTest, CutsSimplePacketsAtTheSnapLengthOfTheFirstInterface) {
  const std::vector<uint8_t> cut(v4_.begin(), v4_.begin() + 40);
  const Reading reading =
      ReadGuarded(Writer().Interface(101, 40).Interface(1, 7).Simple(cut, v4_octets_).bytes());
  EXPECT_EQ(reading.packets,
            (std::vector<ReadPacket>{{cut, v4_octets_, LinkType::kRawIp, Side::kUnknown, 0}}));
}

TEST_P(PcapngReaderTest, SaysWhatIsDamaged) {
  const std::string room = std::to_string(v4_octets_ + 3);  // with its padding
  EXPECT_EQ(DamageOf(Writer().Simple(v4_)), "a packet comes before any interface");
  EXPECT_EQ(DamageOf(Writer().Interface(1).Simple(v4_, 5000)),
            "a packet of 5000 octets has room for " + room);
  EXPECT_EQ(DamageOf(Writer().Interface(1).Block(6, "short")), "a packet of 20 octets has room for 8");
  EXPECT_EQ(DamageOf(Writer().Block(1, "x")), "an interface description is too short");
  EXPECT_EQ(DamageOf(Writer().Block(1, std::string(8, '\0') + "\1\1\1\1")),
            "the options of an interface description are cut off");
  const PcapngWriter form = Writer();
  EXPECT_EQ(DamageOf(Writer().Interface(1, 0, {form.Resolution(20)})),
            "the resolution of an interface's clock, 20, is too fine");
  EXPECT_EQ(DamageOf(Writer().Interface(1, 0, {form.Resolution(0x80 + 64)})),
            "the resolution of an interface's clock, 192, is too fine");
  EXPECT_EQ(DamageOf(Writer().Block(0x0a0d0d0a, "its byte order")), "a section does not tell its byte order");
}

TEST_P(PcapngReaderTest, BoundsTheInterfacesOfASection) {
  PcapngWriter writer = Writer();
  for (int i = 0; i < 65'536; ++i) writer.Interface(1);
  EXPECT_TRUE(ReadGuarded(writer.bytes()).status.ok());
  EXPECT_EQ(DamageOf(writer.Interface(1)), "more than 65536 interfaces in one section");
}

TEST_P(PcapngReaderTest, DeliversEverythingBeforeTheDamage) {
  const std::string first = Writer().Interface(101).Enhanced(0, kMicroseconds, v4_).bytes();
  const std::string whole =
      Writer().Interface(101).Enhanced(0, kMicroseconds, v4_).Enhanced(0, kMicroseconds, v6_).bytes();
  for (size_t size = first.size() + 1; size < whole.size(); ++size) {
    const Reading reading = ReadGuarded(whole.substr(0, size));
    EXPECT_EQ(reading.packets.size(), 1u);
    EXPECT_EQ(reading.status.code(), absl::StatusCode::kDataLoss);
    EXPECT_NE(reading.status.message().find("behind packet 1, from octet " + std::to_string(first.size())),
              absl::string_view::npos)
        << reading.status;
  }
  std::string contradicting = whole;
  contradicting[whole.size() - (GetParam() == ByteOrder::kLittle ? 4 : 1)] ^= 4;
  EXPECT_EQ(ReadGuarded(contradicting).packets.size(), 1u);
  EXPECT_NE(ReadGuarded(contradicting).status.message().find("at its end"), absl::string_view::npos);
}

TEST_P(PcapngReaderTest, RefusesWhatDoesNotBeginWithASection) {
  std::string version = Writer().bytes();
  version[GetParam() == ByteOrder::kLittle ? 12 : 13] = 2;
  for (const std::string& file : {version, version.substr(0, 27), Writer().Interface(1).bytes().substr(28)}) {
    EXPECT_EQ(ReadGuarded(file).status.code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_NE(ReadGuarded(version).status.message().find("version 2.0"), absl::string_view::npos);
}

}  // namespace
}  // namespace kansoku::collector
