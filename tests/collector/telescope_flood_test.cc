// SPDX-License-Identifier: Apache-2.0
//
// A flood from two million forged addresses at a collector that was given room for a thousand sources: its
// memory is what was configured, no packet is lost from the totals, and what is said of how much single
// sources may hide is true of every one.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "collector/classify/darknet_class.h"
#include "collector/meter/split_mix.h"
#include "collector/meter_burst.h"
#include "collector/window_merge.h"
#include "proto/contract/identity.h"
#include "proto/contract/measurement.h"
#include "proto/contract/source_sketch.h"
#include "tests/collector/classify/planning.h"
#include "tests/collector/dark_captures.h"
#include "tests/testing/packet_builder.h"

namespace kansoku::collector {
namespace {

constexpr uint32_t kEntries = 1'024, kMaxReported = 256;
constexpr size_t kFlood = 2'000'000;

// A packet of any class, from anywhere.
DecodedPacket AnyPacket(SplitMix64& random) {
  constexpr std::array<uint8_t, 5> kProtocols = {kProtocolTcp, kProtocolUdp, kProtocolIcmp, kProtocolIcmpv6,
                                                 kProtocolSctp};
  const uint64_t drawn = random.Next();
  DecodedPacket packet;
  packet.ip_version = drawn % 2 == 0 ? 4 : 6;
  packet.source =
      drawn % 2 == 0 ? IpAddress::Ipv4(static_cast<uint32_t>(random.Next())) : IpAddress{random.Next(), 1};
  packet.destination = IpAddress::Ipv4(0xcb007100);
  packet.protocol = kProtocols[drawn / 2 % kProtocols.size()];
  packet.source_port = drawn >> 8 & 1 ? 53 : 40'000;
  packet.destination_port = static_cast<uint16_t>(drawn >> 16);
  packet.has_tcp_flags = packet.protocol == kProtocolTcp;
  packet.tcp_flags = drawn >> 32 & 0x3f;
  packet.has_icmp = true;
  packet.icmp_type = static_cast<uint8_t>(drawn >> 40);
  if ((drawn >> 48) % 8 == 0) packet.remarks = kRemarkLaterFragment;
  if ((drawn >> 48) % 8 == 1) packet.remarks = kRemarkExtensionsShort;
  return packet;
}

// What docs/measurement.md says: 192 octets for each entry, and at most 0.7 MiB of sketches for each sensor.
TEST(TelescopeFlood, TakesTheMemoryThatIsDocumentedAndNoMore) {
  DarkSources sources({.hash = KnownHash(), .entries = kEntries, .max_reported = kMaxReported}, 1, 1);
  EXPECT_EQ(sources.octets(), kEntries * 192u);
  SplitMix64 random(1);
  for (size_t i = 0; i < kFlood; ++i) {
    const DecodedPacket packet = AnyPacket(random);
    const uint64_t key = sources.KeyOf(0, packet);
    sources.Count(0, DarknetClassOf(packet), packet, key, sources.Find(key), 1);
  }
  constexpr size_t kSketches = 44 * sizeof(SourceSketch);
  static_assert(kSketches <= (7 << 20) / 10);
  EXPECT_EQ(sources.octets(), kEntries * 192u + kSketches) << "every class, family and protocol came";
  v1::DarknetTally tally;
  sources.MoveSketchesTo(0, tally);
  EXPECT_EQ(tally.sketches_size(), 44);
  v1::WindowReport report;
  const std::string sensor = "s";
  sources.MoveTo({&sensor, 1}, 0, report);
  EXPECT_EQ(report.darknet_sources(0).sources_size(), static_cast<int>(kMaxReported));
  EXPECT_EQ(sources.octets(), kEntries * 192u + kSketches);
}

// A link of two workers with two sensors, and who sent what to it.
class FloodedLink {
 public:
  static constexpr int64_t kStart = 1'730'386'800;  // of a window

  FloodedLink() {
    for (uint64_t i = 0; i < 2; ++i) {
      LinkMeterOptions options{.point = "p", .flow_table_entries = 1, .flow_hash_seed = i};
      options.sensors = plan_->sensors();
      Worker& worker = workers_.emplace_back(
          Worker{LinkMeter(options, [this, i](v1::WindowReport report) { merge_.Add(i, std::move(report)); }),
                 CaptureStats()});
      worker.meter.TellSourcesApart({.hash = KnownHash(), .entries = kEntries, .max_reported = kMaxReported});
    }
  }

