// SPDX-License-Identifier: Apache-2.0
#include "collector/doctor/flowtable_reader.h"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "collector/doctor/netlink.h"

namespace kansoku::collector {
namespace {

struct FlowtablesRequest {
  nlmsghdr header;
  nfgenmsg netfilter;
};

std::string Text(std::span<const char> value) {
  return std::string(value.data(), strnlen(value.data(), value.size()));
}

// As nft(8) writes it.
const char* FamilyText(uint8_t family) {
  switch (family) {
    case NFPROTO_INET:
      return "inet";
    case NFPROTO_IPV4:
      return "ip";
    case NFPROTO_IPV6:
      return "ip6";
    default:
      return "netdev";
  }
}

void TakeDevices(std::span<const char> hook, Flowtable& table) {
  VisitAttributes(hook, [&](uint16_t type, std::span<const char> devices) {
    if (type != NFTA_FLOWTABLE_HOOK_DEVS) return;
    VisitAttributes(devices, [&](uint16_t inner, std::span<const char> name) {
      if (inner == NFTA_DEVICE_NAME) table.devices.insert(Text(name));
    });
  });
}

}  // namespace

Flowtable FlowtableOf(std::span<const char> message) {
  nfgenmsg netfilter{};
  std::memcpy(&netfilter, message.data(), std::min(sizeof netfilter, message.size()));
  Flowtable table;
  std::string table_name, name;
  VisitAttributes(message.subspan(std::min<size_t>(NLMSG_ALIGN(sizeof netfilter), message.size())),
                  [&](uint16_t type, std::span<const char> value) {
                    if (type == NFTA_FLOWTABLE_TABLE) {
                      table_name = Text(value);
                    } else if (type == NFTA_FLOWTABLE_NAME) {
                      name = Text(value);
                    } else if (type == NFTA_FLOWTABLE_HOOK) {
                      TakeDevices(value, table);
                    } else if (type == NFTA_FLOWTABLE_FLAGS) {
                      uint32_t flags = 0;
                      std::memcpy(&flags, value.data(), std::min(sizeof flags, value.size()));
                      table.is_in_hardware = (ntohl(flags) & NFT_FLOWTABLE_HW_OFFLOAD) != 0;
                    }
                  });
  table.name = absl::StrCat(FamilyText(netfilter.nfgen_family), " ", table_name, " ", name);
  return table;
}

absl::StatusOr<std::vector<Flowtable>> ReadFlowtables() {
  FlowtablesRequest request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETFLOWTABLE;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.netfilter.nfgen_family = NFPROTO_UNSPEC;
  request.netfilter.version = NFNETLINK_V0;
  std::vector<Flowtable> tables;
  const absl::Status asked =
      AskNetlink(NETLINK_NETFILTER, {reinterpret_cast<const char*>(&request), sizeof request},
                 [&](std::span<const char> content) { tables.push_back(FlowtableOf(content)); });
  if (absl::IsPermissionDenied(asked)) return asked;
  // Any other error is a kernel's that does not know the question.
  return tables;
}

}  // namespace kansoku::collector
