// SPDX-License-Identifier: Apache-2.0
//
// How rows that follow each other in time go up and down, drawn behind a table for whoever sits at a
// terminal. Empty where no series has two values. Pure; any thread.
#pragma once

#include <string>

#include "aggregator/ctl/question.h"

namespace kansoku::aggregator {

std::string OverTime(const TrafficQuestion& question, const v1::GetTrafficResponse& response);
std::string OverTime(const MonthsQuestion& question, const v1::GetFiguresResponse& response);

}  // namespace kansoku::aggregator
