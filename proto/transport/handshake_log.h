// SPDX-License-Identifier: Apache-2.0
//
// To the other side a refused certificate looks like an outage: the connection just ends. The side that
// refuses is the only one that knows why, and gRPC tells nobody but its log. So that log is listened to.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace kansoku {

// From now on takes every line of gRPC's log of this process. A failed TLS handshake is counted, and said in
// words with what to do, each reason at most once a minute; anything else is passed on as it is. `say` is
// called on any thread, one at a time. Called once, before the first connection.
void ListenToHandshakes(std::function<void(const std::string&)> say);

// Handshakes that failed on this side since then. Any thread.
uint64_t FailedHandshakes();

}  // namespace kansoku
