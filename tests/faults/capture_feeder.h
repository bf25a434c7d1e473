// SPDX-License-Identifier: Apache-2.0
//
// Gives a capture file to whoever opens a named pipe, piece by piece, so that its reader can be ended in the
// middle.
#pragma once

#include <chrono>
#include <string>
#include <thread>

namespace kansoku::testing {

class CaptureFeeder {
 public:
  // Makes the pipe. The capture is written in `pieces`, one after each `pause`, once a reader is there. Ends
  // with the capture, with its reader, or with this.
  CaptureFeeder(const std::string& capture, std::string pipe, size_t pieces, std::chrono::milliseconds pause);
  ~CaptureFeeder();

 private:
  void Feed(const std::stop_token& stop, const std::string& octets, size_t pieces,
            std::chrono::milliseconds pause) const;

  const std::string pipe_;
  std::jthread thread_;
};

}  // namespace kansoku::testing
