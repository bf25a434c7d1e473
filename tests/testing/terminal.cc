// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include <chrono>

namespace kansoku::testing {
namespace {

using Clock = std::chrono::steady_clock;

int MillisecondsUntil(Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return left > 0 ? static_cast<int>(left) : 0;
}

}  // namespace

Terminal::Terminal(unsigned short columns, unsigned short rows) {
  winsize size{};
  size.ws_col = columns;
  size.ws_row = rows;
  if (openpty(&user_side_, &program_side_, nullptr, nullptr, &size) != 0) return;
  fcntl(user_side_, F_SETFD, FD_CLOEXEC);
}

Terminal::~Terminal() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (program_side_ >= 0) close(program_side_);
  if (user_side_ >= 0) close(user_side_);
}

void Terminal::Start(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    login_tty(program_side_);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  // Held by the program alone, so that reading ends with it.
  close(program_side_);
  program_side_ = -1;
}

bool Terminal::ReadSome() {
  char buffer[65536];
  const ssize_t count = read(user_side_, buffer, sizeof buffer);
  if (count > 0) drawn_.append(buffer, static_cast<size_t>(count));
  return count > 0;
}

std::string Terminal::WaitFor(const std::string& text, size_t from) {
  const auto deadline = Clock::now() + std::chrono::seconds(60);
  while (from > drawn_.size() || drawn_.find(text, from) == std::string::npos) {
    pollfd stream{user_side_, POLLIN, 0};
    if (poll(&stream, 1, MillisecondsUntil(deadline)) <= 0 || !ReadSome()) return "";
  }
  return drawn_;
}

void Terminal::Type(const std::string& keys) {
  if (write(user_side_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size()))
    drawn_ += "(not typed)";
}

void Terminal::Signal(int signal) {
  if (pid_ > 0) kill(pid_, signal);
}

int Terminal::Wait(std::string& drawn) {
  while (ReadSome()) {
  }
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  drawn = drawn_;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool Terminal::IsInLineMode() const {
  termios now{};
  tcgetattr(user_side_, &now);
  return (now.c_lflag & ICANON) != 0 && (now.c_lflag & ECHO) != 0;
}

}  // namespace kansoku::testing
