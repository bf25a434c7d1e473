// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace kansoku::testing {

struct Finished {
  int exit_status = -1;  // 128 + signal if one ended it
  std::string out;
  std::string err;
};

// Runs a program to its end and collects what it prints. After `deadline_seconds` it is killed: exit status
// 137.
Finished RunProgram(const std::vector<std::string>& command, int deadline_seconds = 120);

// A program that runs beside the test. The destructor ends it with SIGTERM and waits.
class ChildProcess {
 public:
  explicit ChildProcess(const std::vector<std::string>& command);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Reads the child's output until a line holds `text`, and returns that line; empty if the child ended, or
  // 60 seconds passed, before one did. Standard error counts as output here.
  std::string WaitForLine(const std::string& text);

  void Signal(int signal);
  int Wait();  // exit status, as in Finished
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  std::string buffered_;
};

}  // namespace kansoku::testing
