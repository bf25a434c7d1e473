// SPDX-License-Identifier: Apache-2.0
#include "collector/doctor/interface_reader.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <string_view>

#include "collector/capture/network_interface.h"
#include "collector/doctor/ethtool.h"
#include "collector/doctor/netlink.h"

namespace kansoku::collector {
namespace {

struct LinkRequest {
  nlmsghdr header;
  ifinfomsg interface;
};

template <typename T>
T As(std::span<const char> value) {
  T read{};
  std::memcpy(&read, value.data(), std::min(sizeof read, value.size()));
  return read;
}

// Kinds of interfaces that see packets after the ones below did.
bool IsStackedKind(std::span<const char> kind) {
  static const std::set<std::string, std::less<>> stacked = {"bond",    "bridge", "hsr",  "ipvlan",
                                                             "macvlan", "team",   "vlan", "vrf"};
  return stacked.contains(std::string_view(kind.data(), strnlen(kind.data(), kind.size())));
}

void TakeAttribute(uint16_t type, std::span<const char> value, InterfaceFacts& facts) {
  if (type == IFLA_STATS64) {
    const auto stats = As<rtnl_link_stats64>(value);
    facts.received_packets = stats.rx_packets;
    facts.dropped_packets = stats.rx_missed_errors + stats.rx_fifo_errors;
  } else if (type == IFLA_XDP) {
    VisitAttributes(value, [&](uint16_t inner, std::span<const char> attached) {
      if (inner == IFLA_XDP_ATTACHED) facts.has_xdp = As<uint8_t>(attached) != XDP_ATTACHED_NONE;
    });
  } else if (type == IFLA_LINKINFO) {
    VisitAttributes(value, [&](uint16_t inner, std::span<const char> kind) {
      if (inner == IFLA_INFO_KIND) facts.is_stacked = facts.is_stacked || IsStackedKind(kind);
    });
  }
}

void TakeLink(std::span<const char> content, InterfaceFacts& facts) {
  const auto interface = As<ifinfomsg>(content);
  facts.exists = true;
  facts.is_running = (interface.ifi_flags & IFF_UP) != 0 && (interface.ifi_flags & IFF_RUNNING) != 0;
  facts.is_stacked = interface.ifi_type == ARPHRD_PPP;
  facts.has_link_header = interface.ifi_type == ARPHRD_ETHER || interface.ifi_type == ARPHRD_LOOPBACK;
  VisitAttributes(content.subspan(std::min<size_t>(NLMSG_ALIGN(sizeof interface), content.size())),
                  [&](uint16_t type, std::span<const char> value) { TakeAttribute(type, value, facts); });
}

}  // namespace

InterfaceFacts ReadInterface(const std::string& name) {
  InterfaceFacts facts{.name = name};
  const absl::StatusOr<NetworkInterface> found = FindInterface(name);
  if (!found.ok()) return facts;
  LinkRequest request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = RTM_GETLINK;
  request.header.nlmsg_flags = NLM_F_REQUEST;
  request.interface.ifi_family = AF_UNSPEC;
  request.interface.ifi_index = found->index;
  // Gone meanwhile: then it does not exist.
  AskNetlink(NETLINK_ROUTE, {reinterpret_cast<const char*>(&request), sizeof request},
             [&](std::span<const char> content) { TakeLink(content, facts); })
      .IgnoreError();
  if (facts.exists) ReadEthtool(facts);
  return facts;
}

}  // namespace kansoku::collector
