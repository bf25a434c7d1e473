// SPDX-License-Identifier: Apache-2.0
//
// What leaves a collector, read as bytes: its spool, the wire, and the aggregator's store. No address is in
// it unless the operator asked for flow records, and then none that was not permuted. Sources of dark packets
// are known by keyed hashes alone.
#include <arpa/inet.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "aggregator/store/sqlite_store.h"
#include "collector/collector.h"
#include "collector/meter/source_hash.h"
#include "proto/contract/config_text.h"
#include "tests/collector/meter/permutation_key.h"
#include "tests/end_to_end/harness.h"
#include "tests/end_to_end/recording_relay.h"
#include "tests/testing/capture_writer.h"
#include "tests/testing/packet_builder.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

using aggregator::Aggregator;
using collector::Collector;

constexpr int64_t kStart = 1'730'419'200;
constexpr uint8_t kSyn = 0x02, kAck = 0x10;

// Whom the capture shows, and as whom Crypto-PAn's reference key shows them.
struct Host {
  std::string address;
  std::string permuted;
};
const Host kSubscriber4 = {"128.11.68.132", "135.242.180.132"};
const Host kServer4 = {"24.0.250.221", "100.15.198.226"};
const Host kSubscriber6 = {"2001:db8::1", "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e"};
const Host kServer6 = {"2001:db8::2", "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1c"};
const Host kScanner4 = {"4.3.88.225", "124.60.155.63"};
const std::vector<Host> kHosts = {kSubscriber4, kServer4, kSubscriber6, kServer6, kScanner4};

std::string NetworkOrder(const std::string& address) {
  const bool is_ipv6 = address.find(':') != std::string::npos;
  std::string octets(is_ipv6 ? 16 : 4, '\0');
  EXPECT_EQ(inet_pton(is_ipv6 ? AF_INET6 : AF_INET, address.c_str(), octets.data()), 1);
  return octets;
}

std::string Varint(uint32_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<char>(value | 0x80));
  bytes.push_back(static_cast<char>(value));
  return bytes;
}

// How an address may be written: both byte orders, text, hexadecimal, as Protobuf writes a number. Of an IPv6
// address also its halves, as a program may hold it in two numbers; not one that is nearly all zeros, such as
// ::1.
std::vector<std::string> Forms(const std::string& address) {
  const std::string network = NetworkOrder(address);
  std::vector<std::string> parts = {network};
  if (network.size() == 16) parts.push_back(network.substr(0, 8));
  std::vector<std::string> forms = {address, absl::BytesToHexString(network)};
  for (const std::string& part : parts) {
    forms.push_back(part);
    forms.emplace_back(part.rbegin(), part.rend());
  }
  if (network.size() == 4) {
    uint32_t number = 0;
    memcpy(&number, network.data(), sizeof(number));
    forms.push_back(Varint(number));
    forms.push_back(Varint(ntohl(number)));
  }
  return forms;
}

bool ShowsAny(const std::string& bytes, const std::string& address) {
  const std::vector<std::string> forms = Forms(address);
  return std::any_of(forms.begin(), forms.end(),
                     [&](const std::string& form) { return bytes.find(form) != std::string::npos; });
}

