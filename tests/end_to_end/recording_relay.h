// SPDX-License-Identifier: Apache-2.0
//
// A TCP relay on loopback that keeps what the client sent through it, as it was on the wire.
#pragma once

#include <mutex>
#include <string>
#include <thread>

namespace kansoku::testing {

class RecordingRelay {
 public:
  // Passes each connection, one after the other, on to "127.0.0.1:port". Aborts if it cannot listen.
  explicit RecordingRelay(const std::string& destination);
  ~RecordingRelay();

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string Sent() const;  // any thread

 private:
  void Run(std::stop_token stop);
  void Relay(int client, std::stop_token stop);

  int listener_ = -1;
  int wake_[2] = {-1, -1};  // a pipe: a byte in it ends the wait
  uint16_t port_ = 0;
  uint16_t destination_port_ = 0;
  mutable std::mutex mutex_;
  std::string sent_;  // guarded by mutex_
  std::jthread thread_;
};

}  // namespace kansoku::testing
