// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/darknet_source_validation.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <tuple>

#include "aggregator/ingest/report_sums.h"
#include "aggregator/ingest/report_validation.h"
#include "aggregator/ingest/wrong.h"
#include "proto/contract/name.h"
#include "proto/contract/report_limits.h"

namespace kansoku::aggregator {
namespace {

constexpr size_t kMaxVersionBytes = 64;

// What all sources of a report add up to.
struct SourceSums {
  PacketSum packets;
  int sources = 0;
  int ports = 0;
};

// Of the sensor; null: there is none.
const v1::DarknetTally* FindTally(const std::string& sensor, const v1::Measurement& measurement) {
  const auto& tallies = measurement.darknet();
  const auto tally = std::find_if(tallies.begin(), tallies.end(), [&](const v1::DarknetTally& candidate) {
    return candidate.sensor() == sensor;
  });
  return tally == tallies.end() ? nullptr : &*tally;
}

// The key, the rules and the sensor are those of a tally.
absl::Status ValidateOrigin(const Place& where, const v1::DarknetSources& sources,
                            const v1::DarknetTally* tally) {
  if (tally == nullptr) return Wrong(where, ".sensor: the measurement has no tally of it");
  if (sources.source_key() == 0)
    return Wrong(where, ".source_key: is missing, so sources cannot be told apart");
  if (sources.source_key() != tally->source_key()) {
    return Wrong(where, ".source_key: ", sources.source_key(), " is not the tally's, ", tally->source_key());
  }
  if (sources.rules() != tally->rules()) {
    return Wrong(where, ".rules: ", sources.rules(), " are not the tally's, ", tally->rules());
  }
  return absl::OkStatus();
}

absl::Status ValidateLists(const Place& where, const v1::DarknetSources& sources) {
  if (sources.lists_size() > kMaxSurveyLists) {
    return Wrong(where, ".lists: ", sources.lists_size(), ", more than ", kMaxSurveyLists);
  }
  for (int i = 0; i < sources.lists_size(); ++i) {
    const v1::SurveyList& list = sources.lists(i);
    const Place place = {&where, ".lists", i};
    if (!IsName(list.name())) return Wrong(place, ".name: is not a name (1 to 63 of a-z 0-9 - _ .)");
    if (list.version().empty() || list.version().size() > kMaxVersionBytes) {
      return Wrong(place, ".version: has ", list.version().size(), " bytes, must have 1 to ",
                   kMaxVersionBytes);
    }
    for (int j = 0; j < i; ++j) {
      if (sources.lists(j).name() == list.name()) return Wrong(place, ".name: is that of an earlier list");
    }
  }
  return absl::OkStatus();
}

absl::Status ValidatePorts(const Place& where, const v1::DarknetSource& source) {
  PacketSum packets;
  const v1::PortPackets* before = nullptr;
  for (int i = 0; i < source.ports_size(); ++i) {
    const v1::PortPackets& port = source.ports(i);
    const Place place = {&where, ".ports", i};
    if (port.protocol() > kMaxProtocol) return Wrong(place, ".protocol: ", port.protocol(), " is above 255");
    if (port.port() > kMaxPort) return Wrong(place, ".port: ", port.port(), " is above 65535");
    if (before != nullptr &&
        std::tuple(before->protocol(), before->port()) >= std::tuple(port.protocol(), port.port())) {
      return Wrong(place, ": is not after the port before it");
    }
    if (absl::Status ok = packets.Add(place, ".packets", port.packets()); !ok.ok()) return ok;
    before = &port;
  }
  if (absl::Status ok = packets.Add(where, ".further_packets", source.further_packets()); !ok.ok()) return ok;
  return AtMost(where, ".ports", packets.sum(), "probe_packets", source.probe_packets());
}

// Collectors of before pairs were counted tell marks of pairs without them.
absl::Status ValidateMarks(const Place& where, const v1::ScanMarks& marks, uint64_t syns) {
  const bool tells_pairs = marks.pairs() > 0;
  const char* whole = tells_pairs ? "pairs" : "tcp_syns";
  const uint64_t markable = tells_pairs ? marks.pairs() : syns;
  for (const absl::Status& ok : {AtMost(where, ".mirai", marks.mirai(), "tcp_syns", syns),
                                 AtMost(where, ".zmap", marks.zmap(), "tcp_syns", syns),
                                 AtMost(where, ".masscan", marks.masscan(), "tcp_syns", syns),
                                 AtMost(where, ".pairs", marks.pairs(), "tcp_syns", syns),
                                 AtMost(where, ".nmap", marks.nmap(), whole, markable),
                                 AtMost(where, ".unicornscan", marks.unicornscan(), whole, markable)}) {
    if (!ok.ok()) return ok;
  }
  return absl::OkStatus();
}

absl::Status ValidateSource(const Place& where, const v1::DarknetSource& source, int lists,
                            SourceSums& sums) {
  if ((sums.ports += source.ports_size()) > kMaxSourcePorts) {
    return Wrong(where, ".ports: more than ", kMaxSourcePorts, " in one report");
  }
  const uint64_t syns = source.tcp_syns();
  for (const absl::Status& ok :
       {sums.packets.Add(where, ".probe_packets", source.probe_packets()),
        sums.packets.Add(where, ".backscatter_packets", source.backscatter_packets()),
        sums.packets.Add(where, ".other_packets", source.other_packets()), ValidatePorts(where, source),
        AtMost(where, ".tcp_syns", syns, "probe_packets", source.probe_packets()),
        ValidateMarks({&where, ".marks"}, source.marks(), syns)}) {
    if (!ok.ok()) return ok;
  }
  if (!v1::Family_IsValid(source.family())) {
    return Wrong(where, ".family: ", source.family(), " is none that this version knows");
  }
  if (uint64_t{source.lists()} >> lists != 0) {
    return Wrong(where, ".lists: ", source.lists(), " has a bit beyond the ", lists, " lists");
  }
  return absl::OkStatus();
}

// Each packet that a collector counts at a sensor is of one of its sources, or of one that found no room.
absl::Status ValidateTotal(const Place& where, uint64_t told, const v1::DarknetTally& tally) {
  uint64_t counted = 0;
  for (const v1::DarknetCell& cell : tally.cells()) counted += cell.packets();
  if (told == counted) return absl::OkStatus();
  return Wrong(where, ": sources and further_packets are ", told, " packets, the tally of ", tally.sensor(),
               " has ", counted);
}

absl::Status ValidateSources(const Place& where, const v1::DarknetSources& sources, SourceSums& sums) {
  if ((sums.sources += sources.sources_size()) > kMaxDarknetSources) {
    return Wrong(where, ".sources: more than ", kMaxDarknetSources, " in one report");
  }
  for (int i = 0; i < sources.sources_size(); ++i) {
    const Place place = {&where, ".sources", i};
    absl::Status ok = ValidateSource(place, sources.sources(i), sources.lists_size(), sums);
    if (!ok.ok()) return ok;
    if (i > 0 && sources.sources(i - 1).id() >= sources.sources(i).id()) {
      return Wrong(place, ".id: is not above that of the source before it");
    }
  }
  absl::Status ok = sums.packets.Add(where, ".further_packets", sources.further_packets());
  return ok.ok() ? AtMost(where, ".most_of_one", sources.most_of_one(), "further_packets",
                          sources.further_packets())
                 : ok;
}

}  // namespace

absl::Status ValidateDarknetSources(const v1::WindowReport& report) {
  SourceSums sums;
  for (int i = 0; i < report.darknet_sources_size(); ++i) {
    const v1::DarknetSources& sources = report.darknet_sources(i);
    const Place where = {nullptr, "darknet_sources", i};
    const v1::DarknetTally* tally = FindTally(sources.sensor(), report.measurement());
    const uint64_t before = sums.packets.sum();
    absl::Status ok = ValidateOrigin(where, sources, tally);
    if (ok.ok()) ok = ValidateLists(where, sources);
    if (ok.ok()) ok = ValidateSources(where, sources, sums);
    if (ok.ok()) ok = ValidateTotal(where, sums.packets.sum() - before, *tally);
    if (!ok.ok()) return ok;
    if (i > 0 && report.darknet_sources(i - 1).sensor() >= sources.sensor()) {
      return Wrong(where, ".sensor: is not after that of the entry before it");
    }
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
