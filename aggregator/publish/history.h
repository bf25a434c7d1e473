// SPDX-License-Identifier: Apache-2.0
//
// What others published before: the tables of deploy/reference, each value with its source and how well it is
// known. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace kansoku::aggregator {

// How a value is known, the best first.
enum class Evidence { kSeen, kDerived, kRecalled };

struct HistoryRow {
  std::string period;  // 2024-11, 2024 or 2020-Q1
  std::string value;   // decimal
  std::string unit;
  std::string source;
  Evidence evidence = Evidence::kSeen;
  std::string series;
  std::string basis;  // what it may be compared with: "contract_share;9isp", "vintage 2024 report"
  std::string note;
};

struct HistoryFile {
  std::string name;  // "mobile.csv"
  std::string content;
  std::vector<HistoryRow> rows;
};

// The columns of the tables, in their order.
inline constexpr const char* kHistoryColumns[] = {"period",           "value",  "unit",  "source",
                                                  "seen_or_recalled", "series", "basis", "note"};

// INVALID_ARGUMENT names file, line and what is expected.
absl::StatusOr<HistoryFile> ParseHistory(std::string name, std::string content);

}  // namespace kansoku::aggregator
