// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "collector/capture/packet_source.h"

namespace kansoku::testing {

// A live source whose polls are written down beforehand; when none is left, it is silent. A packet is the
// time of its capture.
class ScriptedSource final : public collector::PacketSource {
 public:
  struct Answer {
    std::vector<int64_t> captured_unix_ns;  // one burst
    std::function<void()> meanwhile = [] {};
  };

  explicit ScriptedSource(std::deque<Answer> answers) : answers_(std::move(answers)) {}

  bool is_deaf() const { return is_deaf_; }

  absl::StatusOr<collector::PollState> Poll(Sink sink) override {
    if (answers_.empty()) return collector::PollState::kIdle;
    const Answer answer = std::move(answers_.front());
    answers_.pop_front();
    answer.meanwhile();
    std::vector<collector::PacketView> burst;
    for (const int64_t at : answer.captured_unix_ns) burst.push_back({.captured_unix_ns = at});
    received_packets_ += burst.size();
    if (!burst.empty()) sink(burst);
    return burst.empty() ? collector::PollState::kIdle : collector::PollState::kMore;
  }

  collector::CaptureStats Stats() override { return {.received_packets = received_packets_}; }

  absl::Status Deafen() override {
    is_deaf_ = true;
    return absl::OkStatus();
  }

 private:
  std::deque<Answer> answers_;
  uint64_t received_packets_ = 0;
  bool is_deaf_ = false;
};

}  // namespace kansoku::testing
