// SPDX-License-Identifier: Apache-2.0
#include "collector/subscriber_day.h"

#include <utility>

#include "proto/contract/month.h"
#include "proto/contract/window.h"

namespace kansoku::collector {
namespace {

constexpr int64_t kDaySeconds = 24 * 3600;

}  // namespace

v1::DarknetSubscribers SubscriberDay::Add(int64_t window_start_unix_seconds, const DarkSubscribers& seen) {
  TurnTo(FloorDivide(window_start_unix_seconds + kTokyoOffsetSeconds, kDaySeconds));
  uint64_t reached = 0, scanning = 0, further_packets = seen.further_packets;
  for (const auto& [subscriber, of_window] : seen.by_hash) {
    auto known = current_.reached.find(subscriber);
    if (known == current_.reached.end()) {
      if (current_.reached.size() >= kMostDarkSubscribers) {
        further_packets += of_window.packets;
        continue;
      }
      known = current_.reached.try_emplace(subscriber).first;
      ++reached;
    }
    const bool scanned = known->second.scans();
    known->second.Add(of_window.reach);
    scanning += !scanned && known->second.scans() ? 1 : 0;
  }
  v1::DarknetSubscribers added;
  added.set_reached(reached);
  added.set_scanning(scanning);
  added.set_further_packets(further_packets);
  return added;
}

void SubscriberDay::TurnTo(int64_t day) {
  if (day == current_.number) return;
  std::swap(current_, other_);
  if (day != current_.number) current_ = {.number = day};
}

}  // namespace kansoku::collector
