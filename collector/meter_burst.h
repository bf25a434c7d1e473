// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <span>

#include "collector/capture/packet_view.h"
#include "collector/capture/read_ahead.h"
#include "collector/classify/classifier.h"
#include "collector/classify/darknet_class.h"
#include "collector/classify/soft_flags.h"
#include "collector/dark_tunnel.h"
#include "collector/decode/decoder.h"
#include "collector/decode/quoted_packet.h"
#include "collector/meter/link_meter.h"

namespace kansoku::collector {

// Some packets that are counted together: enough that the memory for the last is on its way while the first
// is counted, few enough that all of them stay in the first-level cache. Not initialised, because decoding
// writes a packet in full.
class PacketHand {
 public:
  static constexpr size_t kRoom = 32;

  PacketInHand& Next() { return At(size_); }
  void KeepNext() { ++size_; }

  // Those kept.
  std::span<PacketInHand> packets() { return {&At(0), size_}; }

 private:
  PacketInHand& At(size_t i) { return std::launder(reinterpret_cast<PacketInHand*>(octets_.data()))[i]; }

  size_t size_ = 0;
  alignas(PacketInHand) std::array<std::byte, kRoom * sizeof(PacketInHand)> octets_;
};

// Whether the packet reached the telescope, and as what. A tunnel may have, with its outermost header. An
// ICMP error is from whom it is about: routers on the way to the victim of a forged packet say what the
// victim would. A subscriber's probe of dark addresses is traffic, and noted by the meter.
inline void LookForSensor(const PacketView& view, const DecodeOptions& options, const Classifier& classifier,
                          LinkMeter& meter, PacketInHand& in) {
  static_assert(PacketInHand::kNoSensor == Classifier::kNoSensor);
  in.sensor = PacketInHand::kNoSensor;
  if (!classifier.has_sensors()) return;
  in.sensor = classifier.SensorOf(in.packet);
  if (in.sensor < 0 && in.packet.ip_headers > 1) [[unlikely]] {
    const int of_tunnel = SensorOfTunnel(view, options, classifier, in.packet);
    if (of_tunnel != Classifier::kNoSensor) in.sensor = of_tunnel;
  }
  if (in.sensor == PacketInHand::kNoSensor) return;
  in.darknet_class = DarknetClassOf(in.packet);
  if (in.sensor == Classifier::kFromSubscriber) [[unlikely]] {
    in.sensor = PacketInHand::kNoSensor;
    if (IsProbe(in.darknet_class) && classifier.IsUpload(in.packet))
      meter.NoteSubscriber(in.darknet_class, in.packet);
    return;
  }
  in.soft_flags = SoftFlagsOf(in.darknet_class, in.packet);
  if (in.darknet_class != v1::DARKNET_CLASS_BACKSCATTER_ICMP) return;
  const std::optional<QuotedPacket> quoted = PacketQuotedBy(view.bytes, in.packet);
  if (!quoted.has_value()) return;
  if (quoted->source == in.packet.destination) {
    in.packet.source = quoted->destination;
  } else {
    in.soft_flags |= kForeignQuote;
  }
}

// Takes packets off the burst into the hand: up to the first that lies beyond the open window, as many as
// there is room for. Decodes each and looks whether it reached a sensor.
template <typename Observe>
void TakePackets(std::span<const PacketView>& burst, const DecodeOptions& options,
                 const Classifier& classifier, LinkMeter& meter, Observe& observe, PacketHand& hand) {
  size_t taken = 0;
  for (const size_t most = std::min(burst.size(), PacketHand::kRoom); taken < most; ++taken) {
    const PacketView& view = burst[taken];
    ReadAhead(view.bytes.data());
    if (meter.EndsBefore(view.captured_unix_ns)) break;
    if (!meter.Samples()) {
      meter.Skip(view);
      continue;
    }
    PacketInHand& in = hand.Next();
    const Refusal refusal = Decode(view, in.packet, options);
    observe(view, refusal, in.packet);
    if (refusal != Refusal::kNone) {
      meter.Refuse(refusal, view);
      continue;
    }
    LookForSensor(view, options, classifier, meter, in);
    hand.KeepNext();
  }
  burst = burst.subspan(taken);
}

// The way of packets through the collector: decode, classify, meter. `stats` returns the source's
// CaptureStats and is asked only where a window ends. `observe` is shown each packet that is looked at with
// its refusal and, where there is none, what was decoded.
template <typename Stats, typename Observe>
void MeterBurst(std::span<const PacketView> burst, const DecodeOptions& options, const Classifier& classifier,
                LinkMeter& meter, Stats stats, Observe observe) {
  const auto classify = [&classifier](const DecodedPacket& packet) {
    return classifier.TrafficClassOf(packet);
  };
  while (!burst.empty()) {
    const int64_t first_unix_ns = burst.front().captured_unix_ns;
    if (meter.EndsBefore(first_unix_ns)) meter.Advance(first_unix_ns, stats(), burst.size());
    PacketHand hand;
    TakePackets(burst, options, classifier, meter, observe, hand);
    meter.Count(hand.packets(), classify);
  }
}

}  // namespace kansoku::collector
