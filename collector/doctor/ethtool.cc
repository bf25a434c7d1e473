// SPDX-License-Identifier: Apache-2.0
#include "collector/doctor/ethtool.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace kansoku::collector {
namespace {

constexpr uint32_t kBlockFeatures = 32;

class Driver {
 public:
  explicit Driver(const std::string& interface) : socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    interface.copy(request_.ifr_name, IFNAMSIZ - 1);
  }
  ~Driver() {
    if (socket_ >= 0) close(socket_);
  }
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  // `command` begins with the number of the command, and takes the answer. False where the driver knows none.
  bool Ask(void* command) {
    request_.ifr_data = static_cast<char*>(command);
    return ioctl(socket_, SIOCETHTOOL, &request_) == 0;
  }

 private:
  const int socket_;
  ifreq request_{};
};

// A command with a list behind it: `Header` ends in an array of no length.
template <typename Header, typename Element>
class ListCommand {
 public:
  explicit ListCommand(size_t elements) : words_((sizeof(Header) + elements * sizeof(Element) + 7) / 8) {}
  Header& header() { return *reinterpret_cast<Header*>(words_.data()); }
  const Element* elements() const {
    return reinterpret_cast<const Element*>(reinterpret_cast<const char*>(words_.data()) + sizeof(Header));
  }

 private:
  std::vector<uint64_t> words_;
};

uint32_t CountFeatures(Driver& driver) {
  ListCommand<ethtool_sset_info, uint32_t> command(1);
  command.header().cmd = ETHTOOL_GSSET_INFO;
  command.header().sset_mask = uint64_t{1} << ETH_SS_FEATURES;
  return driver.Ask(&command.header()) && command.header().sset_mask != 0 ? command.elements()[0] : 0;
}

void ReadFeatures(Driver& driver, InterfaceFacts& facts) {
  const uint32_t count = CountFeatures(driver);
  struct Name {
    char text[ETH_GSTRING_LEN];
  };
  ListCommand<ethtool_gstrings, Name> names(count);
  names.header().cmd = ETHTOOL_GSTRINGS;
  names.header().string_set = ETH_SS_FEATURES;
  names.header().len = count;
  const uint32_t blocks = (count + kBlockFeatures - 1) / kBlockFeatures;
  ListCommand<ethtool_gfeatures, ethtool_get_features_block> states(blocks);
  states.header().cmd = ETHTOOL_GFEATURES;
  states.header().size = blocks;
  if (count == 0 || !driver.Ask(&names.header()) || !driver.Ask(&states.header())) return;
  for (uint32_t i = 0; i < count; ++i) {
    const char* const text = names.elements()[i].text;
    const uint32_t active = states.elements()[i / kBlockFeatures].active;
    facts.features[std::string(text, strnlen(text, ETH_GSTRING_LEN))] =
        (active >> (i % kBlockFeatures) & 1) != 0;
  }
}

void ReadSpeed(Driver& driver, InterfaceFacts& facts) {
  ethtool_cmd command{};
  command.cmd = ETHTOOL_GSET;
  if (!driver.Ask(&command)) return;
  const uint32_t megabits = ethtool_cmd_speed(&command);
  if (megabits != static_cast<uint32_t>(SPEED_UNKNOWN)) facts.megabits_per_second = megabits;
}

void ReadRing(Driver& driver, InterfaceFacts& facts) {
  ethtool_ringparam command{};
  command.cmd = ETHTOOL_GRINGPARAM;
  if (!driver.Ask(&command)) return;
  facts.ring_packets = command.rx_pending;
  facts.most_ring_packets = command.rx_max_pending;
}

void ReadQueues(Driver& driver, InterfaceFacts& facts) {
  ethtool_channels command{};
  command.cmd = ETHTOOL_GCHANNELS;
  if (!driver.Ask(&command)) return;
  facts.queues = command.combined_count + command.rx_count;
  facts.most_queues = std::max(command.max_combined, command.max_rx);
}

}  // namespace

void ReadEthtool(InterfaceFacts& facts) {
  Driver driver(facts.name);
  ReadFeatures(driver, facts);
  ReadSpeed(driver, facts);
  ReadRing(driver, facts);
  ReadQueues(driver, facts);
}

}  // namespace kansoku::collector
