// SPDX-License-Identifier: Apache-2.0
//
// Properties of damaged captures. What is read ends where a page without access begins, so that one octet too
// many ends the test.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "collector/capture/pcap_file_source.h"
#include "tests/collector/capture/reading.h"
#include "tests/testing/packet_builder.h"
#include "tests/testing/pcapng_writer.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::collector {
namespace {

using testing::CaptureFormat;
using testing::CaptureWriter;
using testing::PacketBuilder;
using testing::PcapngWriter;

constexpr int64_t kTime = 1'700'000'000'123'456'789;

// Some of each variant, with packets of both families and of several lengths.
std::vector<std::string> PcapFiles() {
  const auto v4 = PacketBuilder().Ethernet().Ipv4("192.0.2.1", "198.51.100.2").Udp(1, 2).Payload(21).Build();
  const auto v6 = PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Udp(1, 2).Build();
  std::vector<std::string> files;
  for (const auto byte_order : {CaptureFormat::ByteOrder::kLittle, CaptureFormat::ByteOrder::kBig}) {
    for (const uint16_t version_minor : std::initializer_list<uint16_t>{2, 3, 4}) {
      for (const bool patched : {false, true}) {
        files.push_back(
            CaptureWriter({.byte_order = byte_order, .version_minor = version_minor, .patched = patched})
                .Add(kTime, v4)
                .Add(kTime, v6, 1500)
                .Add(kTime, {})
                .Add(kTime, v4)
                .bytes());
      }
    }
  }
  return files;
}

std::vector<std::string> PcapngFiles() {
  const auto v4 = PacketBuilder().Ethernet().Ipv4("192.0.2.1", "198.51.100.2").Udp(1, 2).Payload(21).Build();
  const auto v6 = PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Udp(1, 2).Build();
  std::vector<std::string> files;
  for (const auto byte_order : {CaptureFormat::ByteOrder::kLittle, CaptureFormat::ByteOrder::kBig}) {
    PcapngWriter writer(byte_order);
    files.push_back(writer.Interface(1, 65'535, {writer.Resolution(9), writer.Offset(1)})
                        .Enhanced(0, kTime, v4, 0, {{1, "comment"}, writer.Flags(2)})
                        .Block(5, "statistics")
                        .Simple(v6)
                        .Obsolete(0, kTime, v4, 1500, {writer.Flags(1)})
                        .Interface(1, 65'535)
                        .Enhanced(1, kTime / 1000, {})
                        .Section(byte_order)
                        .Interface(1, 65'535)
                        .Enhanced(0, kTime / 1000, v6)
                        .bytes());
  }
  return files;
}

std::vector<std::string> AllFiles() {
  std::vector<std::string> files = PcapFiles();
  for (std::string& file : PcapngFiles()) files.push_back(std::move(file));
  return files;
}

// One to four octets behind the spared ones set to anything; now and then an end torn off.
std::string Mutate(std::string file, std::mt19937_64& random, size_t spared = 0) {
  for (uint64_t i = 0; i <= random() % 4; ++i) {
    // Lengths begin with few small numbers; anything else is refused at once.
    const uint64_t value = random() % 2 == 0 ? random() : random() % 64;
    file[spared + random() % (file.size() - spared)] = static_cast<char>(value);
  }
  if (random() % 8 == 0) file.resize(random() % file.size());
  return file;
}

template <typename Packets>
void ExpectBeginning(const Packets& part, const Packets& whole) {
  ASSERT_LE(part.size(), whole.size());
  EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin()));
}

TEST(CaptureFileProperty, EveryTruncationDeliversTheWholePacketsBeforeIt) {
  for (const std::string& file : AllFiles()) {
    const Reading whole = ReadGuarded(file);
    ASSERT_TRUE(whole.status.ok()) << whole.status;
    ASSERT_GE(whole.packets.size(), 4u);
    size_t most = 0, clean_ends = 0;
    for (size_t size = 0; size < file.size(); ++size) {
      const Reading reading = ReadGuarded(file.substr(0, size));
      ExpectBeginning(reading.packets, whole.packets);
      EXPECT_GE(reading.packets.size(), most);
      most = reading.packets.size();
      clean_ends += reading.status.ok();
    }
    EXPECT_EQ(most, whole.packets.size() - 1);
    // After the header and each record or block but the last.
    EXPECT_GE(clean_ends, whole.packets.size());
    EXPECT_LE(clean_ends, whole.packets.size() + 5);
  }
}

TEST(CaptureFileProperty, MutationsNeverReadOutsideOfTheCapture) {
  std::mt19937_64 random(1);
  size_t damaged = 0, whole = 0;
  for (const std::string& file : AllFiles()) {
    for (int i = 0; i < 5000; ++i) {
      const Reading reading = ReadGuarded(Mutate(file, random), 1 + random() % 4);
      reading.status.ok() ? ++whole : ++damaged;
    }
  }
  EXPECT_GT(damaged, 1000u);
  EXPECT_GT(whole, 1000u);
}

class AgainstLibpcap : public ::testing::Test {
 protected:
  Reading ReadThroughLibpcap(const std::string& file) const {
    const std::string path = dir_.File("mutated");
    std::filesystem::remove(path);  // a file that is cut to nothing and written again waits for the disk
    std::ofstream(path, std::ios::binary) << file;
    auto source = PcapFileSource::Open(path);
    if (!source.ok()) return {.status = source.status()};
    return ReadSource(**source);
  }

  const testing::TempDir dir_;
};

TEST_F(AgainstLibpcap, MutatedPcapFilesHaveTheSamePacketsAndEndTheSameWay) {
  std::mt19937_64 random(2);
  for (const std::string& file : PcapFiles()) {
    for (int i = 0; i < 300; ++i) {
      const std::string mutated = Mutate(file, random);
      const Reading ours = ReadGuarded(mutated), theirs = ReadThroughLibpcap(mutated);
      ASSERT_EQ(ours.status.code(), theirs.status.code()) << ours.status << " against " << theirs.status;
      ASSERT_EQ(ours.packets.size(), theirs.packets.size());
      for (size_t k = 0; k < ours.packets.size(); ++k) {
        EXPECT_EQ(ours.packets[k].wire_octets, theirs.packets[k].wire_octets);
        EXPECT_EQ(ours.packets[k].link_type, theirs.packets[k].link_type);
        // libpcap cuts packets at the snap length of the header, which may have been mutated.
        ExpectBeginning(theirs.packets[k].bytes, ours.packets[k].bytes);
      }
    }
  }
}

// libpcap gives up on several things that pcapng allows, and on snap lengths that packets exceed. Of the
// first section's header it does not read the end.
TEST_F(AgainstLibpcap, MutatedPcapngFilesHaveAtLeastThePacketsOfLibpcap) {
  constexpr size_t kSectionOctets = 28;
  std::mt19937_64 random(3);
  size_t compared = 0;
  for (const std::string& file : PcapngFiles()) {
    for (int i = 0; i < 1000; ++i) {
      const std::string mutated = Mutate(file, random, kSectionOctets);
      const Reading ours = ReadGuarded(mutated), theirs = ReadThroughLibpcap(mutated);
      ASSERT_GE(ours.packets.size(), theirs.packets.size()) << ours.status << " against " << theirs.status;
      if (theirs.status.ok()) {
        EXPECT_EQ(ours.packets.size(), theirs.packets.size());
      }
      for (size_t k = 0; k < theirs.packets.size(); ++k) {
        EXPECT_EQ(ours.packets[k].bytes, theirs.packets[k].bytes);
        EXPECT_EQ(ours.packets[k].wire_octets, theirs.packets[k].wire_octets);
        EXPECT_EQ(ours.packets[k].link_type, theirs.packets[k].link_type);
      }
      compared += theirs.packets.size();
    }
  }
  EXPECT_GT(compared, 1000u);
}

}  // namespace
}  // namespace kansoku::collector
