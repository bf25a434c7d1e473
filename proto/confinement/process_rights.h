// SPDX-License-Identifier: Apache-2.0
//
// What a program gives up when it starts, for good. These are called before any other thread is started: each
// thread has rights of its own, and takes those of the thread that starts it.
#pragma once

#include "absl/status/status.h"

namespace kansoku {

// Nothing that is in memory, addresses of subscribers and keys among it, gets into a core dump or under a
// debugger of the same user.
absl::Status KeepMemoryPrivate();

// Capturing a live link keeps CAP_NET_RAW, permitted but out of effect until a CaptureRight takes it; without
// one every capability goes. No program that might be started from here gets any back.
absl::Status KeepOnlyCaptureRight(bool captures_live);
absl::Status GiveUpEveryRight();

}  // namespace kansoku
