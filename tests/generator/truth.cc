// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/truth.h"

#include <tuple>

namespace kansoku::generator {
namespace {

constexpr int64_t kWindowNanoseconds = Truth::kWindowSeconds * 1'000'000'000;

}  // namespace

FlowKey FlowOf(const IpPacket& packet) {
  const bool has_ports =
      packet.has_transport_header && (packet.protocol == kProtocolTcp || packet.protocol == kProtocolUdp ||
                                      packet.protocol == kProtocolSctp);
  const uint16_t source_port = has_ports ? packet.source_port : 0;
  const uint16_t destination_port = has_ports ? packet.destination_port : 0;
  if (std::tie(packet.source, source_port) <= std::tie(packet.destination, destination_port)) {
    return {packet.source, packet.destination, source_port, destination_port, packet.protocol};
  }
  return {packet.destination, packet.source, destination_port, source_port, packet.protocol};
}

size_t Truth::HashFlow::operator()(const FlowKey& flow) const {
  uint64_t hash = flow.protocol;
  const uint64_t ports = uint64_t{flow.low_port} << 16 | flow.high_port;
  for (const uint64_t word : {flow.low.high, flow.low.low, flow.high.high, flow.high.low, ports}) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 29;
  }
  return hash;
}

WindowTruth& Truth::WindowAt(int64_t unix_ns) {
  if (unix_ns >= open_window_ends_ns_) {
    const int64_t start_ns = unix_ns / kWindowNanoseconds * kWindowNanoseconds;
    open_window_ends_ns_ = start_ns + kWindowNanoseconds;
    open_window_ = &windows_[start_ns / 1'000'000'000];
  }
  return *open_window_;
}

void Truth::CountFrame(const FrameOctets& octets) {
  total_.Add(octets);
  captured_octets_ += octets.captured;
}

void Truth::CountTraffic(int64_t unix_ns, const TrafficKey& key, const FrameOctets& octets) {
  CountFrame(octets);
  WindowAt(unix_ns).traffic[key.index()].Add(octets);
}

void Truth::CountDark(int64_t unix_ns, const DarkKey& key, const FrameOctets& octets) {
  CountFrame(octets);
  WindowAt(unix_ns).darknet[key.sensor].Add(octets);
  darknet_[key.packed()].Add(octets);
}

void Truth::NoteSource(int64_t unix_ns, const IpPacket& packet, const DarkKey& key, Mark mark) {
  WindowAt(unix_ns).sources[{key.sensor, packet.source}].Count(packet, key.dark_class, mark);
}

void Truth::CountRefused(int64_t unix_ns, Refusal refusal, const FrameOctets& octets) {
  CountFrame(octets);
  WindowAt(unix_ns).refused.Add(octets);
  refused_[static_cast<size_t>(refusal)].Add(octets);
}

std::map<size_t, Counters> Truth::traffic() const {
  std::map<size_t, Counters> sums;
  for (const auto& [start, window] : windows_) {
    for (const auto& [index, counters] : window.traffic) sums[index].Add(counters);
  }
  return sums;
}

}  // namespace kansoku::generator
