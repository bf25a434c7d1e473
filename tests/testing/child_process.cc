// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

namespace kansoku::testing {
namespace {

using Clock = std::chrono::steady_clock;

pid_t Spawn(const std::vector<std::string>& command, int out, int err) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t pid = fork();
  if (pid != 0) return pid;
  // The test may have blocked signals; the program must see them.
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

int ExitStatus(pid_t pid) {
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int MillisecondsUntil(Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return left > 0 ? static_cast<int>(left) : 0;
}

// Appends what is there; false at the end of the stream.
bool ReadSome(int fd, std::string& into) {
  char buffer[65536];
  const ssize_t count = read(fd, buffer, sizeof buffer);
  if (count > 0) into.append(buffer, static_cast<size_t>(count));
  return count > 0;
}

}  // namespace

Finished RunProgram(const std::vector<std::string>& command, int deadline_seconds) {
  int out[2], err[2];
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) return {};
  const pid_t pid = Spawn(command, out[1], err[1]);
  close(out[1]);
  close(err[1]);
  Finished finished;
  const auto deadline = Clock::now() + std::chrono::seconds(deadline_seconds);
  pollfd streams[2] = {{out[0], POLLIN, 0}, {err[0], POLLIN, 0}};
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    if (poll(streams, 2, MillisecondsUntil(deadline)) <= 0) {
      kill(pid, SIGKILL);
      break;
    }
    if (streams[0].revents != 0 && !ReadSome(streams[0].fd, finished.out)) streams[0].fd = -1;
    if (streams[1].revents != 0 && !ReadSome(streams[1].fd, finished.err)) streams[1].fd = -1;
  }
  close(out[0]);
  close(err[0]);
  finished.exit_status = ExitStatus(pid);
  return finished;
}

ChildProcess::ChildProcess(const std::vector<std::string>& command) {
  int output[2];
  if (pipe2(output, O_CLOEXEC) != 0) return;
  pid_ = Spawn(command, output[1], output[1]);
  close(output[1]);
  output_ = output[0];
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) {
    kill(pid_, SIGTERM);
    ExitStatus(pid_);
  }
  if (output_ >= 0) close(output_);
}

std::string ChildProcess::WaitForLine(const std::string& text) {
  const auto deadline = Clock::now() + std::chrono::seconds(60);
  while (true) {
    for (size_t end; (end = buffered_.find('\n')) != std::string::npos;) {
      const std::string line = buffered_.substr(0, end);
      buffered_.erase(0, end + 1);
      if (line.find(text) != std::string::npos) return line;
    }
    pollfd stream{output_, POLLIN, 0};
    if (poll(&stream, 1, MillisecondsUntil(deadline)) <= 0 || !ReadSome(output_, buffered_)) return "";
  }
}

void ChildProcess::Signal(int signal) {
  if (pid_ > 0) kill(pid_, signal);
}

int ChildProcess::Wait() {
  // Keep the pipe empty: a full one would stop the child.
  while (ReadSome(output_, buffered_)) {
  }
  const int status = ExitStatus(pid_);
  pid_ = -1;
  return status;
}

}  // namespace kansoku::testing
