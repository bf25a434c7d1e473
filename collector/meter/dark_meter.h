// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collector/meter/dark_sources.h"
#include "collector/meter/dark_subscribers.h"
#include "collector/meter/darknet_tally.h"
#include "collector/meter/packet_in_hand.h"
#include "collector/meter/segmentation.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::collector {

// Monitored addresses x seconds of a window, by prefix, sorted and each once.
using AddressSeconds =
    std::function<std::vector<v1::DarkPrefix>(size_t sensor, int64_t start_unix_seconds, uint32_t seconds)>;

// What reached the sensors of a link in the open window: how much, and from whom where that is asked for. One
// thread; allocates as DarknetTally and DarkSources do.
class DarkMeter {
 public:
  // Sensors by name, each known by its position; `address_seconds`: none where another link reports them.
  DarkMeter(std::vector<std::string> sensors, AddressSeconds address_seconds, bool has_subscribers,
            uint64_t hash_seed);

  // From now on sources are told apart. Before the first packet.
  void TellSourcesApart(const DarkSourceOptions& options) {
    sources_.emplace(options, sensors_.size(), hash_seed_ + 1);
  }

  // From now on the sink gets the subscribers of each window before its report is made, if there are
  // subscribers and sensors. Before the first packet.
  using SubscriberSink = std::function<void(DarkSubscribers)>;
  void LookForSubscribers(const DarkSubscriberHash& hash, SubscriberSink sink) {
    subscriber_hash_ = hash;
    subscriber_sink_ = std::move(sink);
  }

  // From now on these are the sensors, and subscribers are known or not. No window is open.
  void Watch(std::vector<std::string> sensors, AddressSeconds address_seconds, bool has_subscribers);

  // A probe that a subscriber sent to a dark address.
  void NoteSubscriber(v1::DarknetClass darknet_class, const DecodedPacket& packet, uint64_t packets) {
    if (!subscriber_hash_.has_value()) return;
    subscribers_.Count(subscriber_hash_->OfSubscriber(packet),
                       subscriber_hash_->ReachOf(darknet_class, packet), packets);
  }

  // A packet that reached a sensor, in steps, each of which fetches what the next one reads. Count is false
  // if the packet's port found no room.
  void Prepare(PacketInHand& in) const;
  void Find(PacketInHand& in) const {
    if (sources_.has_value()) in.flow = sources_->Find(in.source);
  }
  bool Count(const PacketInHand& in, Segmentation added);

  // Moves the window's counts to its report, whose window is given, and starts over.
  void MoveTo(int64_t window_first_unix_ns, v1::WindowReport& report);

 private:
  uint64_t hash_seed_;
  std::vector<std::string> sensors_;
  AddressSeconds address_seconds_;
  DarknetTally tally_;
  std::optional<DarkSources> sources_;
  bool has_subscribers_;
  std::optional<DarkSubscriberHash> subscriber_hash_;  // none: nobody looks for them
  SubscriberSink subscriber_sink_;
  DarkSubscribers subscribers_;
};

inline void DarkMeter::Prepare(PacketInHand& in) const {
  const auto sensor = static_cast<size_t>(in.sensor);
  in.key = DarknetTally::KeyOf(sensor, in.darknet_class, in.packet);
  in.flow = 0;
  tally_.Prefetch(in.key);
  if (!sources_.has_value()) return;
  in.source = sources_->KeyOf(sensor, in.packet);
  sources_->Prefetch(in.source);
}

inline bool DarkMeter::Count(const PacketInHand& in, Segmentation added) {
  const bool has_room = tally_.Count(in.key, in.packet, in.soft_flags, added);
  if (sources_.has_value()) {
    const auto packets = static_cast<uint32_t>(1 + added.packets);
    sources_->Count(static_cast<size_t>(in.sensor), in.darknet_class, in.packet, in.source, in.flow, packets);
  }
  return has_room;
}

}  // namespace kansoku::collector
