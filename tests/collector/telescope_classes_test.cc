// SPDX-License-Identifier: Apache-2.0
//
// Class and port of every packet in the open captures of a darknet, of scans and of floods, as the reports of
// a telescope's windows tell them, and what looks odd about them: against TShark's count of each port and
// libpcap's own filters.
#include <gtest/gtest.h>
#include <pcap/pcap.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/source_sketch.h"
#include "tests/collector/dark_captures.h"
#include "tests/collector/truth.h"
#include "tests/testing/skip_or_fail.h"

namespace kansoku::collector {
namespace {

// The classes of IPv4 (DARKNET 2.2) in the language of libpcap: the first one that matches holds.
const std::vector<std::pair<v1::DarknetClass, std::string>> kFilters = {
    {v1::DARKNET_CLASS_FRAGMENT, "ip[6:2] & 0x1fff != 0"},
    {v1::DARKNET_CLASS_BACKSCATTER_SYN_ACK, "tcp[13] & 0x12 == 0x12"},
    {v1::DARKNET_CLASS_BACKSCATTER_RST, "tcp[13] & 0x04 != 0"},
    {v1::DARKNET_CLASS_TCP_SYN, "tcp[13] & 0x3f == 0x02"},
    {v1::DARKNET_CLASS_TCP_ACK, "tcp[13] & 0x3f == 0x10"},
    {v1::DARKNET_CLASS_TCP_FIN, "tcp[13] & 0x3f == 0x01"},
    {v1::DARKNET_CLASS_TCP_NULL, "tcp[13] & 0x3f == 0x00"},
    {v1::DARKNET_CLASS_TCP_XMAS, "tcp[13] & 0x3f == 0x29"},
    {v1::DARKNET_CLASS_TCP_OTHER, "tcp"},
    {v1::DARKNET_CLASS_ICMP_REQUEST,
     "icmp[0] == 8 or icmp[0] == 10 or icmp[0] == 13 or icmp[0] == 15 or icmp[0] == 17"},
    {v1::DARKNET_CLASS_BACKSCATTER_ICMP,
     "icmp[0] == 0 or icmp[0] == 3 or icmp[0] == 4 or icmp[0] == 5 or icmp[0] == 11 or icmp[0] == 12 or "
     "icmp[0] == 14 or icmp[0] == 16 or icmp[0] == 18"},
    {v1::DARKNET_CLASS_ICMP_OTHER, "icmp"},
    {v1::DARKNET_CLASS_UDP_RESPONSE,
     "udp src port (17 or 19 or 53 or 69 or 111 or 123 or 137 or 161 or 389 or 427 or 520 or 1434 or 1900 or "
     "3283 or 3702 or 5353 or 5683 or 10001 or 11211 or 37810) and udp dst portrange 1024-65535"},
    {v1::DARKNET_CLASS_UDP_PROBE, "udp"},
    {v1::DARKNET_CLASS_PROTOCOL_OTHER, "ip"},
};

// Errors that quote an IPv4 packet which their destination did not send (DARKNET 2.2).
constexpr char kForeignQuotes[] =
    "(icmp[0] == 3 or icmp[0] == 4 or icmp[0] == 5 or icmp[0] == 11 or icmp[0] == 12) and "
    "icmp[8] & 0xf0 == 0x40 and icmp[24:4] != 0 and icmp[20:4] != ip[16:4]";

// The soft flags of IPv4 (DARKNET 2.1) likewise; a packet may match several.
const std::vector<std::pair<std::string, std::string>> kFlagFilters = {
    {"examined", "ip"},
    {"high_ttl",
     "ip[8] >= 200 and not (tcp[13] & 0x3f == 0x02 and ip[4:2] == (ip[18:2] ^ tcp[2:2] ^ tcp[6:2]) and "
     "((tcp[14:2] == 1024 and tcp[12] & 0xf0 == 0x50) or (tcp[14:2] == 1025 and tcp[12] & 0xf0 == 0x60)))"},
    {"network_source", "ip[15] == 0 or ip[15] == 255"},
    {"own_source", "ip[12:4] == ip[16:4]"},
    {"port_zero", "(tcp[0:2] == 0 or tcp[2:2] == 0) or (udp[0:2] == 0 or udp[2:2] == 0)"},
};

using Packets = std::map<std::string, uint64_t>;            // by class, protocol and port: "tcp_syn 6/23"
using Sources = std::map<std::string, std::set<uint32_t>>;  // by class and protocol: "tcp_syn 6"

struct Reading {
  Packets packets;
  Packets flags;  // by name of the flag, and "any"
  Sources sources;
};

class CaptureByFilters {
 public:
  explicit CaptureByFilters(const std::filesystem::path& path) {
    char error[PCAP_ERRBUF_SIZE] = "";
    capture_.reset(pcap_open_offline(path.c_str(), error));
    EXPECT_NE(capture_, nullptr) << error;
    for (const auto& [darknet_class, filter] : kFilters) Compile(filter, programs_.emplace_back());
    for (const auto& [flag, filter] : kFlagFilters) Compile(filter, flag_programs_.emplace_back());
    Compile(kForeignQuotes, foreign_quotes_);
  }
  ~CaptureByFilters() {
    for (bpf_program& program : programs_) pcap_freecode(&program);
    for (bpf_program& program : flag_programs_) pcap_freecode(&program);
    pcap_freecode(&foreign_quotes_);
  }

