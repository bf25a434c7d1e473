// SPDX-License-Identifier: Apache-2.0
//
// The terminal as one picture that is drawn again and again, and keys that are read at once. What was on it
// comes back at the end, also where SIGINT, SIGTERM, SIGHUP or SIGQUIT ends the program: with status 0, as `q` would.
//
// One in a process, from its main thread.
#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"

namespace kansoku::aggregator {

class LiveScreen {
 public:
  LiveScreen();
  ~LiveScreen();
  LiveScreen(const LiveScreen&) = delete;
  LiveScreen& operator=(const LiveScreen&) = delete;

  // Over what was there; what does not fit is left out.
  void Draw(const std::string& text);

  // A key; none after that time, or where the terminal has another size now. 'q' once nobody can type any
  // more.
  std::optional<char> WaitForKey(absl::Duration time);
};

}  // namespace kansoku::aggregator
