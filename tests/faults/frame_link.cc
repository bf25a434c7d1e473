// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/frame_link.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>

namespace kansoku::testing {
namespace {

constexpr std::chrono::milliseconds kLongestWait{20};  // between looks at whether to end

bool Run(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()) == 0; }

// In the calling thread's namespace; it disappears with the descriptor.
int OpenTap(const std::string& name) {
  const int tap = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  if (tap >= 0 && ioctl(tap, TUNSETIFF, &request) == 0) return tap;
  if (tap >= 0) close(tap);
  return -1;
}

// Only the one address of loopback stays on it; the rest of its range may then be on the wire.
bool PrepareNamespace() {
  return (std::ofstream("/proc/sys/net/ipv4/conf/all/route_localnet") << 1).flush() &&
         (std::ofstream("/proc/sys/net/ipv6/conf/default/disable_ipv6") << 1).flush() &&
         Run("ip link set lo up && ip addr del 127.0.0.1/8 dev lo && ip addr add 127.0.0.1/32 dev lo");
}

bool AddAddress(const std::string& device, const std::string& address) {
  return Run("ip addr add " + address + "/24 dev " + device + " && ip link set " + device + " up");
}

int OpenNamespace() { return open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC); }

}  // namespace

FrameLink::FrameLink(uint64_t seed, Rates rates) : rates_(rates), random_(seed) {
  home_ = OpenNamespace();
  ok_ = SetUp();
  if (ok_) thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

FrameLink::~FrameLink() {
  thread_ = {};
  for (const int end : ends_) {
    if (end >= 0) close(end);
  }
  if (setns(home_, CLONE_NEWNET) != 0) std::abort();
  if (far_ >= 0) close(far_);
  close(home_);
}

bool FrameLink::SetUp() {
  bool far_is_ready = false;
  std::thread([&] {
    if (unshare(CLONE_NEWNET) != 0) return;
    far_ = OpenNamespace();
    ends_[1] = OpenTap("far");
    far_is_ready = ends_[1] >= 0 && PrepareNamespace() && AddAddress("far", kFarAddress);
  }).join();
  if (!far_is_ready || unshare(CLONE_NEWNET) != 0) return false;
  ends_[0] = OpenTap("near");
  return ends_[0] >= 0 && PrepareNamespace() && AddAddress("near", "127.77.0.1");
}

std::vector<std::string> FrameLink::far_command() const {
  return {"nsenter", "--net=/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(far_)};
}

void FrameLink::Receive(int end) {
  std::array<char, 65536> buffer;
  for (ssize_t size; (size = read(ends_[end], buffer.data(), buffer.size())) > 0;) {
    ++sent_;
    if (random_() % rates_.one_in_lost == 0) {
      ++lost_;
      continue;
    }
    const bool twice = random_() % rates_.one_in_twice == 0;
    if (twice) ++doubled_;
    for (int copies = twice ? 2 : 1; copies > 0; --copies) {
      const auto longest = std::chrono::duration_cast<std::chrono::microseconds>(rates_.longest_delay);
      const std::chrono::microseconds delay(random_() % static_cast<uint64_t>(longest.count() + 1));
      underway_[1 - end].emplace(Clock::now() + delay,
                                 Frame{sent_, std::string(buffer.data(), static_cast<size_t>(size))});
    }
  }
}

void FrameLink::SendDue() {
  for (const int end : {0, 1}) {
    auto& underway = underway_[end];
    while (!underway.empty() && underway.begin()->first <= Clock::now()) {
      const Frame& frame = underway.begin()->second;
      if (frame.number < last_number_[end]) ++overtaken_;
      last_number_[end] = std::max(last_number_[end], frame.number);
      // A device without room loses the frame, as devices do.
      [[maybe_unused]] const ssize_t written = write(ends_[end], frame.octets.data(), frame.octets.size());
      underway.erase(underway.begin());
    }
  }
}

void FrameLink::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    auto wake_at = Clock::now() + kLongestWait;
    for (const auto& underway : underway_) {
      if (!underway.empty()) wake_at = std::min(wake_at, underway.begin()->first);
    }
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(wake_at - Clock::now()).count();
    const timespec wait{0, std::max<int64_t>(left, 0)};
    std::array<pollfd, 2> waiting = {pollfd{ends_[0], POLLIN, 0}, pollfd{ends_[1], POLLIN, 0}};
    ppoll(waiting.data(), waiting.size(), &wait, nullptr);
    Receive(0);
    Receive(1);
    SendDue();
  }
}

}  // namespace kansoku::testing
