// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/nic_counters.h"

#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "collector/capture/network_interface.h"

namespace kansoku::collector {
namespace {

constexpr size_t kAnswerBytes = 32 * 1024;  // as much as the kernel puts into one message (netlink(7))

struct LinkRequest {
  nlmsghdr header;
  ifinfomsg interface;
};

template <typename T>
T ReadAttribute(const rtattr* attribute) {
  T value{};
  std::memcpy(&value, RTA_DATA(attribute), std::min<size_t>(sizeof value, RTA_PAYLOAD(attribute)));
  return value;
}

}  // namespace

absl::StatusOr<std::unique_ptr<NicCounters>> NicCounters::Open(const std::string& interface, Side side) {
  const absl::StatusOr<NetworkInterface> found = FindInterface(interface);
  if (!found.ok()) return found.status();
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat(interface, ": cannot ask for its counters"));
  std::unique_ptr<NicCounters> counters(new NicCounters(fd, found->index, side));
  const absl::StatusOr<Reading> reading = counters->Read();
  if (!reading.ok()) {
    return absl::UnavailableError(absl::StrCat(
        interface, ": its counters cannot be read: ", absl::string_view(reading.status().message())));
  }
  counters->first_ = counters->last_ = *reading;
  return counters;
}

NicCounters::~NicCounters() { close(socket_); }

void NicCounters::AddTo(CaptureStats& stats) {
  const absl::StatusOr<Reading> now = Read();
  const bool was_down = !now.ok() || !now->is_running || now->carrier_losses != last_.carrier_losses;
  down_observations_ += was_down;
  if (now.ok()) last_ = *now;
  stats.nic_packets += last_.packets - first_.packets;
  stats.nic_octets += last_.octets - first_.octets;
  stats.interface_dropped_packets += last_.dropped - first_.dropped;
  stats.down_observations += down_observations_;
}

absl::StatusOr<NicCounters::Reading> NicCounters::Read() const {
  LinkRequest request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = RTM_GETLINK;
  request.header.nlmsg_flags = NLM_F_REQUEST;
  request.interface.ifi_family = AF_UNSPEC;
  request.interface.ifi_index = interface_index_;
  if (send(socket_, &request, sizeof request, 0) < 0) return absl::ErrnoToStatus(errno, "send");

  alignas(nlmsghdr) std::array<char, kAnswerBytes> buffer;
  const ssize_t received = recv(socket_, buffer.data(), buffer.size(), 0);
  if (received < 0) return absl::ErrnoToStatus(errno, "recv");
  const auto* answer = reinterpret_cast<const nlmsghdr*>(buffer.data());
  if (!NLMSG_OK(answer, static_cast<uint32_t>(received)) || answer->nlmsg_type != RTM_NEWLINK)
    return absl::NotFoundError("the interface is gone");

  const auto* interface = static_cast<const ifinfomsg*>(NLMSG_DATA(answer));
  Reading reading;
  reading.is_running = (interface->ifi_flags & IFF_UP) != 0 && (interface->ifi_flags & IFF_RUNNING) != 0;
  auto octets_left = static_cast<int>(IFLA_PAYLOAD(answer));
  for (const rtattr* at = IFLA_RTA(interface); RTA_OK(at, octets_left); at = RTA_NEXT(at, octets_left)) {
    if (at->rta_type == IFLA_CARRIER_DOWN_COUNT) {
      reading.carrier_losses = ReadAttribute<uint32_t>(at);
    } else if (at->rta_type == IFLA_STATS64) {
      const auto stats = ReadAttribute<rtnl_link_stats64>(at);
      if (side_ != Side::kSent) {
        reading.packets += stats.rx_packets;
        reading.octets += stats.rx_bytes;
        // rx_dropped is not among them: it also counts what the host threw away after the capture saw it.
        reading.dropped = stats.rx_missed_errors + stats.rx_fifo_errors;
      }
      if (side_ != Side::kReceived) {
        reading.packets += stats.tx_packets;
        reading.octets += stats.tx_bytes;
      }
    }
  }
  return reading;
}

}  // namespace kansoku::collector
