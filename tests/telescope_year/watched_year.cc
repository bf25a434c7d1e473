// SPDX-License-Identifier: Apache-2.0
#include "tests/telescope_year/watched_year.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tests/generator/random.h"

namespace kansoku::telescope_year {
namespace {

using generator::Address;
using generator::IpPacket;
using generator::Random;

constexpr int kJapanSeconds = 9 * 3600;
constexpr uint32_t kDaySeconds = 86'400;
// METRICS 5.7.
constexpr uint64_t kSurveyPorts = 30;

// Hosts of 198.18.0.0/15, which is nobody's.
constexpr uint32_t kStrangers = 198u << 24 | 18u << 16;
constexpr uint32_t kSurvey = kStrangers + 1, kOneShort = kStrangers + 2, kFewPorts = kStrangers + 3,
                   kWeeklySurvey = kStrangers + 4, kZmap = kStrangers + 5, kVictim = kStrangers + 6,
                   kMasscan = kStrangers + 7, kNmap = kStrangers + 8, kUnicornscan = kStrangers + 9,
                   kStrays = kStrangers + 16, kNetwork = kStrangers + 255, kOrdinary = kStrangers + 256,
                   kWorms = kStrangers + 65'536;
constexpr uint32_t kZmapPackets = 20, kZmapIdentification = 54'321, kMasscanPackets = 16;
// Nmap and Unicornscan come to one sensor within one window: their marks are of SYNs that follow each other.
constexpr uint32_t kPairedPackets = 15, kPairedStart = 10 * 3600, kNmapMask = 0xdd52'8318,
                   kUnicornscanKey = 0x5eed'1234;
constexpr uint8_t kHighHopLimit = 245;
// An answer every third of a second, over an edge of windows.
constexpr uint32_t kStormPackets = 300, kStormStart = 12 * 3600 + 250, kStormMilliseconds = 333;

// Who comes by every day: hosts, packets of each, protocol and port.
struct Ordinary {
  uint32_t hosts, packets;
  uint8_t protocol;
  uint16_t port;
};
constexpr Ordinary kEveryDay[] = {
    {30, 3, 6, 445},  {40, 2, 6, 80},    {35, 2, 6, 22},   {22, 3, 6, 443},    {21, 3, 6, 3389},
    {31, 2, 6, 8080}, {30, 2, 17, 5060}, {29, 2, 6, 5555}, {14, 1, 17, 53413},
};

constexpr uint16_t kFewPortsPorts = 29;

bool IsStormy(absl::CivilDay day) { return (day - kFirstDay) % 10 == 4; }
bool IsWeekly(absl::CivilDay day) { return (day - kFirstDay) % 7 == 3; }
uint32_t WormsOn(absl::CivilDay day) { return 10 + static_cast<uint32_t>(day - kFirstDay) / 30; }

// Makes one day's packets.
class Day {
 public:
  explicit Day(absl::CivilDay day)
      : day_(day),
        start_ns_(StartOf(day) * 1'000'000'000),
        random_(static_cast<uint64_t>(day - kFirstDay) + 1) {
    for (size_t sensor = 0; sensor < Sensors().size(); ++sensor) {
      if (!Sensors()[sensor].IsDark(day)) continue;
      for (uint32_t i = 0; i < Sensors()[sensor].addresses; ++i) targets_.emplace_back(sensor, i);
    }
    // Those who are seen come first, so that who sends as many as there are reaches all of them.
    std::stable_sort(targets_.begin(), targets_.end(), [&](const auto& a, const auto& b) {
      return Sensors()[a.first].IsSeen(day) > Sensors()[b.first].IsSeen(day);
    });
    seen_ = static_cast<uint32_t>(std::count_if(targets_.begin(), targets_.end(), [&](const auto& target) {
      return Sensors()[target.first].IsSeen(day);
    }));
  }

  std::vector<TimedPacket> Make() {
    // Among its forty ports is one that others come to.
    for (uint32_t i = 0; i < seen_; ++i)
      Add(i, Probe(kSurvey, 6, static_cast<uint16_t>(i % 40 == 0 ? 80 : 20'000 + i % 40)));
    for (uint32_t i = 0; i + 1 < seen_; ++i)
      Add(i, Probe(kOneShort, 6, static_cast<uint16_t>(21'000 + i % 40)));
    for (uint32_t i = 0; i < 3 * seen_; ++i)
      Add(i % seen_, Probe(kFewPorts, 6, static_cast<uint16_t>(22'000 + i % kFewPortsPorts)));
    for (uint32_t i = 0; IsWeekly(day_) && i < seen_; ++i)
      Add(i, Probe(kWeeklySurvey, i % 2 == 0 ? 6 : 17, static_cast<uint16_t>(23'000 + i % 30 / 2)));
    for (uint32_t i = 0; i < kZmapPackets; ++i) {
      IpPacket probe = Probe(kZmap, 6, 443);
      probe.identification = kZmapIdentification;
      probe.tcp_window = 65'535;
      probe.hop_limit = kHighHopLimit;
      Add(Any(), probe);
    }
    AddMasscan();
    AddPaired();
    AddOdd();
    AddWorms();
    AddOrdinary();
    AddAnswers();
    std::stable_sort(packets_.begin(), packets_.end(),
                     [](const TimedPacket& a, const TimedPacket& b) { return a.unix_ns < b.unix_ns; });
    return std::move(packets_);
  }

 private:
  static IpPacket From(uint32_t source) {
    IpPacket packet;
    packet.source = Address{0, source, generator::Family::kIpv4};
    return packet;
  }
  IpPacket Probe(uint32_t source, uint8_t protocol, uint16_t port) {
    IpPacket packet = From(source);
    packet.protocol = protocol;
    packet.source_port = 40'000;
    packet.destination_port = port;
    packet.identification = 1;
    packet.tcp_sequence = random_.Next32() | 1;
    if (protocol == 6) packet.tcp_flags = generator::kSyn;
    return packet;
  }
  uint32_t Any() { return random_.Below(static_cast<uint32_t>(targets_.size())); }
  int64_t AnyTime() {
    return start_ns_ + int64_t{random_.Below(kDaySeconds)} * 1'000'000'000 + random_.Below(1'000'000'000);
  }

  void Add(uint32_t target, IpPacket packet) { AddAt(AnyTime(), target, std::move(packet)); }
  void AddAt(int64_t unix_ns, uint32_t target, IpPacket packet) {
    const size_t sensor = targets_[target].first;
    packet.destination = Address{0, AddressOf(target), generator::Family::kIpv4};
    packets_.push_back({unix_ns, sensor, std::move(packet)});
  }

  uint32_t AddressOf(uint32_t target) const {
    return Sensors()[targets_[target].first].base + targets_[target].second;
  }

  // Its hop limit is high too, which is no flag of packets with its mark.
  void AddMasscan() {
    for (uint32_t i = 0; i < kMasscanPackets; ++i) {
      const uint32_t target = Any();
      IpPacket probe = Probe(kMasscan, 6, 3389);
      probe.tcp_window = 1024;
      probe.hop_limit = kHighHopLimit;
      probe.identification =
          static_cast<uint16_t>(AddressOf(target) ^ probe.destination_port ^ probe.tcp_sequence);
      Add(target, probe);
    }
  }
  // At the first range, which is always seen. Nmap sends each sequence number three times.
  void AddPaired() {
    for (uint32_t i = 0; i < kPairedPackets; ++i) {
      const int64_t unix_ns = start_ns_ + int64_t{kPairedStart + i} * 1'000'000'000;
      IpPacket nmap = Probe(kNmap, 6, 22);
      nmap.tcp_window = 1024;
      nmap.tcp_option_octets = 4;
      nmap.tcp_sequence = kNmapMask ^ ((i / 3 + 1) << 16 | (i / 3 + 1));
      AddAt(unix_ns, i, nmap);
      IpPacket unicornscan = Probe(kUnicornscan, 6, 80);
      unicornscan.source_port = static_cast<uint16_t>(30'000 + 7 * i);
      unicornscan.tcp_sequence =
          kUnicornscanKey ^ AddressOf(i) ^ ((uint32_t{80} << 16) + unicornscan.source_port);
      AddAt(unix_ns, i, unicornscan);
    }
  }
  // Odd, and counted all the same: from a network's last address, to port 0, and from the very address it is
  // for.
  void AddOdd() {
    for (uint32_t i = 0; i < 4; ++i) Add(Any(), Probe(kNetwork, 6, i == 0 ? 0 : 445));
    const uint32_t target = Any();
    Add(target, Probe(AddressOf(target), 17, 5060));
  }

  // Other hosts each day, each at ten addresses; their mark is the address itself.
  void AddWorms() {
    for (uint32_t worm = 0; worm < WormsOn(day_); ++worm) {
      const uint32_t first = Any();
      for (uint32_t i = 0; i < 10; ++i) {
        const uint32_t target = (first + i) % static_cast<uint32_t>(targets_.size());
        IpPacket probe =
            Probe(kWorms + static_cast<uint32_t>(day_ - kFirstDay) * 64 + worm, 6, i % 5 == 4 ? 2323 : 23);
        probe.tcp_sequence = AddressOf(target);
        Add(target, probe);
      }
    }
  }
  void AddOrdinary() {
    uint32_t host = kOrdinary;
    for (const Ordinary& kind : kEveryDay) {
      for (uint32_t i = 0; i < kind.hosts; ++i, ++host) {
        for (uint32_t packet = 0; packet < kind.packets; ++packet)
          Add(Any(), Probe(host, kind.protocol, kind.port));
      }
    }
  }
  void AddAnswers() {
    for (uint32_t i = 0; i < 9; ++i) {
      IpPacket stray = Probe(kStrays + i % 3, 6, 1024);
      stray.tcp_flags = generator::kRst;
      Add(Any(), stray);
    }
    for (uint32_t i = 0; i < 5; ++i) {
      IpPacket echo = From(kStrays + 8);
      echo.protocol = generator::kProtocolIcmp;
      echo.icmp_type = 8;
      Add(Any(), echo);
    }
    for (uint32_t i = 0; IsStormy(day_) && i < kStormPackets; ++i) {
      IpPacket answer = Probe(kVictim, 6, 30'000);
      answer.source_port = 80;
      answer.tcp_flags = generator::kSyn | generator::kAck;
      // At the first range, which is always seen.
      AddAt(start_ns_ + int64_t{kStormStart} * 1'000'000'000 + int64_t{i} * kStormMilliseconds * 1'000'000,
            i % 64, answer);
    }
  }

  const absl::CivilDay day_;
  const int64_t start_ns_;
  Random random_;
  std::vector<std::pair<size_t, uint32_t>> targets_;  // sensor, and address in it
  uint32_t seen_ = 0;
  std::vector<TimedPacket> packets_;
};

std::string ClassOf(const IpPacket& packet) {
  if (packet.protocol == generator::kProtocolIcmp) return "icmp_request";
  if (packet.protocol == generator::kProtocolUdp) return "udp_probe";
  if (packet.tcp_flags == generator::kSyn) return "tcp_syn";
  return packet.tcp_flags == generator::kRst ? "backscatter_rst" : "backscatter_syn_ack";
}

struct SourceSeen {
  uint64_t packets = 0, probes = 0;
  std::map<Port, uint64_t> ports;
};

void Judge(const std::map<uint32_t, SourceSeen>& sources, uint64_t threshold, Seen& seen) {
  for (const auto& [source, of] : sources) {
    const bool is_survey = of.probes >= threshold && of.ports.size() >= kSurveyPorts;
    const bool is_listed = source == kOneShort || source == kWeeklySurvey;
    for (const auto& [port, packets] : of.ports) {
      ++seen.port_hosts[port];
      if (is_survey) ++seen.survey_port_hosts[port];
    }
    if (is_survey) {
      ++seen.survey_sources;
      seen.survey_packets += of.packets;
      for (const auto& [port, packets] : of.ports) seen.survey_ports[port] += packets;
    }
    if (!is_survey) seen.non_survey_sources.insert(source);
    if (is_listed) {
      ++seen.listed_sources;
      seen.listed_packets += of.packets;
      for (const auto& [port, packets] : of.ports) seen.listed_ports[port] += packets;
    }
    seen.sources.insert(source);
  }
}

template <typename Key>
void AddCounts(const std::map<Key, uint64_t>& from, std::map<Key, uint64_t>& into) {
  for (const auto& [key, count] : from) into[key] += count;
}

void CountFlags(const IpPacket& packet, Seen& seen) {
  const auto source = static_cast<uint32_t>(packet.source.low);
  const bool high_ttl = packet.hop_limit >= 200 && source != kMasscan;
  const bool network_source = (source & 0xff) == 0 || (source & 0xff) == 0xff;
  const bool own_source = packet.source.low == packet.destination.low;
  const bool port_zero = packet.protocol != generator::kProtocolIcmp && packet.destination_port == 0;
  ++seen.flags["examined"];
  seen.flags["high_ttl"] += high_ttl;
  seen.flags["network_source"] += network_source;
  seen.flags["own_source"] += own_source;
  seen.flags["port_zero"] += port_zero;
  seen.flags["foreign_quote"] += 0;  // nobody sends ICMP errors
  seen.flags["any"] += high_ttl || network_source || own_source || port_zero;
}

void CountTool(const std::string& tool, const SourceSeen& of, Seen& seen) {
  ++seen.tools[tool];
  seen.tool_packets[tool] += of.packets;
}

}  // namespace

int64_t StartOf(absl::CivilDay day) {
  return absl::ToUnixSeconds(absl::FromCivil(day, absl::FixedTimeZone(kJapanSeconds)));
}

const std::vector<Sensor>& Sensors() {
  static const std::vector<Sensor> sensors = [] {
    const absl::CivilDay end = kLastDay + 1, never = end;
    const auto base = [](uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
      return a << 24 | b << 16 | c << 8 | d;
    };
    return std::vector<Sensor>{
        {"isp-a", "kyoto", "198.51.100.0/26", base(198, 51, 100, 0), 64, kFirstDay, end, never, never},
        {"isp-b", "osaka", "203.0.113.0/27", base(203, 0, 113, 0), 32, kFirstDay, end, never, never},
        {"isp-b", "osaka", "203.0.113.64/26", base(203, 0, 113, 64), 64, absl::CivilDay(2024, 4, 1),
         absl::CivilDay(2024, 10, 1), never, never},
        {"isp-c", "sapporo", "192.0.2.0/27", base(192, 0, 2, 0), 32, absl::CivilDay(2024, 2, 1), end,
         absl::CivilDay(2024, 8, 10), absl::CivilDay(2024, 8, 20)}};
  }();
  return sensors;
}

std::vector<TimedPacket> PacketsOf(absl::CivilDay day) { return Day(day).Make(); }

Seen SeenOn(absl::CivilDay day, const std::string& isp) {
  Seen seen;
  seen.days = 1;
  const auto is_asked = [&](const Sensor& sensor) { return isp.empty() || sensor.isp == isp; };
  for (const Sensor& sensor : Sensors()) {
    if (!is_asked(sensor) || !sensor.IsSeen(day)) continue;
    seen.address_days += sensor.addresses;
    seen.prefix_days[{sensor.name, sensor.prefix}] += sensor.addresses;
  }
  seen.last_day_addresses = seen.address_days;
  std::map<uint32_t, SourceSeen> sources;
  uint64_t answers = 0;
  std::set<uint32_t> answering;
  std::map<uint32_t, std::set<uint64_t>> worms;
  for (const TimedPacket& timed : PacketsOf(day)) {
    const Sensor& sensor = Sensors()[timed.sensor];
    if (!is_asked(sensor) || !sensor.IsSeen(day)) continue;
    const IpPacket& packet = timed.packet;
    const auto source = static_cast<uint32_t>(packet.source.low);
    const std::string of_class = ClassOf(packet);
    ++seen.packets;
    ++seen.classes[of_class];
    CountFlags(packet, seen);
    seen.class_sources[{of_class, packet.protocol}].insert(source);
    SourceSeen& of = sources[source];
    ++of.packets;
    if (packet.protocol != generator::kProtocolIcmp) ++seen.ports[{packet.protocol, packet.destination_port}];
    if (of_class == "tcp_syn" || of_class == "udp_probe") {
      ++of.probes;
      ++of.ports[{packet.protocol, packet.destination_port}];
    }
    if (source == kVictim) ++answers;
    if (of_class.starts_with("backscatter_")) answering.insert(source);
    if (source >= kWorms && source < kWorms + 65'536) worms[source].insert(packet.destination.low);
  }
  Judge(sources, std::max<uint64_t>(seen.address_days, 1), seen);
  seen.backscatter_sources = answering.size();
  if (answers == kStormPackets) {
    seen.victims = 1;
    seen.victim_packets = answers;
  }
  if (sources[kZmap].packets >= 3) CountTool("zmap", sources[kZmap], seen);
  if (sources[kMasscan].packets >= 3) CountTool("masscan", sources[kMasscan], seen);
  if (sources[kNmap].packets == kPairedPackets) CountTool("nmap", sources[kNmap], seen);
  if (sources[kUnicornscan].packets == kPairedPackets) CountTool("unicornscan", sources[kUnicornscan], seen);
  for (const auto& [worm, addresses] : worms) {
    if (addresses.size() >= 3) CountTool("mirai", sources[worm], seen);
  }
  if (seen.address_days > 0) {
    seen.packets_per_address =
        static_cast<long double>(seen.packets) / static_cast<long double>(seen.address_days);
  }
  return seen;
}

void Seen::Add(const Seen& other) {
  days += other.days;
  packets += other.packets;
  address_days += other.address_days;
  AddCounts(other.prefix_days, prefix_days);
  AddCounts(other.classes, classes);
  AddCounts(other.flags, flags);
  AddCounts(other.tool_packets, tool_packets);
  for (const auto& [kind, of_kind] : other.class_sources)
    class_sources[kind].insert(of_kind.begin(), of_kind.end());
  non_survey_sources.insert(other.non_survey_sources.begin(), other.non_survey_sources.end());
  listed_sources += other.listed_sources;
  AddCounts(other.ports, ports);
  survey_packets += other.survey_packets;
  listed_packets += other.listed_packets;
  AddCounts(other.survey_ports, survey_ports);
  AddCounts(other.listed_ports, listed_ports);
  survey_sources += other.survey_sources;
  AddCounts(other.tools, tools);
  victims += other.victims;
  victim_packets += other.victim_packets;
  backscatter_sources += other.backscatter_sources;
  sources.insert(other.sources.begin(), other.sources.end());
  packets_per_address += other.packets_per_address;
  last_day_addresses = other.last_day_addresses;
}

}  // namespace kansoku::telescope_year