// Conversations over IPv4 and IPv6, one of them in PPPoE, over two windows; and a scan of a dark address.
void WriteCapture(const std::string& path) {
  CaptureWriter writer;
  const auto add = [&](int64_t milliseconds, const PacketBuilder& packet) {
    writer.Add(kStart * 1'000'000'000 + milliseconds * 1'000'000, packet.Build());
  };
  for (const int64_t ms : {1000, 12'000}) {
    add(ms, PacketBuilder()
                .Ethernet()
                .Pppoe()
                .Ipv4(kSubscriber4.address, kServer4.address)
                .Tcp(40'000, 443, kSyn));
    add(ms + 20, PacketBuilder()
                     .Ethernet()
                     .Pppoe()
                     .Ipv4(kServer4.address, kSubscriber4.address)
                     .Tcp(443, 40'000, kSyn | kAck)
                     .Payload(60));
    add(ms + 40,
        PacketBuilder().Ethernet().Ipv6(kSubscriber6.address, kServer6.address).Tcp(40'006, 443, kSyn));
    add(ms + 60, PacketBuilder()
                     .Ethernet()
                     .Ipv6(kServer6.address, kSubscriber6.address)
                     .Tcp(443, 40'006, kSyn | kAck)
                     .Payload(60));
    add(ms + 80, PacketBuilder().Ethernet().Ipv4(kScanner4.address, "192.0.2.9").Tcp(50'000, 23, kSyn));
  }
  writer.WriteTo(path);
}

std::string ReadFolder(const std::string& folder, const std::string& prefix) {
  std::string bytes;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (!file.path().filename().string().starts_with(prefix)) continue;
    std::ostringstream content;
    content << std::ifstream(file.path(), std::ios::binary).rdbuf();
    bytes += content.str();
  }
  return bytes;
}

// What one capture left behind in each place, with more asked for by a section.
class Privacy : public ::testing::Test {
 protected:
  void SetUp() override {
    WriteCapture(dir_.File("packets.pcap"));
    std::ofstream(dir_.File("key"), std::ios::binary)
        .write(reinterpret_cast<const char*>(collector::kReferenceKey.data()), 32);
    chmod(dir_.File("key").c_str(), 0600);
  }

  std::unique_ptr<Collector> OpenCollector(const std::string& section, const std::string& aggregator) {
    v1::CollectorConfig config;
    const auto places =
        ParseConfig(absl::StrCat("collector: edge-1\nisp: example\naggregator: {address: \"", aggregator,
                                 "\"}\nspool: {path: ", dir_.File("spool.db"),
                                 "}\nlinks: [{point: uplink, file: ", dir_.File("packets.pcap"),
                                 "}]\nsubscribers:\n  - {prefix: 128.11.68.0/24, access: fixed}\n"
                                 "  - {prefix: \"2001:db8::/127\", access: fixed}\n"
                                 "telescopes: [{sensor: east, prefix: 192.0.2.0/24}]\n",
                                 section),
                    "collector.yaml", config);
    EXPECT_TRUE(places.ok()) << places.status();
    auto plan = collector::AddressPlan::Compile(config, *places);
    EXPECT_TRUE(plan.ok()) << plan.status();
    finished_ = std::promise<void>();
    auto opened = Collector::Open({config, *plan}, {.say =
                                                        [this](const std::string& line) {
                                                          std::lock_guard lock(said_mutex_);
                                                          said_ += line + "\n";
                                                        },
                                                    .finished = [this] { finished_.set_value(); }});
    EXPECT_TRUE(opened.ok()) << opened.status();
    return opened.ok() ? *std::move(opened) : nullptr;
  }

  // Nobody answers: what would be sent stays in the spool.
  std::string SpoolWith(const std::string& section) {
    auto collector = OpenCollector(section, "127.0.0.1:1");
    if (collector == nullptr) return "";
    collector->Start();
    const absl::Time deadline = absl::Now() + absl::Seconds(30);
    while (collector->export_status().delivery.reports_spooled() < 2 && absl::Now() < deadline) {
      std::this_thread::yield();
    }
    EXPECT_EQ(collector->export_status().delivery.reports_spooled(), 2u);
    const std::string bytes = ReadFolder(dir_.path(), "spool.db");
    collector->Stop(absl::ZeroDuration());
    collector.reset();
    const std::string closed = ReadFolder(dir_.path(), "spool.db");
    for (const char* end : {"", "-wal", "-shm"})
      std::filesystem::remove(dir_.File(std::string("spool.db") + end));
    return bytes + closed;
  }

  struct Sent {
    std::string wire;
    std::string store;
    std::vector<v1::WindowReport> windows;  // with flow records
  };
  Sent SentWith(const std::string& section) {
    Sent sent;
    auto aggregator = Aggregator::Start(AggregatorConfigIn(dir_.path()));
    EXPECT_TRUE(aggregator.ok()) << aggregator.status();
    if (!aggregator.ok()) return sent;
    {
      RecordingRelay relay((*aggregator)->grpc_address());
      auto collector = OpenCollector(section, relay.address());
      if (collector == nullptr) return sent;
      collector->Start();
      EXPECT_EQ(finished_.get_future().wait_for(std::chrono::seconds(60)), std::future_status::ready);
      collector->Stop(absl::ZeroDuration());
      sent.wire = relay.Sent();
    }
    v1::ListFlowRecordsRequest request;
    request.mutable_range()->set_start_unix_seconds(kStart);
    request.mutable_range()->set_end_unix_seconds(kStart + 60);
    grpc::ClientContext context;
    v1::ListFlowRecordsResponse response;
    EXPECT_TRUE(QueryStub((*aggregator)->grpc_address())->ListFlowRecords(&context, request, &response).ok());
    sent.windows.assign(response.windows().begin(), response.windows().end());
    (*aggregator)->Stop();
    sent.store = ReadFolder(dir_.path(), "store.db");
    return sent;
  }

  void ExpectNoHostIn(const std::string& bytes, const std::string& where) {
    EXPECT_NE(bytes.find("uplink"), std::string::npos) << where << " is not what was meant to be read";
    for (const Host& host : kHosts)
      EXPECT_FALSE(ShowsAny(bytes, host.address)) << host.address << " in " << where;
    std::lock_guard lock(said_mutex_);
    for (const Host& host : kHosts) EXPECT_EQ(said_.find(host.address), std::string::npos) << said_;
  }

  TempDir dir_;
  std::promise<void> finished_;
  std::mutex said_mutex_;
  std::string said_;  // guarded by said_mutex_
};

constexpr char kPermuted[] = "flow_records: {enabled: true, key_path: ";
constexpr char kPlain[] = "flow_records: {enabled: true, plain_addresses: true}\n";

TEST_F(Privacy, NoAddressLeavesUnlessFlowRecordsWereAskedFor) {
  ExpectNoHostIn(SpoolWith(""), "the spool");
  const Sent sent = SentWith("");
  ExpectNoHostIn(sent.wire, "the wire");
  ExpectNoHostIn(sent.store, "the store");
  EXPECT_EQ(sent.windows.size(), 0u);
}

TEST_F(Privacy, OnlyPermutedAddressesLeaveInFlowRecords) {
  const std::string section = absl::StrCat(kPermuted, dir_.File("key"), "}\n");
  const std::string spool = SpoolWith(section);
  const Sent sent = SentWith(section);
  const std::map<std::string, const std::string*> places = {
      {"the spool", &spool}, {"the wire", &sent.wire}, {"the store", &sent.store}};
  for (const auto& [where, bytes] : places) {
    ExpectNoHostIn(*bytes, where);
    for (const Host& host : {kSubscriber4, kServer4, kSubscriber6, kServer6}) {
      EXPECT_NE(bytes->find(NetworkOrder(host.permuted)), std::string::npos)
          << host.permuted << " in " << where;
    }
    EXPECT_FALSE(ShowsAny(*bytes, kScanner4.permuted)) << "dark packets are no flows";
    EXPECT_EQ(
        bytes->find(std::string(collector::kReferenceKey.begin(), collector::kReferenceKey.begin() + 8)),
        std::string::npos)
        << "the key in " << where;
  }
  ASSERT_EQ(sent.windows.size(), 2u);
  for (const v1::WindowReport& window : sent.windows) {
    ASSERT_EQ(window.flow_records_size(), 2);
    const v1::FlowRecord& ipv4 = window.flow_records(0);
    const v1::FlowRecord& ipv6 = window.flow_records(1);
    EXPECT_EQ(ipv4.source_address(), NetworkOrder(kSubscriber4.permuted));
    EXPECT_EQ(ipv4.destination_address(), NetworkOrder(kServer4.permuted));
    EXPECT_EQ(ipv4.octets(), 40u);
    EXPECT_EQ(ipv4.reverse_octets(), 100u);
    EXPECT_EQ(ipv4.traffic_class().carrier(), v1::CARRIER_PPPOE);
    EXPECT_EQ(ipv4.traffic_class().direction(), v1::DIRECTION_UPLOAD);
    EXPECT_EQ(ipv4.tcp_control_bits(), uint32_t{kSyn | kAck});
    EXPECT_FALSE(ipv4.addresses_are_plain());
    EXPECT_EQ(ipv6.source_address(), NetworkOrder(kSubscriber6.permuted));
    EXPECT_EQ(ipv6.destination_address(), NetworkOrder(kServer6.permuted));
    EXPECT_EQ(ipv6.octets(), 60u);
    EXPECT_EQ(ipv6.reverse_octets(), 120u);
    EXPECT_EQ(ipv6.start_unix_milliseconds(), kStart * 1000 + 1040);
  }
}

// In the order of Protobuf's fixed numbers.
std::string Octets(uint64_t number) {
  std::string octets(sizeof(number), '\0');
  memcpy(octets.data(), &number, sizeof(number));
  return octets;
}

TEST_F(Privacy, OnlyHashesLeaveWhereSourcesAreToldApart) {
  const auto hash = collector::SourceHash::FromKey(collector::kReferenceKey);
  ASSERT_TRUE(hash.ok()) << hash.status();
  const std::string scanner = Octets(hash->OfSource(collector::IpAddress::Ipv4(0x040358e1)));
  const std::string section = absl::StrCat("darknet_sources: {key_path: ", dir_.File("key"), "}\n");
  const std::string spool = SpoolWith(section);
  const Sent sent = SentWith(section);
  const std::map<std::string, const std::string*> places = {{"the spool", &spool}, {"the wire", &sent.wire}};
  for (const auto& [where, bytes] : places) {
    EXPECT_NE(bytes->find(scanner), std::string::npos) << "the scanner's hash is not in " << where;
  }
  for (const std::string* bytes : {&spool, &sent.wire, &sent.store}) {
    ExpectNoHostIn(*bytes, "a place");
    EXPECT_FALSE(ShowsAny(*bytes, "192.0.2.9")) << "which dark address a packet went to is nobody's business";
    for (const size_t half : {0, 16}) {
      const std::string secret(collector::kReferenceKey.begin() + half,
                               collector::kReferenceKey.begin() + half + 8);
      EXPECT_EQ(bytes->find(secret), std::string::npos) << "the key";
    }
  }
}

// A household whose device scans: in the first window, and again in the second.
TEST_F(Privacy, OnlyNumbersLeaveOfSubscribersAtDarkAddresses) {
  CaptureWriter writer;
  for (const int64_t second : {1, 12}) {
    for (const char* dark : {"192.0.2.7", "192.0.2.8", "192.0.2.9"}) {
      writer.Add((kStart + second) * 1'000'000'000,
                 PacketBuilder().Ethernet().Ipv4(kSubscriber4.address, dark).Tcp(40'000, 23, kSyn).Build());
    }
  }
  writer.WriteTo(dir_.File("packets.pcap"));
  ExpectNoHostIn(SpoolWith(""), "the spool");
  const Sent sent = SentWith("");
  ExpectNoHostIn(sent.wire, "the wire");
  ExpectNoHostIn(sent.store, "the store");
  auto store = aggregator::SqliteStore::Open({.path = dir_.File("store.db")});
  ASSERT_TRUE(store.ok()) << store.status();
  std::vector<std::string> numbers;
  const absl::Status scanned = (*store)->Scan(
      aggregator::Tier::kWindow, kStart, kStart + 60, {}, [&](const aggregator::Bucket& bucket) {
        numbers.push_back(bucket.measurement.darknet_subscribers().ShortDebugString());
      });
  ASSERT_TRUE(scanned.ok()) << scanned;
  EXPECT_EQ(numbers, (std::vector<std::string>{"reached: 1 scanning: 1", ""}));
}

// What the other tests look for is found where it is.
TEST_F(Privacy, PlainAddressesLeaveWhereTheOperatorSaidSo) {
  const std::string spool = SpoolWith(kPlain);
  const Sent sent = SentWith(kPlain);
  for (const std::string* bytes : {&spool, &sent.wire, &sent.store}) {
    for (const Host& host : {kSubscriber4, kServer4, kSubscriber6, kServer6}) {
      EXPECT_TRUE(ShowsAny(*bytes, host.address)) << host.address;
    }
  }
  ASSERT_EQ(sent.windows.size(), 2u);
  EXPECT_TRUE(sent.windows[0].flow_records(0).addresses_are_plain());
  EXPECT_EQ(sent.windows[0].flow_records(0).source_address(), NetworkOrder(kSubscriber4.address));
}

TEST_F(Privacy, WithoutItsKeyTheCollectorDoesNotStart) {
  v1::CollectorConfig config;
  const auto places = ParseConfig(
      absl::StrCat("collector: edge-1\nisp: example\naggregator: {address: \"127.0.0.1:1\"}\nspool: {path: ",
                   dir_.File("spool.db"), "}\nlinks: [{point: uplink, file: ", dir_.File("packets.pcap"),
                   "}]\n", kPermuted, dir_.File("nokey"), "}\n"),
      "collector.yaml", config);
  ASSERT_TRUE(places.ok()) << places.status();
  const auto opened = Collector::Open({config, *collector::AddressPlan::Compile(config, *places)},
                                      {.say = [](const std::string&) {}, .finished = [] {}});
  EXPECT_EQ(opened.status().code(), absl::StatusCode::kNotFound) << opened.status();
}

}  // namespace
}  // namespace kansoku::testing
