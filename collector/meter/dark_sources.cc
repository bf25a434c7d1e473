// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/dark_sources.h"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <tuple>

#include "collector/classify/darknet_class.h"
#include "collector/classify/scan_marks.h"

namespace kansoku::collector {
namespace {

bool IsBackscatter(v1::DarknetClass darknet_class) {
  return darknet_class == v1::DARKNET_CLASS_BACKSCATTER_SYN_ACK ||
         darknet_class == v1::DARKNET_CLASS_BACKSCATTER_RST ||
         darknet_class == v1::DARKNET_CLASS_BACKSCATTER_ICMP;
}

void CountMarks(uint8_t marks, DarkSource& source) {
  for (; marks != 0; marks &= marks - 1) ++source.marks[static_cast<size_t>(std::countr_zero(marks))];
}

void WriteMarks(const DarkSource& source, v1::ScanMarks& marks) {
  const auto of = [&](ScanMark mark) {
    return source.marks[static_cast<size_t>(std::countr_zero(uint8_t{mark}))];
  };
  marks.set_mirai(of(kMirai));
  marks.set_zmap(of(kZmap));
  marks.set_masscan(of(kMasscan));
  marks.set_nmap(of(kNmap));
  marks.set_unicornscan(of(kUnicornscan));
  marks.set_pairs(source.pairs);
}

// Bits of `lists` at the places that `in_force` has, close together.
uint32_t PlacesAmong(uint32_t in_force, uint32_t lists) {
  uint32_t places = 0;
  for (int place = 0; in_force != 0; in_force &= in_force - 1, ++place) {
    places |= (lists >> std::countr_zero(in_force) & 1) << place;
  }
  return places;
}

// What is counted together, by sensor.
struct LeftOut {
  std::array<uint64_t, kMaxSensors> packets{};
  std::array<uint64_t, kMaxSensors> most_of_one{};
};

// Leaves out all but so many sources with the most packets, and sorts these by sensor and hash.
void KeepMost(size_t most, std::vector<const DarkSource*>& sources, LeftOut& left_out) {
  if (sources.size() > most) {
    const auto first = sources.begin() + static_cast<std::ptrdiff_t>(most);
    std::nth_element(sources.begin(), first, sources.end(), [](const DarkSource* a, const DarkSource* b) {
      return std::tuple(b->packets, a->id, a->sensor) < std::tuple(a->packets, b->id, b->sensor);
    });
    std::array<uint64_t, kMaxSensors> most_packets{};
    std::for_each(first, sources.end(), [&](const DarkSource* source) {
      left_out.packets[source->sensor] += source->packets;
      most_packets[source->sensor] = std::max<uint64_t>(most_packets[source->sensor], source->packets);
    });
    for (size_t sensor = 0; sensor < kMaxSensors; ++sensor)
      left_out.most_of_one[sensor] += most_packets[sensor];
    sources.erase(first, sources.end());
  }
  std::sort(sources.begin(), sources.end(), [](const DarkSource* a, const DarkSource* b) {
    return std::tuple(a->sensor, a->id) < std::tuple(b->sensor, b->id);
  });
}

uint64_t PacketsOf(const v1::DarknetSource& source) {
  return source.probe_packets() + source.backscatter_packets() + source.other_packets();
}

struct Listed {
  uint64_t packets;
  v1::DarknetSource* source;
  v1::DarknetSources* of_sensor;
};

// Every source had a packet: one that has none any more is to be erased.
void LeaveOut(std::span<const Listed> by_falling_packets) {
  std::map<v1::DarknetSources*, uint64_t> most;
  for (const Listed& left_out : by_falling_packets) {
    v1::DarknetSources& of_sensor = *left_out.of_sensor;
    most.try_emplace(&of_sensor, left_out.packets);
    of_sensor.set_further_packets(of_sensor.further_packets() + left_out.packets);
    left_out.source->Clear();
  }
  for (const auto& [of_sensor, packets] : most)
    of_sensor->set_most_of_one(of_sensor->most_of_one() + packets);
}

void EraseLeftOut(google::protobuf::RepeatedPtrField<v1::DarknetSource>& sources) {
  int kept = 0;
  for (int i = 0; i < sources.size(); ++i) {
    if (PacketsOf(sources.Get(i)) > 0) sources.SwapElements(kept++, i);
  }
  sources.DeleteSubrange(kept, sources.size() - kept);
}

// A source whose ports find no room in a report has none in it; one with fewer may have that room. Those with
// many come last: a few of them would else take the room of all others.
void LimitPorts(std::span<const Listed> by_falling_packets) {
  size_t room = kMaxSourcePorts;
  const auto limit = [&](bool is_wide) {
    for (const Listed& listed : by_falling_packets) {
      const auto ports = static_cast<size_t>(listed.source->ports_size());
      if ((ports > SourceTable::kMaxOwnPorts) != is_wide) continue;
      if (ports <= room) {
        room -= ports;
        continue;
      }
      listed.source->clear_ports();
      listed.source->set_further_packets(listed.source->probe_packets());
    }
  };
  limit(false);
  limit(true);
}

// Those of one source.
std::span<const WidePorts::Entry> OfSource(uint16_t as_wide, std::span<const WidePorts::Entry> sorted) {
  if (as_wide == 0) return {};
  const auto [first, end] = std::equal_range(
      sorted.begin(), sorted.end(), WidePorts::Entry{.source = as_wide},
      [](const WidePorts::Entry& a, const WidePorts::Entry& b) { return a.source < b.source; });
  return {first, end};
}

}  // namespace

DarkSources::DarkSources(const DarkSourceOptions& options, size_t sensors, uint64_t hash_seed)
    : options_(options), table_(options.entries, hash_seed), sketches_(sensors) {
  if (options_.lists == nullptr) options_.lists = std::make_shared<const SurveyLists>();
}

// A source is hashed where it is new, and not once more while the table has it.
void DarkSources::Count(size_t sensor, v1::DarknetClass darknet_class, const DecodedPacket& packet,
                        uint64_t key, uint32_t found, uint32_t packets) {
  const size_t kind = SourceSketches::KindOf(darknet_class, packet);
  const auto [source, is_new] = table_.Touch(sensor, packet.source, key, found, packets);
  if (source == nullptr) {
    sketches_.Add(sensor, packet.ip_version, kind, options_.hash.OfSource(packet.source));
    return;
  }
  if (is_new) source->id = options_.hash.OfSource(packet.source);
  if (const uint32_t bit = SourceSketches::BitOf(kind); (source->kinds & bit) == 0) {
    source->kinds |= bit;
    sketches_.Add(sensor, packet.ip_version, kind, source->id);
  }
  source->addresses |= options_.hash.PartOfDark(packet.destination);
  if (IsProbe(darknet_class)) {
    CountProbe(darknet_class, packet, packets, *source);
  } else if (IsBackscatter(darknet_class)) {
    source->backscatter_packets += packets;
  }
}

// What finds no room among the ports is told by the difference.
void DarkSources::CountProbe(v1::DarknetClass darknet_class, const DecodedPacket& packet, uint32_t packets,
                             DarkSource& source) {
  source.probe_packets += packets;
  const bool is_syn = darknet_class == v1::DARKNET_CLASS_TCP_SYN;
  table_.CountPort(source, SourceTable::PortOf(!is_syn, packet.destination_port), packets);
  if (!is_syn) return;
  CountMarks(MarksOf(packet), source);
  if (source.tcp_syns > 0 && ArePair(source.last_syn, packet)) {
    ++source.pairs;
    CountMarks(MarksOfPair(source.last_syn, packet), source);
  }
  source.last_syn = TraceOf(packet);
  source.tcp_syns += packets;
}

void DarkSources::MoveSketchesTo(size_t sensor, v1::DarknetTally& tally) {
  tally.set_source_key(options_.hash.key_id());
  sketches_.MoveTo(sensor, tally);
}

void DarkSources::MoveTo(std::span<const std::string> sensors, int64_t window_first_unix_ns,
                         v1::WindowReport& report) {
  std::vector<const DarkSource*> sources;
  sources.reserve(table_.size());
  table_.ForEach([&](const DarkSource& source) { sources.push_back(&source); });
  LeftOut left_out;
  for (size_t sensor = 0; sensor < sensors.size(); ++sensor) {
    left_out.packets[sensor] = table_.lost_packets(sensor);
    if (left_out.packets[sensor] > 0) left_out.most_of_one[sensor] = table_.most_lost();
  }
  KeepMost(options_.max_reported, sources, left_out);

  const std::vector<WidePorts::Entry> wide = table_.SortedWidePorts();
  auto first = sources.begin();
  for (size_t sensor = 0; sensor < sensors.size(); ++sensor) {
    const auto end = std::find_if(first, sources.end(), [&](const auto* s) { return s->sensor != sensor; });
    if (first != end || left_out.packets[sensor] > 0) {
      v1::DarknetSources& message = *report.add_darknet_sources();
      message.set_sensor(sensors[sensor]);
      message.set_further_packets(left_out.packets[sensor]);
      message.set_most_of_one(std::min(left_out.packets[sensor], left_out.most_of_one[sensor]));
      Fill({first, end}, wide, window_first_unix_ns, message);
    }
    first = end;
  }
  table_.Clear();
}

void DarkSources::Fill(std::span<const DarkSource* const> sources, WideEntries wide,
                       int64_t window_first_unix_ns, v1::DarknetSources& message) const {
  message.set_source_key(options_.hash.key_id());
  message.set_rules(kDarknetRules);
  const uint32_t in_force = options_.lists->InForce(window_first_unix_ns);
  for (uint32_t left = in_force; left != 0; left &= left - 1) {
    const SurveyLists::List& list = options_.lists->lists()[static_cast<size_t>(std::countr_zero(left))];
    v1::SurveyList& told = *message.add_lists();
    told.set_name(list.name);
    told.set_version(list.version);
  }
  message.mutable_sources()->Reserve(static_cast<int>(sources.size()));
  for (const DarkSource* source : sources) {
    v1::DarknetSource& told = *message.add_sources();
    const uint32_t lists = options_.lists->ListsOf(source->address, window_first_unix_ns);
    told.set_lists(PlacesAmong(in_force, lists));
    Fill(*source, OfSource(source->as_wide, wide), told);
  }
}

void DarkSources::Fill(const DarkSource& source, WideEntries wide, v1::DarknetSource& message) const {
  message.set_id(source.id);
  message.set_probe_packets(source.probe_packets);
  std::vector<PortCount> ports;
  ports.reserve(source.ports + wide.size());
  table_.ForEachOwnPort(source, [&](const PortCount& count) { ports.push_back(count); });
  for (const WidePorts::Entry& entry : wide) ports.push_back({entry.port, entry.packets});
  std::sort(ports.begin(), ports.end(),
            [](const PortCount& a, const PortCount& b) { return a.port < b.port; });
  uint64_t with_port = 0;
  for (const PortCount& count : ports) {
    v1::PortPackets& of_port = *message.add_ports();
    of_port.set_protocol(count.port >> 16 == 0 ? kProtocolTcp : kProtocolUdp);
    of_port.set_port(count.port & 0xffff);
    of_port.set_packets(count.packets);
    with_port += count.packets;
  }
  message.set_further_packets(source.probe_packets - with_port);
  message.set_backscatter_packets(source.backscatter_packets);
  message.set_other_packets(source.packets - source.probe_packets - source.backscatter_packets);
  message.set_tcp_syns(source.tcp_syns);
  if (source.pairs > 0 || source.marks != decltype(source.marks){})
    WriteMarks(source, *message.mutable_marks());
  message.set_addresses(source.addresses);
  message.set_family(source.address.is_ipv4() ? v1::FAMILY_IPV4 : v1::FAMILY_IPV6);
}

void BoundDarknetSources(uint32_t max_reported, v1::WindowReport& report) {
  std::vector<Listed> listed;
  size_t ports = 0;
  for (v1::DarknetSources& of_sensor : *report.mutable_darknet_sources()) {
    for (v1::DarknetSource& source : *of_sensor.mutable_sources()) {
      listed.push_back({PacketsOf(source), &source, &of_sensor});
      ports += static_cast<size_t>(source.ports_size());
    }
  }
  if (listed.size() <= max_reported && ports <= kMaxSourcePorts) return;
  // Of equal ones those that come first are kept.
  std::stable_sort(listed.begin(), listed.end(),
                   [](const Listed& a, const Listed& b) { return a.packets > b.packets; });
  const size_t kept = std::min<size_t>(listed.size(), max_reported);
  LeaveOut({listed.begin() + static_cast<std::ptrdiff_t>(kept), listed.end()});
  LimitPorts({listed.begin(), kept});
  for (v1::DarknetSources& of_sensor : *report.mutable_darknet_sources())
    EraseLeftOut(*of_sensor.mutable_sources());
}

}  // namespace kansoku::collector
