// SPDX-License-Identifier: Apache-2.0
//
// The answers to `kansokuctl darknet ports`, `hosts`, `categories`, `scanners`, `victims` and `figures`.
// Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "aggregator/ctl/question.h"

namespace kansoku::aggregator {

// Periods are days in Japan. A withheld figure says why.
std::string ToText(const TelescopeQuestion& question, const v1::GetFiguresResponse& response);

// A row for each figure, with its value as published and everything that is said of it.
std::string ToCsv(const TelescopeQuestion& question, const v1::GetFiguresResponse& response);

// That there is no such figure, where there is none.
std::vector<std::string> MissingDays(const TelescopeQuestion& question,
                                     const v1::GetFiguresResponse& response);

}  // namespace kansoku::aggregator
