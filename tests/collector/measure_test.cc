// SPDX-License-Identifier: Apache-2.0
//
// `kansoku-collector measure` against captures of the real world. TRUTH.csv and TRUTH_FLOWS.csv.gz beside
// them hold what TShark and libpcap counted.
#include "collector/measure.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/testing/child_process.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::collector {
namespace {

using Json = nlohmann::json;
using Row = std::map<std::string, std::string>;
using testing::TempDir;

// Everything that measure says of the outermost header.
const std::vector<std::string> kOuterColumns = {
    "frames",       "frame_len_sum",  "cap_len_sum", "snapped",    "no_ip",     "ip_outer_v4",
    "ip_outer_v6",  "ip_bytes_outer", "frag_outer",  "outer_tcp",  "outer_udp", "outer_icmp",
    "outer_icmpv6", "outer_sctp",     "outer_other", "uni5_outer", "bi5_outer", "ts_backwards"};
// These speak of the innermost header, so they can be compared only where that is the outermost: in captures
// without a tunnel.
const std::vector<std::string> kInnermostColumns = {"tcp_flags_seen", "syn_no_ack", "syn_only_exact"};

// Refused by name before the first packet: link types that this version does not read.
const std::map<std::string, std::string> kUnsupportedLinkTypes = {
    {"tcpdump-mpls-traceroute-ppp.pcap", "PPP"},
    {"tcpdump-nflog.pcap", "NFLOG"},
    {"tcpdump-hdlc.pcap", "C_HDLC"},
    {"tcpdump-ospfv3-framerelay.pcap", "FRELAY"},
};

// Where we deliberately differ from TShark: {file, column} to our number.
const std::map<std::pair<std::string, std::string>, uint64_t> kDeviations = {
    // Jumbograms (RFC 2675): TShark's sum takes the header's payload length, 0. The jumbo option at octet 58
    // of the
    // frame states 80,040 (0x000138a8) and 65,536 (0x00010000); both frames are as long as that says.
    {{"tcpdump-bigtcp-ipv6-hbh.pcap", "ip_bytes_outer"}, 80'040 + 40},
    {{"tcpdump-ipv6-jumbogram.pcap", "ip_bytes_outer"}, 65'536 + 40},
};

std::vector<std::string> SplitCsvLine(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

std::vector<Row> ReadCsv(std::istream& in) {
  std::vector<Row> rows;
  std::string line;
  std::getline(in, line);
  const std::vector<std::string> names = SplitCsvLine(line);
  while (std::getline(in, line)) {
    const std::vector<std::string> cells = SplitCsvLine(line);
    Row& row = rows.emplace_back();
    for (size_t i = 0; i < names.size() && i < cells.size(); ++i) row[names[i]] = cells[i];
  }
  return rows;
}

class MeasureTruth : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(KANSOKU_SOURCE_DIR) / "../shared/captures" / GetParam();
    if (std::filesystem::exists(folder_ / "TRUTH.csv")) {
      std::ifstream file(folder_ / "TRUTH.csv");
      truth_ = ReadCsv(file);
      ASSERT_GE(truth_.size(), 5u);
      return;
    }
    const char* ci = std::getenv("CI");
    if (ci != nullptr && std::string(ci) == "true") FAIL() << folder_ << " is missing";
    GTEST_SKIP() << folder_ << " is missing";
  }

  std::filesystem::path folder_;
  std::vector<Row> truth_;
};

TEST_P(MeasureTruth, EveryCountIsReproducedExactly) {
  int compared = 0;
  for (const Row& truth : truth_) {
    const std::string name = truth.at("file");
    SCOPED_TRACE(name);
    std::ostringstream out, complaints;
    const absl::StatusOr<bool> clean = Measure({.files = {folder_ / name}, .json = true}, out, complaints);
    if (const auto unsupported = kUnsupportedLinkTypes.find(name);
        unsupported != kUnsupportedLinkTypes.end()) {
      ASSERT_FALSE(clean.ok());
      EXPECT_NE(clean.status().message().find(unsupported->second), std::string::npos) << clean.status();
      EXPECT_EQ(out.str(), "");
      continue;
    }
    ASSERT_TRUE(clean.ok()) << clean.status();
    const Json json = Json::parse(out.str());
    EXPECT_TRUE(json["ledger"]["identities"]["captured_packets"]);
    EXPECT_TRUE(json["ledger"]["identities"]["captured_wire_octets"]);
    EXPECT_TRUE(json["ledger"]["identities"]["received_packets"]);
    if (truth.at("libpcap_frames") != truth.at("frames") || truth.at("libpcap_exit") != "0") {
      // A damaged or mixed file: what libpcap delivers is counted, and the damage is said.
      EXPECT_EQ(json["frames"], std::stoull(truth.at("libpcap_frames")));
      EXPECT_FALSE(*clean);
      EXPECT_NE(complaints.str().find(name), std::string::npos) << complaints.str();
      continue;
    }
    EXPECT_TRUE(*clean) << complaints.str();
    std::vector<std::string> columns = kOuterColumns;
    if (truth.at("tunnelled") == "0") {
      columns.insert(columns.end(), kInnermostColumns.begin(), kInnermostColumns.end());
    }
    for (const std::string& column : columns) {
      const auto deviation = kDeviations.find({name, column});
      const uint64_t expected =
          deviation != kDeviations.end() ? deviation->second : std::stoull(truth.at(column));
      EXPECT_EQ(json[column], expected) << column;
    }
    ++compared;
  }
  EXPECT_GE(compared, 5);
}

// One line for each five-tuple. Octets are left out for jumbograms (kDeviations), flags for captures with
// tunnels: they are the innermost header's.
std::multiset<std::string> Lines(const std::vector<Row>& rows, const std::set<std::string>& outer_level_only,
                                 const std::set<std::string>& files) {
  std::multiset<std::string> lines;
  for (const Row& row : rows) {
    const std::string& file = row.at("file");
    if (!files.contains(file)) continue;
    if (outer_level_only.contains(file) && row.at("level") != "outer") continue;
    std::string line = file;
    for (const char* column : {"src", "dst", "proto", "sport", "dport", "frames", "ts_min", "ts_max"}) {
      line += " " + row.at(column);
    }
    if (!kDeviations.contains({file, "ip_bytes_outer"})) line += " " + row.at("ip_bytes");
    // TShark's flags are twelve bits: the four reserved ones of RFC 9293 3.1 are none of ours.
    if (!outer_level_only.contains(file)) {
      line += " " + std::to_string(std::stoul(row.at("tcp_flags_or")) & 0xff) + " " + row.at("syn_no_ack");
    }
    lines.insert(line);
  }
  return lines;
}

TEST_P(MeasureTruth, EveryFiveTupleIsReproducedExactly) {
  MeasureOptions options;
  const TempDir dir;
  options.flows_path = dir.File("flows.csv");
  std::set<std::string> tunnelled, whole;
  for (const Row& truth : truth_) {
    const std::string name = truth.at("file");
    if (kUnsupportedLinkTypes.contains(name) || truth.at("libpcap_frames") != truth.at("frames")) continue;
    if (truth.at("libpcap_exit") != "0") continue;
    if (truth.at("tunnelled") != "0") tunnelled.insert(name);
    whole.insert(name);
    options.files.push_back(folder_ / name);
  }
  std::ostringstream out, complaints;
  const absl::StatusOr<bool> clean = Measure(options, out, complaints);
  ASSERT_TRUE(clean.ok()) << clean.status();

  const testing::Finished unpacked = testing::RunProgram({"zcat", folder_ / "TRUTH_FLOWS.csv.gz"});
  ASSERT_EQ(unpacked.exit_status, 0) << unpacked.err;
  std::istringstream expected_csv(unpacked.out);
  std::ifstream ours_csv(options.flows_path);
  const auto expected = Lines(ReadCsv(expected_csv), tunnelled, whole);
  const auto ours = Lines(ReadCsv(ours_csv), tunnelled, whole);
  EXPECT_GT(expected.size(), 10u);
  EXPECT_EQ(ours.size(), expected.size());
  int shown = 0;
  for (const std::string& line : expected) {
    if (!ours.contains(line) && ++shown < 20) ADD_FAILURE() << "missing: " << line;
  }
  for (const std::string& line : ours) {
    if (!expected.contains(line) && ++shown < 40) ADD_FAILURE() << "not in the truth: " << line;
  }
}

INSTANTIATE_TEST_SUITE_P(Captures, MeasureTruth, ::testing::Values("", "darknet"),
                         [](const auto& folder) { return folder.param.empty() ? "all" : folder.param; });

}  // namespace
}  // namespace kansoku::collector
