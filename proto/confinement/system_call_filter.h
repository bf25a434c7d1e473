// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"

namespace kansoku {

// What not every program needs.
struct SystemCallNeeds {
  bool packet_sockets = false;  // to capture a live link
  bool accepting = false;       // connections, at sockets that listen already
};

// From now on no thread of the process can make a system call that capturing, SQLite and gRPC do not need; it
// cannot be undone.
//
// What is refused fails with EPERM, and the process goes on: a library that is upgraded may try a newer call
// and do without it, and a measurement must not end for that. What nobody but an intruder would try (to start
// a program, to look into or trace another process, to load code into the kernel, to leave namespaces) ends
// the process at once.
absl::Status FilterSystemCalls(const SystemCallNeeds& needs);

}  // namespace kansoku
