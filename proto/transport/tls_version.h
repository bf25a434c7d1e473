// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"

namespace kansoku {

// From now on every TLS connection of this process is TLS 1.3, whichever library makes it. gRPC 1.51 has no
// switch for this and sets a least version of 1.2 itself, but leaves alone what OpenSSL's configuration
// forbids. INTERNAL: this OpenSSL cannot. Any thread; before the first connection.
absl::Status RequireTls13();

}  // namespace kansoku
