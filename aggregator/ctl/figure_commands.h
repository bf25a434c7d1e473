// SPDX-License-Identifier: Apache-2.0
//
// The words after `kansokuctl figures` and `kansokuctl export` that ask for what was published of months.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "aggregator/ctl/question.h"

namespace kansoku::aggregator {

// Must live as long as the commands that it adds to, and outlives no parse of them.
class FigureCommands {
 public:
  FigureCommands(CLI::App& figures, CLI::App& exports);
  FigureCommands(const FigureCommands&) = delete;
  FigureCommands& operator=(const FigureCommands&) = delete;

  // Whether one of them was said.
  bool parsed() const;
  // What was said, as a question. Not of an export: a month that is left out is the last that is over.
  absl::StatusOr<Request> RequestOf(absl::Time now) const;

 private:
  absl::StatusOr<MonthsQuestion> AskForMonths(absl::Time now) const;
  absl::StatusOr<Request> AskForVintages() const;
  absl::StatusOr<Request> AskToRecompute() const;
  absl::StatusOr<Request> AskForPanel(absl::Time now) const;
  absl::StatusOr<Request> AskToExport() const;

  CLI::App *list_, *show_, *series_of_, *explain_, *panel_, *vintages_, *recompute_, *openmetrics_;
  std::string id_, series_, month_, from_, to_, as_published_, history_;
  std::vector<std::string> where_;
  uint32_t vintage_ = 0, lag_ = 0;
  bool only_history_ = false;
};

}  // namespace kansoku::aggregator
