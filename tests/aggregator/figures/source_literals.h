// SPDX-License-Identifier: Apache-2.0
//
// What single sources sent to one sensor in a window, and a day of it judged.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "aggregator/figures/day_sources.h"

namespace kansoku::aggregator {

inline constexpr int64_t kDay = 1'730'386'800;  // 2024-11-01 00:00 in Japan
inline constexpr size_t kPlenty = 1'000;

inline v1::DarknetSources Of(std::vector<v1::DarknetSource> sources) {
  v1::DarknetSources message;
  message.set_sensor("kyoto");
  message.set_source_key(7);
  message.set_rules(1);
  for (v1::DarknetSource& source : sources) *message.add_sources() = std::move(source);
  return message;
}

// Probes of TCP ports from `first` on, so many at each.
inline v1::DarknetSource Probes(uint64_t id, uint32_t first, uint32_t ports, uint64_t at_each) {
  v1::DarknetSource source;
  source.set_id(id);
  source.set_probe_packets(ports * at_each);
  source.set_tcp_syns(ports * at_each);
  for (uint32_t port = first; port < first + ports; ++port) {
    v1::PortPackets& of_port = *source.add_ports();
    of_port.set_protocol(6);
    of_port.set_port(port);
    of_port.set_packets(at_each);
  }
  return source;
}

inline v1::DarknetSource Answers(uint64_t id, uint64_t packets) {
  v1::DarknetSource source;
  source.set_id(id);
  source.set_backscatter_packets(packets);
  return source;
}

inline google::protobuf::RepeatedPtrField<v1::PortDay> PortsOf(uint32_t first, uint32_t count) {
  google::protobuf::RepeatedPtrField<v1::PortDay> ports;
  for (uint32_t port = first; port < first + count; ++port) {
    v1::PortDay& of_port = *ports.Add();
    of_port.set_protocol(6);
    of_port.set_port(port);
  }
  return ports;
}

inline v1::SourcesDay Judged(const DaySources& sources,
                             const SurveyThresholds& thresholds = {.packets = 60}) {
  v1::SourcesDay day;
  google::protobuf::RepeatedPtrField<v1::PortDay> ports;
  sources.Judge(thresholds, day, ports);
  return day;
}

}  // namespace kansoku::aggregator
