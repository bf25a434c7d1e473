// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace kansoku::aggregator {

// As text of an element or value of a quoted attribute.
std::string Escaped(const std::string& text);

}  // namespace kansoku::aggregator