  // A SYN from the address to a sensor, after so many nanoseconds.
  void Send(uint32_t from, uint64_t sensor, int64_t after_ns, uint64_t worker) {
    std::vector<uint8_t>& frame = frames_[sensor];
    for (size_t i = 0; i < 4; ++i) frame[14 + 12 + i] = static_cast<uint8_t>(from >> (24 - 8 * i));
    PacketView view = testing::ViewOf(frame);
    view.captured_unix_ns = kStart * 1'000'000'000 + after_ns;
    Worker& to = workers_[worker];
    ++to.stats.received_packets;
    MeterBurst(
        std::span(&view, 1), DecodeOptions(), classifier_, to.meter, [&] { return to.stats; },
        [](const PacketView&, Refusal, const DecodedPacket&) {});
    ++sent_[{kStart + after_ns / 10'000'000'000 * 10, sensor == 0 ? "east" : "west"}]
           [KnownHash().OfSource(IpAddress::Ipv4(from))];
  }

  const std::vector<v1::WindowReport>& Finish() {
    for (size_t i = 0; i < workers_.size(); ++i) {
      workers_[i].meter.Finish(workers_[i].stats, false);
      merge_.End(i);
    }
    return reports_;
  }

  using Sent = std::unordered_map<uint64_t, uint64_t>;  // packets by source
  const Sent& SentIn(int64_t window, const std::string& sensor) const { return sent_.at({window, sensor}); }

 private:
  struct Worker {
    LinkMeter meter;
    CaptureStats stats;
  };

  static std::vector<uint8_t> Syn(const std::string& to) {
    return testing::PacketBuilder().Ethernet().Ipv4("192.0.2.1", to).Tcp(40'000, 23, kTcpSyn).Build();
  }

  const std::shared_ptr<const AddressPlan> plan_ =
      CompilePlan(
          "telescopes: [{sensor: east, prefix: 203.0.113.0/24}, {sensor: west, prefix: 198.51.100.0/24}]\n")
          .value();
  const Classifier classifier_{plan_, v1::LinkConfig()};
  std::array<std::vector<uint8_t>, 2> frames_ = {Syn("203.0.113.7"), Syn("198.51.100.7")};
  std::vector<v1::WindowReport> reports_;
  WindowMerge merge_{{.workers = 2, .max_darknet_sources = kMaxReported},
                     [this](v1::WindowReport report) { reports_.push_back(std::move(report)); }};
  std::deque<Worker> workers_;
  std::map<std::pair<int64_t, std::string>, Sent> sent_;  // by window and sensor
};

uint64_t PacketsOf(const v1::DarknetSource& source) {
  return source.probe_packets() + source.backscatter_packets() + source.other_packets();
}

void ExpectTrue(const v1::DarknetTally& tally, const v1::DarknetSources& told,
                const FloodedLink::Sent& sent) {
  uint64_t packets = 0, in_cells = 0, of_sources = 0;
  for (const auto& [source, of_source] : sent) packets += of_source;
  for (const v1::DarknetCell& cell : tally.cells()) in_cells += cell.packets();
  EXPECT_EQ(in_cells, packets);
  const auto sources = static_cast<double>(sent.size());
  ASSERT_EQ(tally.sketches_size(), 1);
  EXPECT_NEAR(static_cast<double>(EstimateSources(tally.sketches(0))), sources, 5 * 0.0081 * sources);

  std::map<uint64_t, uint64_t> listed;
  for (const v1::DarknetSource& source : told.sources()) {
    listed[source.id()] = PacketsOf(source);
    of_sources += PacketsOf(source);
  }
  EXPECT_EQ(of_sources + told.further_packets(), packets);
  uint64_t most_hidden = 0;
  for (const auto& [source, of_source] : sent) {
    const auto known = listed.find(source);
    const uint64_t said = known == listed.end() ? 0 : known->second;
    ASSERT_LE(said, of_source) << source;
    most_hidden = std::max(most_hidden, of_source - said);
    if (known != listed.end()) listed.erase(known);
  }
  EXPECT_TRUE(listed.empty()) << "nobody who sent nothing";
  EXPECT_GT(most_hidden, 0u);
  EXPECT_LE(most_hidden, told.most_of_one());
}

TEST(TelescopeFlood, LeavesTotalsExactAndBoundsWhatItHides) {
  constexpr int64_t kSpanNs = 30'000'000'000;
  constexpr uint32_t kScanners = 40, kFirstScanner = 0xc6120001;
  FloodedLink link;
  SplitMix64 random(1);
  for (size_t i = 0; i < kFlood; ++i) {
    const uint64_t drawn = random.Next();
    const bool is_of_scanner = drawn % 8 == 0;
    const auto from = is_of_scanner ? kFirstScanner + static_cast<uint32_t>((drawn >> 8) % kScanners)
                                    : static_cast<uint32_t>(drawn >> 32);
    link.Send(from, drawn >> 3 & 1, static_cast<int64_t>(i) * kSpanNs / static_cast<int64_t>(kFlood),
              drawn >> 4 & 1);
  }
  const std::vector<v1::WindowReport>& reports = link.Finish();
  ASSERT_EQ(reports.size(), 3u);
  for (const v1::WindowReport& report : reports) {
    SCOPED_TRACE(report.window_start_unix_seconds());
    for (const Identity& identity : CaptureIdentities(report.measurement()))
      EXPECT_TRUE(identity.holds()) << identity.statement;
    ASSERT_EQ(report.measurement().darknet_size(), 2);
    ASSERT_EQ(report.darknet_sources_size(), 2);
    std::set<uint64_t> listed;
    int sources = 0;
    for (int i = 0; i < 2; ++i) {
      const v1::DarknetSources& told = report.darknet_sources(i);
      SCOPED_TRACE(told.sensor());
      EXPECT_EQ(report.measurement().darknet(i).sensor(), told.sensor());
      ExpectTrue(report.measurement().darknet(i), told,
                 link.SentIn(report.window_start_unix_seconds(), told.sensor()));
      sources += told.sources_size();
      for (const v1::DarknetSource& source : told.sources()) listed.insert(source.id());
    }
    EXPECT_LE(sources, static_cast<int>(kMaxReported));
    for (uint32_t i = 0; i < kScanners; ++i)
      EXPECT_TRUE(listed.contains(KnownHash().OfSource(IpAddress::Ipv4(kFirstScanner + i)))) << i;
  }
}

}  // namespace
}  // namespace kansoku::collector
