// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "aggregator/publish/publication.h"

namespace kansoku::aggregator {

// The figures with everything that is known of them, exact values too. Decimals are strings, as a reader that
// takes them for floating-point numbers would lose digits. Pure; any thread.
std::string OpenDataJson(const Publication& publication);

}  // namespace kansoku::aggregator
