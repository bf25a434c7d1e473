// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace kansoku::nation {

// Writes the register of the made-up nation into an empty folder: its operators, links and contracts, a
// change of the definition in May 2023, and Japan's holidays and the usual presentations as they are shipped
// in `shipped`.
void WriteRegister(const std::string& folder, const std::string& shipped);

}  // namespace kansoku::nation
