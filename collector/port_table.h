// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostream>
#include <string>

#include "collector/five_tuples.h"

namespace kansoku::collector {

// What scans look like: for each protocol and destination port, the frames, how many addresses they came from
// and went to, and how many were SYN without ACK. Most frames first. `file` is the first column.
void WritePortHeader(std::ostream& out);
void WritePortRows(const std::string& file, const FiveTuples& tuples, std::ostream& out);

}  // namespace kansoku::collector
