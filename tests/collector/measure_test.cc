// SPDX-License-Identifier: Apache-2.0
//
// `kansoku-collector measure` against captures of the real world: every count and every five-tuple.
#include "collector/measure.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/collector/truth.h"
#include "tests/testing/skip_or_fail.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::collector {
namespace {

using Json = nlohmann::json;
using testing::TempDir;

const std::vector<std::string> kColumns = {
    "frames",          "frame_len_sum",  "cap_len_sum", "snapped",        "no_ip",        "ip_outer_v4",
    "ip_outer_v6",     "ip_inner_v4",    "ip_inner_v6", "tunnelled",      "ip_depth_max", "ip_bytes_outer",
    "ip_bytes_inner",  "frag_outer",     "frag_inner",  "outer_tcp",      "outer_udp",    "outer_icmp",
    "outer_icmpv6",    "outer_sctp",     "outer_other", "inner_tcp",      "inner_udp",    "inner_icmp",
    "inner_icmpv6",    "inner_sctp",     "inner_other", "uni5_outer",     "bi5_outer",    "uni5_inner",
    "bi5_inner",       "tcp_flags_seen", "syn_no_ack",  "syn_only_exact", "ah_frames",    "ts_backwards",
    "irregular_frames"};
const std::vector<std::string> kTimes = {"ts_first", "ts_last", "ts_min", "ts_max"};

// Where we deliberately differ from TShark, each checked by hand against the bytes. `file` and `column` are
// beginnings; empty, `truth` is any.
struct Deviation {
  std::string file;
  std::string column;
  std::string truth;
  std::string ours;
  std::string reason;
};
const std::vector<Deviation> kDeviations = {
    {"tcpdump-bigtcp-ipv6-hbh.pcap", "ip_bytes", "40", "80080",
     "A jumbogram (RFC 2675): TShark takes the header's payload length, 0. The jumbo option at octet 58 of "
     "the "
     "frame states 80,040 (0x000138a8), and the frame is as long as that says."},
    {"tcpdump-ipv6-jumbogram.pcap", "ip_bytes", "40", "65576",
     "A jumbogram, whose option states 65,536 (0x00010000)."},
    {"pcpp-mixed-linktypes.pcapng", "ts_", "18446744073204.", "9223372036.854775807",
     "The packets of the second interface have times of 2^64 microseconds less 505 seconds, in the year "
     "586,512. 64 bits of nanoseconds end in 2262, and that is where such times stay."},
    {"ndpi-fuzz-cut-short-ns.pcap", "ts_", "980658802.1882137472", "980658803.882137472",
     "The record states 1,882,137,472 nanoseconds behind the second (0x702f2380): TShark prints them as they "
     "are, "
     "we carry the whole second."},
};

// A tunnel that TShark does not see. Linux wrote the lengths of this frame of 80,060 octets, a segmentation
// that was left to the network card, as 0: the IPv4 total length at octet 16, the UDP length at 38 and the
// IPv6 payload length at 68. TShark takes the frame's end for the first and stops at the second. The VXLAN
// header at 42 and the IPv6 header at 64 are whole, and all three end with the frame: 80,060 - 64 octets are
// the inner packet's.
const std::string kMergedVxlan = "tcpdump-bigtcp-ipv4-vxlan-ipv6.pcap";
const std::map<std::string, uint64_t> kMergedVxlanCounts = {
    {"ip_inner_v4", 0},         {"ip_inner_v6", 1}, {"tunnelled", 1}, {"ip_depth_max", 2},
    {"ip_bytes_inner", 79'996}, {"inner_udp", 0},   {"inner_tcp", 1}, {"tcp_flags_seen", 1}};
const std::vector<Row> kMergedVxlanFlows = ReadCsv(std::istringstream(
    "file,level,src,dst,proto,sport,dport,frames,ip_bytes,ts_min,ts_max,tcp_flags_or,syn_no_ack\n"
    "tcpdump-bigtcp-ipv4-vxlan-ipv6.pcap,outer,10.25.132.11,10.25.132.13,17,60879,4789,1,80046,"
    "1759417974.704284000,1759417974.704284000,0,0\n"
    "tcpdump-bigtcp-ipv4-vxlan-ipv6.pcap,inner,fd00::2,fd00::1,6,33673,36425,1,79996,"
    "1759417974.704284000,1759417974.704284000,24,0\n"));

// The truth's cell, or ours where that differs.
std::string Expected(const std::string& file, const std::string& column, const std::string& truth) {
  for (const Deviation& deviation : kDeviations) {
    if (file == deviation.file && column.starts_with(deviation.column) &&
        truth.starts_with(deviation.truth)) {
      return deviation.ours;
    }
  }
  return truth;
}

uint64_t Nanoseconds(std::string seconds) {
  std::erase(seconds, '.');
  return std::stoull(seconds);
}

class MeasureTruth : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!HasTruth(GetParam())) {
      return testing::SkipOrFail(TruthFolder(GetParam()).string() + " is missing");
    }
    truth_ = ReadCsv(folder_ / "TRUTH.csv");
    ASSERT_GE(truth_.size(), 5u);
  }

  const std::filesystem::path folder_ = TruthFolder(GetParam());
  std::vector<Row> truth_;
};