  // What is no IPv4 is left out.
  Reading Read() {
    Reading reading;
    for (const auto& [flag, filter] : kFlagFilters) reading.flags[flag] = 0;
    reading.flags["foreign_quote"] = 0;
    pcap_pkthdr* header = nullptr;
    const u_char* bytes = nullptr;
    while (pcap_next_ex(capture_.get(), &header, &bytes) == 1) {
      for (size_t i = 0; i < kFilters.size(); ++i) {
        if (pcap_offline_filter(&programs_[i], header, bytes) == 0) continue;
        Note(kFilters[i].first, bytes, reading);
        break;
      }
      NoteFlags(header, bytes, reading);
    }
    return reading;
  }

 private:
  struct Close {
    void operator()(pcap_t* capture) const { pcap_close(capture); }
  };

  void Compile(const std::string& filter, bpf_program& program) {
    const std::string any_vlan = absl::StrCat("(", filter, ") or (vlan and (", filter, "))");
    const int status = pcap_compile(capture_.get(), &program, any_vlan.c_str(), 1, PCAP_NETMASK_UNKNOWN);
    EXPECT_EQ(status, 0) << filter << ": " << pcap_geterr(capture_.get());
  }

  void NoteFlags(const pcap_pkthdr* header, const u_char* frame, Reading& reading) {
    uint64_t flags = 0;
    for (size_t i = 0; i < kFlagFilters.size(); ++i) {
      const bool matches = pcap_offline_filter(&flag_programs_[i], header, frame) != 0;
      reading.flags[kFlagFilters[i].first] += matches ? 1 : 0;
      flags += matches ? 1 : 0;
    }
    reading.flags["any"] += flags > 1 ? 1 : 0;  // one says that it was looked at
    reading.flags["foreign_quote"] += pcap_offline_filter(&foreign_quotes_, header, frame) != 0 ? 1 : 0;
  }

  static uint32_t Big16(const u_char* at) { return uint32_t{at[0]} << 8 | at[1]; }
  static uint32_t Big32(const u_char* at) { return Big16(at) << 16 | Big16(at + 2); }

  // In Ethernet. An ICMP error is from whom it is about.
  static void Note(v1::DarknetClass darknet_class, const u_char* frame, Reading& reading) {
    const u_char* ip = frame + 14;
    while (Big16(ip - 2) == 0x8100) ip += 4;
    const u_char* transport = ip + (ip[0] & 0xf) * 4;
    const int protocol = ip[9];
    const bool has_port = darknet_class != v1::DARKNET_CLASS_FRAGMENT && (protocol == 6 || protocol == 17);
    uint32_t source = Big32(ip + 12);
    const bool is_error = transport[0] == 3 || transport[0] == 4 || transport[0] == 5 || transport[0] == 11 ||
                          transport[0] == 12;
    if (darknet_class == v1::DARKNET_CLASS_BACKSCATTER_ICMP && is_error &&
        Big32(transport + 8 + 12) == Big32(ip + 16))
      source = Big32(transport + 8 + 16);
    const std::string kind = absl::StrCat(EnumLabel(darknet_class), " ", protocol);
    ++reading.packets[absl::StrCat(kind, "/", has_port ? Big16(transport + 2) : 0)];
    reading.sources[kind].insert(source);
  }

