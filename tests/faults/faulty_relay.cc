// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/faulty_relay.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace kansoku::testing {
namespace {

constexpr size_t kMostRemembered = 8;              // streams
constexpr size_t kMostRememberedOctets = 1 << 20;  // of each
constexpr size_t kMostPieces = 64;                 // underway in one direction

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

void Prepare(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(socket, F_SETFL, O_NONBLOCK);
}

void CloseSocket(int& socket, bool reset) {
  if (socket < 0) return;
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  if (reset) setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(socket);
  socket = -1;
}

}  // namespace

FaultyRelay::FaultyRelay(uint64_t seed) : random_(seed) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  Require(bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0, "bind");
  Require(listen(listener_, 8) == 0, "listen");
  Require(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0, "getsockname");
  Require(pipe2(wake_, O_CLOEXEC | O_NONBLOCK) == 0, "pipe2");
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

FaultyRelay::~FaultyRelay() {
  thread_.request_stop();
  Wake();
  thread_.join();
  for (Connection& connection : connections_) Close(connection, true);
  for (const int file : {listener_, wake_[0], wake_[1]}) close(file);
}

void FaultyRelay::Wake() {
  // A full pipe wakes as well.
  [[maybe_unused]] const ssize_t written = write(wake_[1], "", 1);
}

void FaultyRelay::ForwardTo(const std::string& address) {
  const std::lock_guard lock(mutex_);
  destination_.reset();
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos) return;
  destination_ = Loopback(static_cast<uint16_t>(std::stoi(address.substr(colon + 1))));
  inet_pton(AF_INET, address.substr(0, colon).c_str(), &destination_->sin_addr);
}

void FaultyRelay::Set(const Faults& faults) {
  {
    const std::lock_guard lock(mutex_);
    faults_ = faults;
  }
  Wake();
}

bool FaultyRelay::Reset() {
  bool met = false;
  {
    const std::lock_guard lock(mutex_);
    met = !connections_.empty();
    for (Connection& connection : connections_) Close(connection, true);
  }
  Wake();
  return met;
}

bool FaultyRelay::Forget() {
  bool met = false;
  {
    const std::lock_guard lock(mutex_);
    met = !connections_.empty();
    for (Connection& connection : connections_) CloseSocket(connection.server, true);
  }
  Wake();
  return met;
}

bool FaultyRelay::Replay() {
  {
    const std::lock_guard lock(mutex_);
    std::vector<const std::string*> choices;
    for (const std::string& said : heard_) choices.push_back(&said);
    for (const Connection& connection : connections_) {
      if (connection.client >= 0) choices.push_back(&connection.said);
    }
    if (choices.empty()) return false;
    Connection replay;
    replay.up.pieces.push_back({Clock::now(), *choices[random_() % choices.size()]});
    replay.server = Connect();
    if (replay.server < 0) return false;
    connections_.push_back(std::move(replay));
  }
  Wake();
  return true;
}

int FaultyRelay::Connect() const {
  if (!destination_.has_value()) return -1;
  int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(server, reinterpret_cast<const sockaddr*>(&*destination_), sizeof(*destination_)) != 0) {
    CloseSocket(server, false);
    return -1;
  }
  Prepare(server);
  return server;
}

void FaultyRelay::Accept() {
  int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  Prepare(client);
  Connection connection;
  connection.client = client;
  connection.server = faults_.refuses ? -1 : Connect();
  if (connection.server < 0) return Close(connection, true);
  connections_.push_back(std::move(connection));
}

void FaultyRelay::Close(Connection& connection, bool reset) {
  CloseSocket(connection.client, reset);
  CloseSocket(connection.server, reset);
}

// What has come, as pieces. False once the end has closed.
bool FaultyRelay::Read(int from, Direction& direction, std::string* said) {
  std::array<char, 65536> buffer;
  while (direction.pieces.size() < kMostPieces) {
    const ssize_t count = recv(from, buffer.data(), buffer.size(), 0);
    if (count == 0) return false;
    if (count < 0) return errno == EAGAIN;
    const std::string_view octets(buffer.data(), static_cast<size_t>(count));
    if (said != nullptr && said->size() < kMostRememberedOctets) *said += octets;
    const uint64_t longest_us = static_cast<uint64_t>(faults_.longest_delay.count()) * 1'000;
    const auto delay = std::chrono::microseconds(longest_us == 0 ? 0 : random_() % longest_us);
    direction.last_due = std::max(direction.last_due, Clock::now() + delay);
    for (size_t at = 0; at < octets.size(); at += faults_.largest_piece) {
      direction.pieces.push_back({direction.last_due, std::string(octets.substr(at, faults_.largest_piece))});
    }
  }
  return true;
}

