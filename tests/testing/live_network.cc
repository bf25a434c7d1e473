// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/live_network.h"

#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <thread>

#include "tests/testing/skip_or_fail.h"

namespace kansoku::testing {
namespace {

constexpr size_t kFramesPerCall = 512;

}  // namespace

bool RunCommand(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

bool WaitUntilUp(const std::string& interface) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!RunCommand("ip -o link show dev " + interface + " | grep -q 'state UP'")) {
    if (std::chrono::steady_clock::now() > deadline) return false;
  }
  return true;
}

void SendFrames(const std::string& interface, std::span<const std::vector<uint8_t>> frames) {
  const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_ifindex = static_cast<int>(if_nametoindex(interface.c_str()));
  std::vector<iovec> parts;
  for (const std::vector<uint8_t>& frame : frames)
    parts.push_back({const_cast<uint8_t*>(frame.data()), frame.size()});
  std::vector<mmsghdr> messages(frames.size());
  for (size_t i = 0; i < frames.size(); ++i)
    messages[i].msg_hdr = {.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &parts[i], .msg_iovlen = 1};
  for (size_t sent = 0; sent < messages.size();) {
    const auto size = static_cast<unsigned>(std::min(messages.size() - sent, kFramesPerCall));
    const int accepted = sendmmsg(fd, messages.data() + sent, size, 0);
    if (accepted <= 0) {
      ADD_FAILURE() << interface << ": frame " << sent << " was refused: " << std::strerror(errno);
      break;
    }
    sent += static_cast<size_t>(accepted);
  }
  close(fd);
}

void SendFrames(const std::string& interface, const std::vector<uint8_t>& frame, int times) {
  SendFrames(interface, std::vector(static_cast<size_t>(times), frame));
}

bool SetOffload(const std::string& interface, uint32_t ethtool_command, bool on) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ethtool_value value{.cmd = ethtool_command, .data = on};
  ifreq request{};
  interface.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_data = reinterpret_cast<char*>(&value);
  const bool done = ioctl(fd, SIOCETHTOOL, &request) == 0;
  close(fd);
  return done;
}

absl::Status PollUntil(collector::PacketSource& source, collector::PacketSource::Sink sink,
                       const std::function<bool()>& done) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) return absl::DeadlineExceededError("not seen in 10 s");
    if (const auto state = source.Poll(sink); !state.ok()) return state.status();
  }
  return absl::OkStatus();
}

FarHost::FarHost() {
  std::thread([this] {
    if (unshare(CLONE_NEWNET) == 0) namespace_ = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  }).join();
  const std::string path = "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(namespace_);
  EXPECT_TRUE(RunCommand("ip link set left netns " + path));
  const auto add_addresses = [](const std::string& end, const std::string& number) {
    // Without a link-local address nobody asks for routers.
    const std::string settings = "/proc/sys/net/ipv6/conf/" + end;
    std::ofstream(settings + "/addr_gen_mode") << 1;
    std::ofstream(settings + "/disable_ipv6") << 0;
    EXPECT_TRUE(RunCommand("ip link set " + end + " up && ip addr add 192.0.2." + number + "/24 dev " + end +
                           " && ip addr add 2001:db8::" + number + "/64 nodad dev " + end));
  };
  Run([&] { add_addresses("left", "1"); });
  add_addresses("right", "2");
  Run([] { EXPECT_TRUE(WaitUntilUp("left")); });
  EXPECT_TRUE(WaitUntilUp("right"));
}

FarHost::~FarHost() { close(namespace_); }

void FarHost::Run(const std::function<void()>& task) {
  std::thread([&] {
    EXPECT_EQ(setns(namespace_, CLONE_NEWNET), 0);
    task();
  }).join();
}

void FarHost::Transfer(int family, Sender sender, size_t octets) {
  constexpr uint16_t kPort = 5201;
  const std::string prefix = family == AF_INET ? "192.0.2." : "2001:db8::";
  const auto connect_to = [&](const std::string& address) {
    addrinfo hints{}, *found = nullptr;
    hints.ai_flags = AI_NUMERICHOST;
    hints.ai_socktype = SOCK_STREAM;
    EXPECT_EQ(getaddrinfo(address.c_str(), std::to_string(kPort).c_str(), &hints, &found), 0);
    const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(connect(fd, found->ai_addr, found->ai_addrlen), 0) << std::strerror(errno);
    freeaddrinfo(found);
    return fd;
  };
  const auto listen_here = [&] {
    const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_storage any{};
    any.ss_family = static_cast<sa_family_t>(family);
    // Both kinds of address begin with family and port.
    reinterpret_cast<sockaddr_in&>(any).sin_port = htons(kPort);
    const socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    EXPECT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&any), size), 0) << std::strerror(errno);
    EXPECT_EQ(listen(fd, 1), 0);
    return fd;
  };
  const auto receive = [&](int listening) {
    const int fd = accept(listening, nullptr, nullptr);
    size_t received = 0;
    std::vector<char> buffer(1 << 16);
    for (ssize_t size; (size = read(fd, buffer.data(), buffer.size())) > 0;)
      received += static_cast<size_t>(size);
    EXPECT_EQ(received, octets);
    close(fd);
    close(listening);
  };
  const auto send_all = [&](const std::string& address) {
    const int fd = connect_to(address);
    const std::vector<char> data(1 << 16);
    for (size_t sent = 0; sent < octets;) {
      const ssize_t size = write(fd, data.data(), std::min(data.size(), octets - sent));
      if (size <= 0) break;
      sent += static_cast<size_t>(size);
    }
    close(fd);
  };
  int listening = -1;
  if (sender == Sender::kFarHost) {
    listening = listen_here();
    std::thread receiver([&] { receive(listening); });
    Run([&] { send_all(prefix + "2"); });
    receiver.join();
  } else {
    Run([&] { listening = listen_here(); });
    std::thread receiver([&] { receive(listening); });
    send_all(prefix + "1");
    receiver.join();
  }
}

void LiveNetworkTest::SetUp() {
  home_ = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  // Without IPv6 an interface that comes up sends nothing of its own accord.
  const bool ready = geteuid() == 0 && unshare(CLONE_NEWNET) == 0 &&
                     (std::ofstream("/proc/sys/net/ipv6/conf/default/disable_ipv6") << 1).flush() &&
                     RunCommand(
                         "ip link add left type veth peer name right && ip link set left up && "
                         "ip link set right up && ip link set lo up") &&
                     WaitUntilUp("left") && WaitUntilUp("right");
  if (ready) return;
  SkipOrFail("making a network namespace needs root and ip (iproute2)");
}

void LiveNetworkTest::TearDown() {
  if (home_ < 0) return;
  setns(home_, CLONE_NEWNET);
  close(home_);
}

}  // namespace kansoku::testing
