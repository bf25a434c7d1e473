// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "collector/classify/soft_flags.h"
#include "collector/meter/link_meter.h"
#include "kansoku/v1/telescope.pb.h"
#include "tests/collector/meter/packets.h"

namespace kansoku::collector {

// A packet of traffic, for which a window must be open.
inline void CountOne(LinkMeter& meter, const DecodedPacket& packet, LinkMeter::Classify classify) {
  PacketInHand in{packet, PacketInHand::kNoSensor, v1::DARKNET_CLASS_UNSPECIFIED, 0, 0, 0};
  meter.Count({&in, 1}, classify);
}

// What a telescope of one address says of its windows.
inline std::vector<v1::DarkPrefix> SecondsOfOneAddress(size_t /*sensor*/, int64_t /*start*/,
                                                       uint32_t seconds) {
  std::vector<v1::DarkPrefix> prefixes(1);
  prefixes[0].set_length(32);
  prefixes[0].set_address_seconds(seconds);
  return prefixes;
}

// A meter, the source in front of it and the reports behind it. Packets come one at a time, none in hand.
class Metering {
 public:
  explicit Metering(LinkMeterOptions options)
      : meter_(std::move(options),
               [this](v1::WindowReport report) { reports_.push_back(std::move(report)); }) {}

  void Count(const DecodedPacket& packet, TrafficClass traffic_class) {
    Receive(packet.captured_unix_ns);
    CountOne(meter_, packet, [&](const DecodedPacket&) { return traffic_class; });
  }
  void Count(const DecodedPacket& packet) {
    Count(packet, ClassOf(packet.ip_version, v1::DIRECTION_DOWNLOAD));
  }
  void CountDark(const DecodedPacket& packet, size_t sensor, v1::DarknetClass darknet_class) {
    Receive(packet.captured_unix_ns);
    PacketInHand in{packet, static_cast<int>(sensor), darknet_class, SoftFlagsOf(darknet_class, packet), 0,
                    0};
    meter_.Count({&in, 1}, [](const DecodedPacket&) { return TrafficClass(); });
  }
  void Skip(const PacketView& packet) {
    Receive(packet.captured_unix_ns);
    meter_.Skip(packet);
  }
  void Refuse(int64_t captured_unix_ns, Refusal refusal, uint32_t wire_octets) {
    Receive(captured_unix_ns);
    meter_.Refuse(refusal, {.wire_octets = wire_octets, .captured_unix_ns = captured_unix_ns});
  }
  void Drop(uint64_t by_kernel, uint64_t by_interface) {
    stats_.received_packets += by_kernel + by_interface;
    stats_.kernel_dropped_packets += by_kernel;
    stats_.interface_dropped_packets += by_interface;
  }
  void Finish(bool capture_damaged = false) { meter_.Finish(stats_, capture_damaged); }

  LinkMeter& meter() { return meter_; }
  CaptureStats& stats() { return stats_; }
  const std::vector<v1::WindowReport>& reports() const { return reports_; }

 private:
  void Receive(int64_t captured_unix_ns) {
    ++stats_.received_packets;
    if (meter_.EndsBefore(captured_unix_ns)) meter_.Advance(captured_unix_ns, stats_, 1);
  }

  std::vector<v1::WindowReport> reports_;
  CaptureStats stats_;
  LinkMeter meter_;
};

}  // namespace kansoku::collector
