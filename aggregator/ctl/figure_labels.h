// SPDX-License-Identifier: Apache-2.0
//
// What figures of one id are told apart by, and withheld for. Pure; any thread.
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// "direction=download group=a1", sorted by label.
std::string LabelsText(const v1::Figure& figure, const char* separator);

// "series_break"; empty where none was told apart, or there is a value.
std::string ReasonText(const v1::Figure& figure);

// The figures that have all of these labels. NOT_FOUND: none has them, and which there are.
absl::StatusOr<v1::GetFiguresResponse> OnlyWhere(const std::map<std::string, std::string>& labels,
                                                 v1::GetFiguresResponse figures);

// The figures of this population, and those that are of none.
v1::GetFiguresResponse OnlyOfPopulation(const std::string& population, v1::GetFiguresResponse figures);

}  // namespace kansoku::aggregator
