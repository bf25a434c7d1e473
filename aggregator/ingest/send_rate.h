// SPDX-License-Identifier: Apache-2.0
//
// How fast a collector may send. Whoever is faster is not refused: its stream is not read for a while, so the
// pressure reaches its spool. All times are of a clock that nobody can set.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"

namespace kansoku::aggregator {

// Only differences mean something. Were wall-clock time set back, everyone would owe the difference.
inline absl::Time SteadyNow() {
  return absl::UnixEpoch() + absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

struct SendLimits {
  // Reports, as a multiple of what the collector's points make while it is live: how fast a backlog may come.
  uint32_t times_live = 600;
  uint64_t octets_per_second = uint64_t{64} << 20;
  // What may come at once, in time at these rates.
  absl::Duration burst = absl::Seconds(10);
  // After it the debt is looked at again.
  absl::Duration longest_pause = absl::Seconds(5);
};

// What one collector sent, as the time that it should have taken. A value.
class SendRate {
 public:
  // `cost` at the limit's rate. Returns for how long nothing more is due.
  absl::Duration Take(absl::Duration cost, absl::Duration burst, absl::Time now) {
    used_until_ = std::max(used_until_, now) + cost;
    return std::max(absl::ZeroDuration(), used_until_ - burst - now);
  }

 private:
  absl::Time used_until_ = absl::InfinitePast();
};

// Of all collectors, by name: whoever connects anew goes on where it was. Any thread.
class SendRates {
 public:
  explicit SendRates(const SendLimits& limits) : limits_(limits) {}

  // A collector whose points make a report each `live_interval` on average sent `reports` in `octets`.
  // Returns for how long to leave its stream unread; then ask again, with nothing sent, until it is zero.
  absl::Duration Take(const std::string& collector, absl::Duration live_interval, uint64_t reports,
                      uint64_t octets, absl::Time now) {
    const absl::Duration report_cost = static_cast<int64_t>(reports) * (live_interval / limits_.times_live);
    const absl::Duration octet_cost =
        absl::Seconds(static_cast<int64_t>(octets)) / static_cast<int64_t>(limits_.octets_per_second);
    const std::lock_guard lock(mutex_);
    Sender& sender = senders_[collector];
    return std::min(limits_.longest_pause, std::max(sender.reports.Take(report_cost, limits_.burst, now),
                                                    sender.octets.Take(octet_cost, limits_.burst, now)));
  }

 private:
  struct Sender {
    SendRate reports, octets;
  };

  const SendLimits limits_;
  std::mutex mutex_;
  absl::flat_hash_map<std::string, Sender> senders_;  // guarded by mutex_
};

}  // namespace kansoku::aggregator
