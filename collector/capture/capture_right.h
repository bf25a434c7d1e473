// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace kansoku::collector {

// The right to open packet sockets, CAP_NET_RAW, in effect for the calling thread for as long as this lives,
// if the thread may have it. Linux asks for it when a packet socket is made, and never again: binding it,
// mapping its ring, joining a fanout group, turning promiscuous and reading need nothing (packet(7)). But a
// socket is of no more use once its interface was removed, as its ring and group stay with the one that is
// gone: whoever waits for an interface to come back must be able to make another.
class CaptureRight {
 public:
  CaptureRight();
  ~CaptureRight();
  CaptureRight(const CaptureRight&) = delete;
  CaptureRight& operator=(const CaptureRight&) = delete;

 private:
  bool raised_ = false;
};

}  // namespace kansoku::collector
