// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace kansoku {

// The release, such as "0.1.0": printed by --version, sent in Hello, exported as kansoku_build_info.
std::string_view SoftwareVersion();

}  // namespace kansoku
