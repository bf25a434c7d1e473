// SPDX-License-Identifier: Apache-2.0
//
// The answers to `kansokuctl figures show`, `series` and `explain`. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "aggregator/ctl/question.h"
#include "aggregator/ctl/table.h"

namespace kansoku::aggregator {

// Values as they were published; to be explained, with formula and steps. Times are of Japan (JST).
std::string ToText(const MonthsQuestion& question, const v1::GetFiguresResponse& response);

// A row for each figure, with its exact value and everything that is said of it; to be explained, a row for
// each step.
std::string ToCsv(const MonthsQuestion& question, const v1::GetFiguresResponse& response);

// Those rows, for who has more to say of each figure.
Table FiguresTable(const google::protobuf::RepeatedPtrField<v1::Figure>& figures);

// That nothing was published, where nothing was.
std::vector<std::string> MissingMonths(const v1::MonthSelection& months,
                                       const v1::GetFiguresResponse& response);

}  // namespace kansoku::aggregator
