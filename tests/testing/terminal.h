// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace kansoku::testing {

// A terminal whose user is the test: sees what is drawn, types keys.
class Terminal {
 public:
  Terminal(unsigned short columns, unsigned short rows);
  ~Terminal();  // ends the program with SIGKILL if it still runs
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // Where a program draws. Until Start().
  int program_side() const { return program_side_; }

  // Runs a program on the terminal: its three standard streams.
  void Start(const std::vector<std::string>& command);

  // All that was drawn since the terminal was made, once it holds `text` behind the octet `from`; empty if
  // the program ended, or 60 seconds passed, before it did. Lines end as terminals end them, in "\r\n".
  std::string WaitFor(const std::string& text, size_t from = 0);
  void Type(const std::string& keys);
  void Signal(int signal);
  // Exit status, 128 + signal if one ended it; everything that was drawn until then goes to `drawn`.
  int Wait(std::string& drawn);

  // Whether keys are echoed and waited for by lines, as they are in a terminal that nobody changed.
  bool IsInLineMode() const;

 private:
  bool ReadSome();

  int user_side_ = -1;
  int program_side_ = -1;
  pid_t pid_ = -1;
  std::string drawn_;
};

}  // namespace kansoku::testing
