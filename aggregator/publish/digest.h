// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace kansoku::aggregator {

// SHA-256 in hexadecimal. Any thread.
std::string Sha256Text(std::string_view content);

}  // namespace kansoku::aggregator