// What is due. False once the end has closed.
bool FaultyRelay::Write(int to, Direction& direction) {
  while (!direction.pieces.empty() && direction.pieces.front().due <= Clock::now()) {
    std::string& octets = direction.pieces.front().octets;
    if (to >= 0) {
      const ssize_t sent = send(to, octets.data(), octets.size(), MSG_NOSIGNAL);
      if (sent < 0) return errno == EAGAIN;
      octets.erase(0, static_cast<size_t>(sent));
      if (!octets.empty()) return true;
    }
    direction.pieces.pop_front();
  }
  return true;
}

void FaultyRelay::Move(Connection& connection) {
  if (connection.client < 0) {
    // A replay is over when the server has ended it; nobody hears the answers.
    const bool open = Read(connection.server, connection.down, nullptr) && Write(-1, connection.down);
    if (!open || !Write(connection.server, connection.up)) Close(connection, true);
    return;
  }
  if (!connection.ends) {
    connection.ends = !Read(connection.client, connection.up, &connection.said) ||
                      (connection.server >= 0 && !Read(connection.server, connection.down, nullptr));
  }
  for (const auto& [to, direction] :
       {std::pair(connection.server, &connection.up), std::pair(connection.client, &connection.down)}) {
    if (Write(to, *direction)) continue;
    direction->pieces.clear();
    connection.ends = true;
  }
  if (connection.ends && connection.up.pieces.empty() && connection.down.pieces.empty()) {
    Close(connection, false);
  }
}

FaultyRelay::Clock::time_point FaultyRelay::NextDue() const {
  Clock::time_point due = Clock::time_point::max();
  for (const Connection& connection : connections_) {
    for (const Direction* direction : {&connection.up, &connection.down}) {
      if (!direction->pieces.empty()) due = std::min(due, direction->pieces.front().due);
    }
  }
  return due;
}

void FaultyRelay::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::vector<pollfd> waiting = {pollfd{wake_[0], POLLIN, 0}};
    int timeout_ms = -1;
    {
      const std::lock_guard lock(mutex_);
      if (!faults_.stalls) {
        waiting.push_back({listener_, POLLIN, 0});
        for (const Connection& connection : connections_) {
          for (const auto& [file, out, in] :
               {std::tuple(connection.client, &connection.down, &connection.up),
                std::tuple(connection.server, &connection.up, &connection.down)}) {
            // Pieces that are due and still here wait for room.
            const bool waits = !out->pieces.empty() && out->pieces.front().due <= Clock::now();
            const bool reads = !connection.ends && in->pieces.size() < kMostPieces;
            const auto events = static_cast<short>((reads ? POLLIN : 0) | (waits ? POLLOUT : 0));
            // An end that has closed would end every wait at once.
            if (file >= 0 && events != 0) waiting.push_back({file, events, 0});
          }
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(NextDue() - Clock::now()).count();
        if (NextDue() != Clock::time_point::max()) timeout_ms = static_cast<int>(std::max<int64_t>(left, 1));
      }
    }
    poll(waiting.data(), waiting.size(), timeout_ms);
    std::array<char, 64> wakes;
    while (read(wake_[0], wakes.data(), wakes.size()) > 0) {
    }
    const std::lock_guard lock(mutex_);
    if (!faults_.stalls) {
      Accept();
      for (Connection& connection : connections_) {
        if (connection.client >= 0 || connection.server >= 0) Move(connection);
      }
    }
    for (auto connection = connections_.begin(); connection != connections_.end();) {
      if (connection->client >= 0 || connection->server >= 0) {
        ++connection;
        continue;
      }
      if (!connection->said.empty()) heard_.push_back(std::move(connection->said));
      if (heard_.size() > kMostRemembered) heard_.pop_front();
      connection = connections_.erase(connection);
    }
  }
}

}  // namespace kansoku::testing
