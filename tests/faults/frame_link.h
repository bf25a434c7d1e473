// SPDX-License-Identifier: Apache-2.0
//
// A link on which frames come late, out of order, twice or not at all: a TAP device in each of two network
// namespaces, with a thread between them. The namespaces know no addresses but of loopback's range, which is
// all that programs without transport security accept.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace kansoku::testing {

class FrameLink {
 public:
  struct Rates {
    uint64_t one_in_lost = 100;
    uint64_t one_in_twice = 10;
    std::chrono::milliseconds longest_delay{4};  // of each frame on its own, so that they overtake each other
  };

  static constexpr const char* kFarAddress = "127.77.0.2";

  // Moves the calling thread, and all that it will start, into the near namespace, and back at the end. ok()
  // tells whether it could: it needs root, or user namespaces.
  FrameLink(uint64_t seed, Rates rates);
  ~FrameLink();
  FrameLink(const FrameLink&) = delete;
  FrameLink& operator=(const FrameLink&) = delete;

  bool ok() const { return ok_; }
  std::vector<std::string> far_command() const;  // what to put before a command, for it to run at the far end

  // Frames so far.
  uint64_t sent() const { return sent_; }
  uint64_t lost() const { return lost_; }
  uint64_t doubled() const { return doubled_; }
  uint64_t overtaken() const { return overtaken_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Frame {
    uint64_t number;
    std::string octets;
  };

  bool SetUp();
  void Run(const std::stop_token& stop);
  void Receive(int end);
  void SendDue();

  const Rates rates_;
  std::mt19937_64 random_;
  bool ok_ = false;
  int home_ = -1;  // namespaces
  int far_ = -1;
  int ends_[2] = {-1, -1};                               // TAP devices, near and far
  std::multimap<Clock::time_point, Frame> underway_[2];  // to this end
  uint64_t last_number_[2] = {0, 0};                     // that reached this end
  std::atomic<uint64_t> sent_ = 0, lost_ = 0, doubled_ = 0, overtaken_ = 0;
  std::jthread thread_;
};

}  // namespace kansoku::testing
