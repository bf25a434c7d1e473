// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"

namespace kansoku::aggregator {

// Gives up for good what the program never needs: its memory, other people's figures and keys among it, gets
// into no core dump and under no debugger of the same user; and nothing that might be started from here has
// more rights than it. What may be opened and called is left to the service manager (deploy/systemd).
absl::Status GiveUpRights();

}  // namespace kansoku::aggregator