  std::unique_ptr<pcap_t, Close> capture_;
  std::vector<bpf_program> programs_, flag_programs_;
  bpf_program foreign_quotes_{};
};

Packets PacketsOf(const v1::DarknetTally& tally) {
  Packets packets;
  for (const v1::DarknetCell& cell : tally.cells()) {
    packets[absl::StrCat(EnumLabel(cell.darknet_class()), " ", cell.protocol(), "/",
                         cell.destination_port())] = cell.packets();
  }
  return packets;
}

Packets FlagsOf(const v1::DarknetTally& tally) {
  const v1::SoftFlags& flags = tally.soft_flags();
  return {{"examined", flags.examined()},
          {"high_ttl", flags.high_ttl()},
          {"network_source", flags.network_source()},
          {"own_source", flags.own_source()},
          {"port_zero", flags.port_zero()},
          {"any", flags.any()},
          {"foreign_quote", flags.foreign_quote()}};
}

// Of all classes together: "6/23".
Packets PacketsOfPorts(const v1::DarknetTally& tally) {
  Packets packets;
  for (const v1::DarknetCell& cell : tally.cells())
    packets[absl::StrCat(cell.protocol(), "/", cell.destination_port())] += cell.packets();
  return packets;
}

class TelescopeClasses : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!HasTruth(GetParam())) testing::SkipOrFail(TruthFolder(GetParam()).string() + " is missing");
  }
  Observed Observe(const std::string& file) const {
    return ObserveAllDark(TruthFolder(GetParam()) / file, 1 << 14);
  }
};

TEST_P(TelescopeClasses, PacketsOfEachPortAreThoseThatTsharkCounted) {
  std::map<std::string, Packets> ports, syns;  // by file
  for (const Row& row : ReadCsv(TruthFolder(GetParam()) / "TRUTH_PORTS.csv")) {
    const std::string port = absl::StrCat(row.at("proto"), "/", row.at("dst_port"));
    ports[row.at("file")][port] = std::stoull(row.at("frames"));
    if (const uint64_t syn = std::stoull(row.at("syn_no_ack")); syn > 0)
      syns[row.at("file")][absl::StrCat("tcp_syn ", port)] = syn;
  }
  ASSERT_GE(ports.size(), 5u);
  for (const auto& [file, expected] : ports) {
    const v1::DarknetTally tally = Observe(file).tally;
    EXPECT_EQ(PacketsOfPorts(tally), expected) << file;
    Packets told = PacketsOf(tally);
    std::erase_if(told, [](const auto& of) { return !of.first.starts_with("tcp_syn "); });
    EXPECT_EQ(told, syns[file]) << file;
  }
}

TEST_P(TelescopeClasses, EachClassHasThePacketsAndSourcesThatItsFilterFinds) {
  int captures = 0;
  for (const Row& row : ReadCsv(TruthFolder(GetParam()) / "TRUTH.csv")) {
    const std::string& file = row.at("file");
    const bool is_of_dark_addresses = GetParam() == "darknet" || file == "esnet-masscan-tcp.pcap" ||
                                      file == "ndpi-synscan.pcap" || file.starts_with("stopddos-");
    if (!is_of_dark_addresses) continue;
    ++captures;
    const Reading expected = CaptureByFilters(TruthFolder(GetParam()) / file).Read();
    const v1::DarknetTally tally = Observe(file).tally;
    EXPECT_EQ(PacketsOf(tally), expected.packets) << file;
    EXPECT_EQ(FlagsOf(tally), expected.flags) << file;
    EXPECT_EQ(static_cast<size_t>(tally.sketches_size()), expected.sources.size()) << file;
    for (const v1::SourceSketch& sketch : tally.sketches()) {
      const std::string kind = absl::StrCat(EnumLabel(sketch.darknet_class()), " ", sketch.protocol());
      ASSERT_TRUE(expected.sources.contains(kind)) << file << ": " << kind;
      const auto sources = static_cast<double>(expected.sources.at(kind).size());
      EXPECT_NEAR(static_cast<double>(EstimateSources(sketch)), sources, 0.5 + 5 * 0.0081 * sources)
          << file << ": " << kind;
    }
  }
  EXPECT_GE(captures, 4);
}

INSTANTIATE_TEST_SUITE_P(Captures, TelescopeClasses, ::testing::ValuesIn(kTruthFolders),
                         [](const auto& folder) { return folder.param.empty() ? "all" : folder.param; });

}  // namespace
}  // namespace kansoku::collector
