// SPDX-License-Identifier: Apache-2.0
//
// What a page says of packets at dark addresses beside the charts of the published history. Pure; any thread.
#pragma once

#include <string>

#include "aggregator/publish/chart.h"
#include "aggregator/publish/language.h"
#include "aggregator/publish/publication.h"

namespace kansoku::aggregator {

inline constexpr char kDarknetSection[] = "dark";  // the section's id on the page

// A table alone: how the published packets grew, and every how many seconds one arrived at an address.
Chart DarknetGrowth(const Publication& publication, Language language);

// Empty where nothing is published of dark addresses.
std::string DarknetSection(const Publication& publication, Language language);

}  // namespace kansoku::aggregator
