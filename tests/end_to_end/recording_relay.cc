// SPDX-License-Identifier: Apache-2.0
#include "tests/end_to_end/recording_relay.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace kansoku::testing {
namespace {

void Require(bool holds, const char* what) {
  if (holds) return;
  std::perror(what);
  std::abort();
}

sockaddr_in Loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool SendAll(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

}  // namespace

RecordingRelay::RecordingRelay(const std::string& destination)
    : destination_port_(static_cast<uint16_t>(std::stoi(destination.substr(destination.rfind(':') + 1)))) {
  listener_ = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  Require(bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0, "bind");
  Require(listen(listener_, 8) == 0, "listen");
  Require(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0, "getsockname");
  Require(pipe(wake_) == 0, "pipe");
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this](std::stop_token stop) { Run(stop); });
}

RecordingRelay::~RecordingRelay() {
  thread_.request_stop();
  Require(write(wake_[1], "", 1) == 1, "write");
  thread_.join();
  for (const int file : {listener_, wake_[0], wake_[1]}) close(file);
}

std::string RecordingRelay::Sent() const {
  std::lock_guard lock(mutex_);
  return sent_;
}

void RecordingRelay::Run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    std::array<pollfd, 2> waiting = {pollfd{listener_, POLLIN, 0}, pollfd{wake_[0], POLLIN, 0}};
    poll(waiting.data(), waiting.size(), -1);
    if (waiting[0].revents == 0) continue;
    const int client = accept(listener_, nullptr, nullptr);
    if (client < 0) continue;
    Relay(client, stop);
    close(client);
  }
}

void RecordingRelay::Relay(int client, std::stop_token stop) {
  const int server = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = Loopback(destination_port_);
  bool is_open = connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  std::array<char, 65536> buffer;
  while (is_open && !stop.stop_requested()) {
    std::array<pollfd, 3> waiting = {pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0},
                                     pollfd{wake_[0], POLLIN, 0}};
    poll(waiting.data(), waiting.size(), -1);
    for (const auto& [from, to] : {std::pair(waiting[0], server), std::pair(waiting[1], client)}) {
      if (from.revents == 0) continue;
      const ssize_t read = recv(from.fd, buffer.data(), buffer.size(), 0);
      const std::string_view bytes(buffer.data(), read > 0 ? static_cast<size_t>(read) : 0);
      if (from.fd == client) {
        std::lock_guard lock(mutex_);
        sent_ += bytes;
      }
      is_open = is_open && !bytes.empty() && SendAll(to, bytes);
    }
  }
  close(server);
}

}  // namespace kansoku::testing
