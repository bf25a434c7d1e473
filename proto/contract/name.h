// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace kansoku {

// 1 to 63 of a-z 0-9 - _ . , beginning with a letter or digit: what collectors, ISPs, points and sensors are
// called, in configuration files (FORMAT_NAME) and on the wire. Any thread.
bool IsName(std::string_view text);

}  // namespace kansoku
