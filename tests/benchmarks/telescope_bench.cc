// SPDX-License-Identifier: Apache-2.0
//
// What a telescope costs: the whole chain from frame to report, where each packet is of a source never seen
// before, so many of them a day; and the gate, what telescopes cost a packet that is a subscriber's. Every
// row settles its account: status 1 if a packet is missing from the totals or from what is said of sources.
//
// usage: telescope_bench [MOST_SOURCES]   rows with more sources a day are left out; 10^8 without, 0: the
//                                         gate alone
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "collector/meter_burst.h"
#include "tests/testing/packet_builder.h"

namespace kansoku::collector {
namespace {

constexpr int64_t kMidnightNs = 1'730'386'800'000'000'000;  // in Japan
constexpr int64_t kDayNs = 86'400'000'000'000;
constexpr size_t kBurst = 128;
constexpr size_t kAddressAt = 14 + 12;  // of the source, in Ethernet and IPv4
constexpr uint32_t kDefaultEntries = 16'384, kManyEntries = 1'048'576;

// Processor time of this process, whatever else the machine does.
double Seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Resident memory of this process.
uint64_t ResidentOctets() {
  std::ifstream statm("/proc/self/statm");
  uint64_t size = 0, resident = 0;
  statm >> size >> resident;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

void Write32(uint32_t value, std::vector<uint8_t>& frame, size_t at) {
  for (size_t i = 0; i < 4; ++i) frame[at + i] = static_cast<uint8_t>(value >> (24 - 8 * i));
}

std::shared_ptr<const AddressPlan> PlanOf(const v1::CollectorConfig& config) {
  return AddressPlan::Compile(config, ConfigPlaces("bench")).value();
}

// Bursts of frames that are changed in place.
class Frames {
 public:
  explicit Frames(const std::vector<uint8_t>& frame) : frames_(kBurst, frame) {
    for (size_t i = 0; i < kBurst; ++i) views_[i] = testing::ViewOf(frames_[i]);
  }
  std::vector<uint8_t>& frame(size_t i) { return frames_[i]; }
  PacketView& view(size_t i) { return views_[i]; }
  std::span<const PacketView> burst() const { return views_; }

 private:
  std::vector<std::vector<uint8_t>> frames_;
  std::array<PacketView, kBurst> views_;
};

// What all reports of a telescope say.
struct Account {
  uint64_t windows = 0, in_cells = 0, of_listed = 0, further = 0;

  void Add(const v1::WindowReport& report) {
    ++windows;
    for (const v1::DarknetTally& tally : report.measurement().darknet()) {
      for (const v1::DarknetCell& cell : tally.cells()) in_cells += cell.packets();
    }
    for (const v1::DarknetSources& sources : report.darknet_sources()) {
      further += sources.further_packets();
      for (const v1::DarknetSource& source : sources.sources())
        of_listed += source.probe_packets() + source.backscatter_packets() + source.other_packets();
    }
  }
};

// `sources` SYNs, each of its own source, evenly over so much time. `entries` 0: sources are not told apart.
bool RunTelescope(uint64_t sources, int64_t duration_ns, uint32_t entries) {
  v1::CollectorConfig config;
  config.add_telescopes()->set_sensor("t");
  config.mutable_telescopes(0)->set_prefix("203.0.113.0/24");
  const Classifier classifier(PlanOf(config), v1::LinkConfig());
  Frames frames(
      testing::PacketBuilder().Ethernet().Ipv4("0.0.0.0", "203.0.113.9").Tcp(40'000, 23, kTcpSyn).Build());
  Account account;
  const uint64_t resident_before = ResidentOctets();
  LinkMeter meter({.point = "bench", .flow_table_entries = 1, .sensors = {"t"}},
                  [&](const v1::WindowReport& report) { account.Add(report); });
  if (entries > 0) {
    meter.TellSourcesApart(
        {.hash = SourceHash::FromKey({1, 2, 3}).value(), .entries = entries, .max_reported = 4'096});
  }
  uint64_t most_resident = 0;
  CaptureStats stats;
  uint64_t sent = 0;
  const double started = Seconds();
  while (sent < sources) {
    const size_t size = std::min<uint64_t>(kBurst, sources - sent);
    for (size_t i = 0; i < size; ++i, ++sent) {
      // An odd factor makes each number another address.
      Write32(static_cast<uint32_t>(sent) * 0x9e3779b1u, frames.frame(i), kAddressAt);
      frames.view(i).captured_unix_ns =
          kMidnightNs + static_cast<int64_t>(static_cast<double>(sent) / static_cast<double>(sources) *
                                             static_cast<double>(duration_ns));
    }
    stats.received_packets += size;
    MeterBurst(
        frames.burst().first(size), DecodeOptions(), classifier, meter, [&] { return stats; },
        [](const PacketView&, Refusal, const DecodedPacket&) {});
    if (sent % (sources / 64 + 1) < kBurst) most_resident = std::max(most_resident, ResidentOctets());
  }
  meter.Finish(stats, false);
  const double seconds = Seconds() - started;
  most_resident = std::max(most_resident, ResidentOctets());
  const bool adds_up =
      account.in_cells == sources && account.of_listed + account.further == (entries > 0 ? sources : 0);
  std::printf("%12llu %9.0f %9u %10.1f %10.1f %10.1f %13llu %13llu  %s\n",
              static_cast<unsigned long long>(sources), static_cast<double>(duration_ns) / 1e9, entries,
              seconds / static_cast<double>(sources) * 1e9,
              seconds / static_cast<double>(account.windows) * 1e6,
              static_cast<double>(most_resident - std::min(resident_before, most_resident)) / 1048576.0,
              static_cast<unsigned long long>(account.of_listed),
              static_cast<unsigned long long>(account.further), adds_up ? "exact" : "WRONG");
  std::fflush(stdout);
  return adds_up;
}

// Where dark ranges lie: among those of subscribers, and one in each of so many equal parts of the family's
// addresses (of IPv6: of 2000::/3).
struct DarkRanges {
  uint8_t ip_version = 4;
  uint32_t among_subscribers = 0;
  uint32_t spread = 0;
};

// A subscriber's range, of 16 addresses or 256 networks, and as many beside it that are nobody's.
constexpr uint32_t kSubscriberRanges = 50'000;
IpAddress SubscriberAt(uint8_t ip_version, uint32_t i) {
  if (ip_version == 4) return IpAddress::Ipv4(0x0a000000 + i * 32);
  return {0x2001'0db8'0000'0000 + uint64_t{i} * 512, 0};
}
IpAddress BesideSubscriber(uint8_t ip_version, uint32_t i) {
  const IpAddress subscriber = SubscriberAt(ip_version, i);
  if (ip_version == 4) return IpAddress::Ipv4(subscriber.ipv4() + 16);
  return {subscriber.high + 256, 0};
}
IpAddress InPart(uint8_t ip_version, uint32_t part, uint32_t parts) {
  if (ip_version == 4)
    return IpAddress::Ipv4(static_cast<uint32_t>((uint64_t{part} << 32) / parts + 0xc80000));
  constexpr uint64_t kGlobal = uint64_t{1} << 61;
  return {kGlobal + kGlobal / parts * part + 0xc8'0000'0000, 0};
}

Classifier ClassifierWith(const DarkRanges& dark) {
  const uint8_t length = dark.ip_version == 4 ? 96 + 28 : 56;
  v1::CollectorConfig config;
  for (uint32_t i = 0; i < kSubscriberRanges; ++i) {
    v1::SubscriberPrefix& subscriber = *config.add_subscribers();
    subscriber.set_prefix(ToString(Prefix{SubscriberAt(dark.ip_version, i), length}));
    subscriber.set_access(v1::ACCESS_FIXED);
  }
  const auto add = [&](const IpAddress& first) {
    v1::Telescope& telescope = *config.add_telescopes();
    telescope.set_sensor("t");
    telescope.set_prefix(ToString(Prefix{first, length}));
  };
  for (uint32_t i = 0; i < dark.among_subscribers; ++i)
    add(BesideSubscriber(dark.ip_version, i * (kSubscriberRanges / dark.among_subscribers)));
  for (uint32_t i = 0; i < dark.spread; ++i) add(InPart(dark.ip_version, i, dark.spread));
  return {PlanOf(config), v1::LinkConfig()};
}

// The chain of a link whose packets are all for subscribers.
class SubscriberLink {
 public:
  explicit SubscriberLink(uint8_t ip_version)
      : ip_version_(ip_version),
        frames_(ip_version == 4
                    ? Payload(testing::PacketBuilder().Ethernet().Ipv4("198.18.0.1", "10.0.0.0"))
                    : Payload(testing::PacketBuilder().Ethernet().Ipv6("2600::1", "2001:db8::1"))) {}

  // Nanoseconds for a packet.
  double Run(const Classifier& classifier) {
    constexpr uint64_t kPackets = 1 << 16;
    const double started = Seconds();
    for (uint64_t sent = 0; sent < kPackets; sent += kBurst) {
      for (size_t i = 0; i < kBurst; ++i) {
        const auto drawn = static_cast<uint32_t>((random_.Next() >> 32) * kSubscriberRanges >> 32);
        WriteDestination(SubscriberAt(ip_version_, drawn), frames_.frame(i));
        frames_.view(i).captured_unix_ns = kMidnightNs;
      }
      stats_.received_packets += kBurst;
      MeterBurst(
          frames_.burst(), DecodeOptions(), classifier, meter_, [&] { return stats_; },
          [](const PacketView&, Refusal, const DecodedPacket&) {});
    }
    return (Seconds() - started) / static_cast<double>(kPackets) * 1e9;
  }

 private:
  static std::vector<uint8_t> Payload(testing::PacketBuilder headers) {
    return headers.Tcp(443, 40'000, kTcpAck).Payload(1'000).Build();
  }
  void WriteDestination(const IpAddress& to, std::vector<uint8_t>& frame) const {
    if (ip_version_ == 4) return Write32(to.ipv4(), frame, kAddressAt + 4);
    Write32(static_cast<uint32_t>(to.high >> 32), frame, 14 + 24);
    Write32(static_cast<uint32_t>(to.high), frame, 14 + 28);
  }

  uint8_t ip_version_;
  Frames frames_;
  LinkMeter meter_{{.point = "bench", .window_seconds = 300, .sensors = {"t"}},
                   [](const v1::WindowReport&) {}};
  SplitMix64 random_{1};
  CaptureStats stats_;
};

// Both run in turn, and the least of each counts: whatever else the machine does only adds.
void RunGate(const DarkRanges& dark) {
  constexpr int kRounds = 1'000;
  SubscriberLink link(dark.ip_version);
  const Classifier without = ClassifierWith({.ip_version = dark.ip_version}), with = ClassifierWith(dark);
  double plain = link.Run(without), gated = link.Run(with);
  for (int round = 0; round < kRounds; ++round) {
    plain = std::min(plain, link.Run(without));
    gated = std::min(gated, link.Run(with));
  }
  std::printf("%6s %18u %10u %16.1f %16.1f %10.3f\n", dark.ip_version == 4 ? "IPv4" : "IPv6",
              dark.among_subscribers, dark.spread, plain, gated - plain, gated / plain);
  std::fflush(stdout);
}

int Main(uint64_t most_sources) {
  bool adds_up = true;
  const auto telescope = [&](uint64_t sources, int64_t duration_ns, uint32_t entries) {
    if (sources <= most_sources) adds_up = RunTelescope(sources, duration_ns, entries) && adds_up;
  };
  std::printf("%12s %9s %9s %10s %10s %10s %13s %13s\n", "sources", "seconds", "entries", "ns/packet",
              "us/window", "MiB more", "told apart", "shed");
  for (const uint64_t sources : {100'000ull, 1'000'000ull, 10'000'000ull}) {
    for (const uint32_t entries : {0u, kDefaultEntries, kManyEntries}) telescope(sources, kDayNs, entries);
  }
  // A spoofed flood of half an hour.
  for (const uint32_t entries : {0u, kDefaultEntries, kManyEntries})
    telescope(100'000'000, kDayNs / 48, entries);
  std::printf("\ndark ranges\n%6s %18s %10s %16s %16s %10s\n", "family", "among subscribers", "spread",
              "ns/packet", "gate's ns", "ratio");
  for (const uint8_t ip_version : {uint8_t{4}, uint8_t{6}}) {
    for (const uint32_t among : {1u, 64u, 1'024u}) RunGate({ip_version, among, 0});
    // 256 parts of IPv4 are 2^24 addresses each.
    for (const uint32_t among : {0u, 1'024u}) RunGate({ip_version, among, 256});
  }
  return adds_up ? 0 : 1;
}

}  // namespace
}  // namespace kansoku::collector

int main(int argc, char** argv) {
  return kansoku::collector::Main(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000'000);
}
