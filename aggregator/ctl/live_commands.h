// SPDX-License-Identifier: Apache-2.0
//
// The words of `kansokuctl doctor` and `kansokuctl top`, which look at the system as it is now.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "aggregator/ctl/question.h"

namespace kansoku::aggregator {

// Must live as long as the command that it adds to, and outlives no parse of it.
class LiveCommands {
 public:
  explicit LiveCommands(CLI::App& app);
  LiveCommands(const LiveCommands&) = delete;
  LiveCommands& operator=(const LiveCommands&) = delete;

  // Whether one of them was said.
  bool parsed() const { return doctor_->parsed() || top_->parsed(); }
  // Whether its answer is a picture.
  bool draws() const { return top_->parsed(); }
  absl::StatusOr<Request> RequestOf() const;

 private:
  CLI::App *doctor_, *top_;
  std::string metrics_ = "http://127.0.0.1:9464", prometheus_ = "http://127.0.0.1:9090";
  std::string interval_ = "2s", order_ = "rate";
  bool once_ = false;
};

}  // namespace kansoku::aggregator
