// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace kansoku {

// Each end of a connection asks the other for a sign of life after so long without one, and gives the
// connection up when none comes: a peer that vanished is noticed after their sum. It is TCP's deadline for
// unacknowledged data as well (TCP_USER_TIMEOUT), so that a busy connection ends as soon as an idle one. Longer
// than a window: who reports every ten seconds gives signs enough and is not asked.
inline constexpr int kKeepaliveMilliseconds = 15'000;
inline constexpr int kKeepaliveTimeoutMilliseconds = 10'000;

// How often a peer may ask before it counts as hostile. Below the interval by what timers and the network shift.
inline constexpr int kShortestPingMilliseconds = 5'000;

}  // namespace kansoku
