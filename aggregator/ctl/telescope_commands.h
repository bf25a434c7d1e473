// SPDX-License-Identifier: Apache-2.0
//
// The words after `kansokuctl darknet` that ask for figures of whole days of the telescopes.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "aggregator/ctl/question.h"

namespace kansoku::aggregator {

// Must live as long as the command that it adds to, and outlives no parse of it.
class TelescopeCommands {
 public:
  explicit TelescopeCommands(CLI::App& darknet);
  TelescopeCommands(const TelescopeCommands&) = delete;
  TelescopeCommands& operator=(const TelescopeCommands&) = delete;

  // Whether one of them was said.
  bool parsed() const { return Said() != nullptr; }
  // What was said, as a question. Where no day is named it is the last that was judged.
  absl::StatusOr<Request> RequestOf(absl::Time now) const;

 private:
  const CLI::App* Said() const;
  absl::Status SetDays(absl::Time now, v1::TelescopeSelection& telescope) const;

  const CLI::App& darknet_;
  std::string day_, month_, year_, from_, to_, step_, population_;
};

}  // namespace kansoku::aggregator
