// SPDX-License-Identifier: Apache-2.0
//
// How far long work has come, for whoever watches a terminal: one line, drawn over itself and taken away at
// the end. Pipes and logs are told nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace kansoku {

// "reading day.pcap: 25 %, about 30s left", after `spent` in which `done` grew from `begun_with`. Without an
// estimate where there is nothing left, or nothing to estimate from; without a share where the total is 0:
// not known. Pure; any thread.
std::string ProgressText(std::string_view what, uint64_t begun_with, uint64_t done, uint64_t total,
                         absl::Duration spent);

// What stands before a line that may come while a Progress is drawn on the same descriptor: on a terminal it
// takes the drawing away, elsewhere it is empty. Any thread.
const char* OverProgress(bool is_terminal);

// One thread. The descriptor must stay open.
class Progress {
 public:
  // Draws if the descriptor is a terminal; `what` stands before the numbers. To be made before system calls
  // are filtered: from then on the terminal is as wide as it was.
  Progress(int descriptor, std::string what);
  ~Progress();  // takes the line away
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // How much of the work is done now, in any unit. The first call begins the time that is estimated from; of
  // later ones ten a second are drawn at most.
  void Tell(uint64_t done, uint64_t total, absl::Time now);

 private:
  const int descriptor_;
  const std::string what_;
  const bool is_terminal_;
  size_t columns_;
  bool has_begun_ = false;
  uint64_t begun_with_ = 0;
  absl::Time begun_at_;
  absl::Time drawn_at_;
};

}  // namespace kansoku
