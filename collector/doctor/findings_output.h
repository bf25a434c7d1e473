// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostream>
#include <span>
#include <string>

#include "collector/doctor/finding.h"

namespace kansoku::collector {

// For people: a line for each finding, and below those that are not ok what it means and what to do.
void WriteFindings(std::span<const Finding> findings, std::ostream& out);

// For programs: one JSON object in a line, {"findings": [...]}.
void WriteFindingsJson(std::span<const Finding> findings, std::ostream& out);

// In one line, for a log.
std::string FindingText(const Finding& finding);

}  // namespace kansoku::collector
