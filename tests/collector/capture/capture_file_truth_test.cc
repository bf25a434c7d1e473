// SPDX-License-Identifier: Apache-2.0
//
// Every capture of ../shared/captures against what TShark read from it, and packet by packet against libpcap
// as far as libpcap reads it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

#include "collector/capture/mapped_file_source.h"
#include "collector/capture/pcap_file_source.h"
#include "tests/collector/capture/reading.h"
#include "tests/testing/skip_or_fail.h"

namespace kansoku::collector {
namespace {

using Row = std::map<std::string, std::string>;

// The columns compared here hold no quotes, and stand before the first one that does.
std::vector<Row> ReadTruth(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<Row> rows;
  std::vector<std::string> names;
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> cells;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
    if (names.empty()) {
      names = cells;
      continue;
    }
    Row& row = rows.emplace_back();
    for (size_t i = 0; i < std::min(names.size(), cells.size()); ++i) row[names[i]] = cells[i];
  }
  return rows;
}

// Seconds and nine or more digits, which may be more than a second's nanoseconds; the nearest time that 64
// bits express.
int64_t UnixNanosecondsOf(const std::string& text) {
  const size_t point = text.find('.');
  const auto seconds = std::stold(text.substr(0, point));
  const auto whole = static_cast<int64_t>(
      std::min<long double>(seconds, std::numeric_limits<int64_t>::max() / 1'000'000'000));
  if (whole < seconds) return std::numeric_limits<int64_t>::max();
  return whole * 1'000'000'000 + std::stoll(text.substr(point + 1));
}

class CaptureFileTruth : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(KANSOKU_SOURCE_DIR) / "../shared/captures" / GetParam();
    truth_ = ReadTruth(folder_ / "TRUTH.csv");
    if (!truth_.empty()) return;
    testing::SkipOrFail(folder_.string() + " is missing");
  }

  std::filesystem::path folder_;
  std::vector<Row> truth_;
};

INSTANTIATE_TEST_SUITE_P(Folders, CaptureFileTruth, ::testing::Values("", "darknet"), [](const auto& of) {
  return of.param.empty() ? std::string("captures") : of.param;
});

TEST_P(CaptureFileTruth, DeliversWhatTsharkReads) {
  EXPECT_EQ(truth_.size(), GetParam().empty() ? 56u : 5u);
  for (const Row& truth : truth_) {
    SCOPED_TRACE(truth.at("file"));
    auto source = MappedFileSource::Open(folder_ / truth.at("file"));
    ASSERT_TRUE(source.ok()) << source.status();
    const Reading reading = ReadSource(**source);
    EXPECT_EQ(reading.status.ok(), truth.at("tshark_exit") == "0") << reading.status;
    uint64_t wire_octets = 0, captured_octets = 0, snapped = 0, unsupported = 0;
    for (const ReadPacket& packet : reading.packets) {
      wire_octets += packet.wire_octets;
      captured_octets += packet.bytes.size();
      snapped += packet.bytes.size() < packet.wire_octets;
      unsupported += packet.link_type == LinkType::kUnsupported;
    }
    EXPECT_EQ(std::to_string(reading.packets.size()), truth.at("frames"));
    EXPECT_EQ(std::to_string(wire_octets), truth.at("frame_len_sum"));
    EXPECT_EQ(std::to_string(captured_octets), truth.at("cap_len_sum"));
    EXPECT_EQ(std::to_string(snapped), truth.at("snapped"));
    EXPECT_EQ(unsupported, 0u);
    if (reading.packets.empty()) continue;
    EXPECT_EQ(reading.packets.front().captured_unix_ns, UnixNanosecondsOf(truth.at("ts_first")));
    EXPECT_EQ(reading.packets.back().captured_unix_ns, UnixNanosecondsOf(truth.at("ts_last")));
  }
}

TEST_P(CaptureFileTruth, AgreesWithLibpcapPacketByPacket) {
  size_t whole = 0;
  for (const Row& truth : truth_) {
    const std::string& name = truth.at("file");
    SCOPED_TRACE(name);
    auto mapped = MappedFileSource::Open(folder_ / name);
    auto through_libpcap = PcapFileSource::Open(folder_ / name);
    ASSERT_TRUE(mapped.ok()) << mapped.status();
    ASSERT_TRUE(through_libpcap.ok()) << through_libpcap.status();
    Reading ours = ReadSource(**mapped);
    const Reading theirs = ReadSource(**through_libpcap);
    // libpcap ends at the first packet of a second link type.
    if (theirs.status.ok()) {
      EXPECT_EQ(ours.packets.size(), theirs.packets.size());
      ++whole;
    }
    ASSERT_GE(ours.packets.size(), theirs.packets.size());
    for (size_t i = 0; i < theirs.packets.size(); ++i) {
      ours.packets[i].side = Side::kUnknown;  // which libpcap does not read
      ASSERT_EQ(ours.packets[i], theirs.packets[i]) << i;
    }
  }
  EXPECT_EQ(whole, GetParam().empty() ? 52u : 5u);
}

}  // namespace
}  // namespace kansoku::collector
