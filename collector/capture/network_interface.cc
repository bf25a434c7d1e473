// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/network_interface.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace kansoku::collector {
namespace {

constexpr uint32_t kMostLinkHeaderOctets = 14 + 2 * 4;

// A socket to ask about one interface by its name.
class InterfaceQuery {
 public:
  explicit InterfaceQuery(const std::string& name) : socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    name.copy(request_.ifr_name, IFNAMSIZ - 1);
  }
  ~InterfaceQuery() {
    if (socket_ >= 0) close(socket_);
  }
  InterfaceQuery(const InterfaceQuery&) = delete;
  InterfaceQuery& operator=(const InterfaceQuery&) = delete;

  bool Ask(unsigned long question) { return ioctl(socket_, question, &request_) == 0; }

  // An ethtool command that answers with one number; 0 where the driver does not know it.
  uint32_t AskEthtool(uint32_t command) {
    ethtool_value value{.cmd = command, .data = 0};
    request_.ifr_data = reinterpret_cast<char*>(&value);
    return Ask(SIOCETHTOOL) ? value.data : 0;
  }

  const ifreq& answer() const { return request_; }

 private:
  const int socket_;
  ifreq request_{};
};

std::string InterfaceNames() {
  std::vector<std::string> names;
  struct if_nameindex* const interfaces = if_nameindex();
  for (auto* each = interfaces; each != nullptr && each->if_name != nullptr; ++each)
    names.push_back(each->if_name);
  if (interfaces != nullptr) if_freenameindex(interfaces);
  return absl::StrJoin(names, ", ");
}

}  // namespace

absl::StatusOr<NetworkInterface> FindInterface(const std::string& name) {
  NetworkInterface found;
  InterfaceQuery query(name);
  if (name.size() >= IFNAMSIZ || !query.Ask(SIOCGIFINDEX)) return NoSuchInterface(name);
  found.index = query.answer().ifr_ifindex;
  if (!query.Ask(SIOCGIFHWADDR)) return NoSuchInterface(name);
  found.hardware_type = query.answer().ifr_hwaddr.sa_family;
  return found;
}

absl::Status NoSuchInterface(const std::string& name) {
  return absl::NotFoundError(absl::StrCat(name, ": no such network interface; there are ", InterfaceNames()));
}

absl::Status CaptureNotPermitted(const std::string& name) {
  return absl::PermissionDeniedError(
      absl::StrCat(name, ": capturing is not permitted; it needs CAP_NET_RAW (or root)"));
}

uint32_t LargestFrameOctets(const std::string& name) {
  InterfaceQuery query(name);
  if (!query.Ask(SIOCGIFMTU)) return 0;
  return static_cast<uint32_t>(query.answer().ifr_mtu) + kMostLinkHeaderOctets;
}

bool MergesReceived(const std::string& name) {
  InterfaceQuery query(name);
  return query.AskEthtool(ETHTOOL_GGRO) != 0 || (query.AskEthtool(ETHTOOL_GFLAGS) & ETH_FLAG_LRO) != 0;
}

}  // namespace kansoku::collector