TEST_P(MeasureTruth, EveryCountIsReproducedExactly) {
  for (const Row& truth : truth_) {
    const std::string name = truth.at("file");
    SCOPED_TRACE(name);
    std::ostringstream out, complaints;
    const absl::StatusOr<bool> clean = Measure({.files = {folder_ / name}, .json = true}, out, complaints);
    if (!clean.ok()) {
      ADD_FAILURE() << clean.status();
      continue;
    }
    const Json json = Json::parse(out.str());
    EXPECT_TRUE(json["ledger"]["identities"]["captured_packets"]);
    EXPECT_TRUE(json["ledger"]["identities"]["captured_wire_octets"]);
    EXPECT_TRUE(json["ledger"]["identities"]["received_packets"]);
    EXPECT_EQ(*clean, truth.at("tshark_exit") == "0") << complaints.str();
    for (const std::string& column : kColumns) {
      uint64_t expected = std::stoull(Expected(name, column, truth.at(column)));
      if (const auto differs = kMergedVxlanCounts.find(column);
          name == kMergedVxlan && differs != kMergedVxlanCounts.end()) {
        expected = differs->second;
      }
      const uint64_t ours = json[column];
      EXPECT_TRUE(ours == expected) << column << " is " << ours << ", the truth " << expected;
    }
    if (truth.at("frames") == "0") continue;
    for (const std::string& column : kTimes) {
      EXPECT_EQ(json[column + "_unix_ns"], Nanoseconds(Expected(name, column, truth.at(column)))) << column;
    }
  }
}

using Lines = std::multiset<std::string>;

// One line for each row: the named cells.
Lines LinesOf(const std::vector<Row>& rows, const std::vector<std::string>& columns) {
  Lines lines;
  for (const Row& row : rows) {
    std::string line;
    for (const std::string& column : columns) line += row.at(column) + " ";
    lines.insert(line);
  }
  return lines;
}

void ExpectSameLines(const Lines& ours, const Lines& truth) {
  EXPECT_GT(truth.size(), 10u);
  EXPECT_EQ(ours.size(), truth.size());
  std::vector<std::string> missing, surplus;
  std::set_difference(truth.begin(), truth.end(), ours.begin(), ours.end(), std::back_inserter(missing));
  std::set_difference(ours.begin(), ours.end(), truth.begin(), truth.end(), std::back_inserter(surplus));
  missing.resize(std::min<size_t>(missing.size(), 20));
  surplus.resize(std::min<size_t>(surplus.size(), 20));
  for (const std::string& line : missing) ADD_FAILURE() << "missing: " << line;
  for (const std::string& line : surplus) ADD_FAILURE() << "not in the truth: " << line;
}

TEST_P(MeasureTruth, EveryFiveTupleAndPortIsReproducedExactly) {
  const TempDir dir;
  MeasureOptions options{.flows_path = dir.File("flows.csv"), .ports_path = dir.File("ports.csv")};
  for (const Row& row : truth_) options.files.push_back(folder_ / row.at("file"));
  std::ostringstream out, complaints;
  const absl::StatusOr<bool> clean = Measure(options, out, complaints);
  ASSERT_TRUE(clean.ok()) << clean.status();

  std::vector<Row> flows = ReadGzippedCsv(folder_ / "TRUTH_FLOWS.csv.gz");
  for (Row& flow : flows) {
    for (auto& [column, cell] : flow) cell = Expected(flow.at("file"), column, cell);
    // TShark's flags are twelve bits: the four reserved ones of RFC 9293 3.1 are none of ours.
    flow["tcp_flags_or"] = std::to_string(std::stoul(flow.at("tcp_flags_or")) & 0xff);
  }
  if (std::erase_if(flows, [](const Row& flow) { return flow.at("file") == kMergedVxlan; }) > 0) {
    flows.insert(flows.end(), kMergedVxlanFlows.begin(), kMergedVxlanFlows.end());
  }
  const std::vector<std::string> flow_columns = {"file",   "level",        "src",       "dst",      "proto",
                                                 "sport",  "dport",        "frames",    "ip_bytes", "ts_min",
                                                 "ts_max", "tcp_flags_or", "syn_no_ack"};
  ExpectSameLines(LinesOf(ReadCsv(options.flows_path), flow_columns), LinesOf(flows, flow_columns));

  // The truth has ports for the captures of scans alone.
  const std::vector<Row> truth_ports = ReadCsv(folder_ / "TRUTH_PORTS.csv");
  std::set<std::string> scans;
  for (const Row& port : truth_ports) scans.insert(port.at("file"));
  std::vector<Row> ports = ReadCsv(options.ports_path);
  std::erase_if(ports, [&](const Row& port) { return !scans.contains(port.at("file")); });
  const std::vector<std::string> port_columns = {"file",      "proto",     "dst_port",  "frames",
                                                 "src_addrs", "dst_addrs", "syn_no_ack"};
  ExpectSameLines(LinesOf(ports, port_columns), LinesOf(truth_ports, port_columns));
}

INSTANTIATE_TEST_SUITE_P(Captures, MeasureTruth, ::testing::ValuesIn(kTruthFolders),
                         [](const auto& folder) { return folder.param.empty() ? "all" : folder.param; });

}  // namespace
}  // namespace kansoku::collector
