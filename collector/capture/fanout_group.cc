// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/fanout_group.h"

#include <linux/if_packet.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace kansoku::collector {

absl::Status FanoutGroup::Join(int socket, int interface_index) {
  const std::lock_guard lock(mutex_);
  const bool is_first = interface_index != interface_index_;
  const uint32_t mode = PACKET_FANOUT_HASH | (is_first ? PACKET_FANOUT_FLAG_UNIQUEID : 0);
  uint32_t fanout = mode << 16 | (is_first ? 0 : id_);
  if (setsockopt(socket, SOL_PACKET, PACKET_FANOUT, &fanout, sizeof fanout) != 0)
    return absl::UnavailableError(absl::StrCat("PACKET_FANOUT: ", std::strerror(errno)));
  if (is_first) {
    socklen_t length = sizeof fanout;
    if (getsockopt(socket, SOL_PACKET, PACKET_FANOUT, &fanout, &length) != 0)
      return absl::UnavailableError(absl::StrCat("PACKET_FANOUT: ", std::strerror(errno)));
    id_ = static_cast<uint16_t>(fanout);
    interface_index_ = interface_index;
  }
  members_.emplace(socket, RingCounters());
  return absl::OkStatus();
}

void FanoutGroup::Leave(int socket) {
  TakeCounters(socket);
  const std::lock_guard lock(mutex_);
  members_.erase(socket);
}

RingCounters FanoutGroup::TakeCounters(int socket) {
  const std::lock_guard lock(mutex_);
  RingCounters& not_taken = members_[socket];
  ReadCounters(socket, not_taken);
  return std::exchange(not_taken, {});
}

uint64_t FanoutGroup::OfferedPackets() {
  const std::lock_guard lock(mutex_);
  for (auto& [socket, not_taken] : members_) ReadCounters(socket, not_taken);
  return offered_packets_;
}

void FanoutGroup::ReadCounters(int socket, RingCounters& not_taken) {
  const RingCounters now = TakeRingCounters(socket);
  offered_packets_ += now.offered_packets;
  not_taken += now;
}

}  // namespace kansoku::collector
