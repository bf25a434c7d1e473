// SPDX-License-Identifier: Apache-2.0
//
// What a capture holds, counted while it is written. Sums are exact.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "tests/generator/ip_packet.h"
#include "tests/generator/source_truth.h"
#include "tests/generator/traffic_key.h"

namespace kansoku::generator {

struct FrameOctets {
  uint32_t wire = 0;
  uint32_t captured = 0;
  uint32_t ip = 0;        // as the innermost IP header states it; 0 for a refused frame
  uint32_t outer_ip = 0;  // as the outermost does
};

struct Counters {
  uint64_t packets = 0;
  uint64_t wire_octets = 0;
  uint64_t ip_octets = 0;
  uint64_t outer_ip_octets = 0;

  void Add(const FrameOctets& octets) {
    packets += 1;
    wire_octets += octets.wire;
    ip_octets += octets.ip;
    outer_ip_octets += octets.outer_ip;
  }
  void Add(const Counters& other) {
    packets += other.packets;
    wire_octets += other.wire_octets;
    ip_octets += other.ip_octets;
    outer_ip_octets += other.outer_ip_octets;
  }
};

struct DarkKey {
  uint8_t sensor = 0;
  DarkClass dark_class = DarkClass::kTcpSyn;
  Family family = Family::kIpv4;
  uint8_t protocol = 0;
  uint16_t port = 0;  // destination; 0 where there is none

  constexpr uint64_t packed() const {
    return uint64_t{sensor} << 40 | static_cast<uint64_t>(dark_class) << 32 |
           static_cast<uint64_t>(family) << 24 | uint64_t{protocol} << 16 | port;
  }
  static constexpr DarkKey FromPacked(uint64_t packed) {
    return {static_cast<uint8_t>(packed >> 40), static_cast<DarkClass>(packed >> 32 & 0xff),
            static_cast<Family>(packed >> 24 & 0xff), static_cast<uint8_t>(packed >> 16),
            static_cast<uint16_t>(packed)};
  }
};

// A bidirectional flow: its lower end first.
struct FlowKey {
  Address low, high;
  uint16_t low_port = 0, high_port = 0;
  uint8_t protocol = 0;

  friend bool operator==(const FlowKey&, const FlowKey&) = default;
};

// One value for both directions. Ports are 0 where the packet has none that can be read.
FlowKey FlowOf(const IpPacket& packet);

struct WindowTruth {
  std::map<size_t, Counters> traffic;    // by TrafficKey::index()
  std::array<Counters, 8> darknet = {};  // by sensor
  Counters refused;
  std::map<SourceKey, SourceTruth> sources;  // of dark packets, if they were noted
};

// One thread. Frames must come in the order of their time.
class Truth {
 public:
  static constexpr int64_t kWindowSeconds = 10;

  Truth() = default;
  Truth(const Truth&) = delete;
  Truth& operator=(const Truth&) = delete;

  void CountTraffic(int64_t unix_ns, const TrafficKey& key, const FrameOctets& octets);
  void CountDark(int64_t unix_ns, const DarkKey& key, const FrameOctets& octets);
  void CountRefused(int64_t unix_ns, Refusal refusal, const FrameOctets& octets);

  // Who sent a dark packet, and with which mark. Beside CountDark.
  void NoteSource(int64_t unix_ns, const IpPacket& packet, const DarkKey& key, Mark mark);

  // May be called any number of times for a flow.
  void NoteFlow(const FlowKey& flow) { flows_.insert(flow); }

  // Of all frames. Their ip_octets leave out what was refused.
  const Counters& total() const { return total_; }
  uint64_t captured_octets() const { return captured_octets_; }
  std::map<size_t, Counters> traffic() const;  // by TrafficKey::index()
  std::map<uint64_t, Counters> darknet() const { return {darknet_.begin(), darknet_.end()}; }
  const std::array<Counters, 6>& refused() const { return refused_; }
  uint64_t flows() const { return flows_.size(); }

  // By start in Unix seconds; windows without frames are left out.
  const std::map<int64_t, WindowTruth>& windows() const { return windows_; }

 private:
  struct HashFlow {
    size_t operator()(const FlowKey& flow) const;
  };

  WindowTruth& WindowAt(int64_t unix_ns);
  void CountFrame(const FrameOctets& octets);

  Counters total_;
  uint64_t captured_octets_ = 0;
  std::unordered_map<uint64_t, Counters> darknet_;
  std::array<Counters, 6> refused_ = {};
  std::unordered_set<FlowKey, HashFlow> flows_;
  std::map<int64_t, WindowTruth> windows_;
  int64_t open_window_ends_ns_ = INT64_MIN;
  WindowTruth* open_window_ = nullptr;
};

}  // namespace kansoku::generator
