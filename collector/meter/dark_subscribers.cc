// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/dark_subscribers.h"

#include "collector/classify/scan_marks.h"
#include "collector/meter/fold.h"
#include "collector/meter/split_mix.h"

namespace kansoku::collector {

void DarkSubscribers::Count(uint64_t subscriber, DarkReach reach, uint64_t packets) {
  auto known = by_hash.find(subscriber);
  if (known == by_hash.end()) {
    if (by_hash.size() >= kMostDarkSubscribers) {
      further_packets += packets;
      return;
    }
    known = by_hash.try_emplace(subscriber).first;
  }
  known->second.reach.Add(reach);
  known->second.packets += packets;
}

void DarkSubscribers::Add(const DarkSubscribers& other) {
  for (const auto& [subscriber, seen] : other.by_hash) Count(subscriber, seen.reach, seen.packets);
  further_packets += other.further_packets;
}

DarkSubscriberHash::DarkSubscriberHash(uint64_t seed) {
  SplitMix64 secrets(seed);
  for (uint64_t& secret : secrets_) secret = secrets.Next();
}

uint64_t DarkSubscriberHash::Of(const IpAddress& address, size_t secret) const {
  return Fold(Fold(address.high ^ secrets_[secret], address.low ^ secrets_[secret + 1]),
              secrets_[secret + 2]);
}

uint64_t DarkSubscriberHash::OfSubscriber(const DecodedPacket& packet) const {
  IpAddress subscriber = packet.source;
  if (packet.ip_version == 6) subscriber.low = 0;
  return Of(subscriber, 0);
}

DarkReach DarkSubscriberHash::ReachOf(v1::DarknetClass darknet_class, const DecodedPacket& packet) const {
  DarkReach reach = DarkReach::To(static_cast<uint32_t>(Of(packet.destination, 3) >> 32));
  const bool is_syn = darknet_class == v1::DARKNET_CLASS_TCP_SYN;
  if (is_syn && (MarksOf(packet) & kMirai) != 0) reach.Add(DarkReach::OfScanner());
  return reach;
}

}  // namespace kansoku::collector
