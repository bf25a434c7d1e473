// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/capture_feeder.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <string_view>

namespace kansoku::testing {

CaptureFeeder::CaptureFeeder(const std::string& capture, std::string pipe, size_t pieces,
                             std::chrono::milliseconds pause)
    : pipe_(std::move(pipe)) {
  std::ifstream file(capture, std::ios::binary);
  std::string octets{std::istreambuf_iterator<char>(file), {}};
  mkfifo(pipe_.c_str(), 0600);
  thread_ = std::jthread([this, octets = std::move(octets), pieces, pause](const std::stop_token& stop) {
    Feed(stop, octets, pieces, pause);
  });
}

CaptureFeeder::~CaptureFeeder() {
  thread_.request_stop();
  thread_.join();
  unlink(pipe_.c_str());
}

void CaptureFeeder::Feed(const std::stop_token& stop, const std::string& octets, size_t pieces,
                         std::chrono::milliseconds pause) const {
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
  int pipe = -1;
  const auto wait = [&pipe](short events, std::chrono::milliseconds longest) {
    pollfd waiting{events == 0 ? -1 : pipe, events, 0};
    poll(&waiting, 1, static_cast<int>(longest.count()));
  };
  while (pipe < 0 && !stop.stop_requested()) {
    // Without a reader it does not open, rather than wait beyond the end of this.
    pipe = open(pipe_.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (pipe < 0) wait(0, std::chrono::milliseconds(1));
  }
  const size_t piece = octets.size() / pieces + 1;
  for (size_t at = 0, end = piece; at < octets.size() && !stop.stop_requested();) {
    const std::string_view left = std::string_view(octets).substr(at, end - at);
    const ssize_t written = write(pipe, left.data(), left.size());
    if (written < 0 && errno != EAGAIN) break;
    at += written > 0 ? static_cast<size_t>(written) : 0;
    if (at < end) {
      wait(POLLOUT, std::chrono::milliseconds(10));
    } else {
      end += piece;
      wait(0, pause);
    }
  }
  if (pipe >= 0) close(pipe);
}

}  // namespace kansoku::testing
