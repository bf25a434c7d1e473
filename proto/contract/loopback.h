// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace kansoku {

// Whether a host:port stays on this machine: 127.0.0.0/8, [::1] or localhost. Plain text is spoken nowhere
// else, by either program. No name is looked up. Any thread.
bool IsLoopback(std::string_view host_port);

}  // namespace kansoku
