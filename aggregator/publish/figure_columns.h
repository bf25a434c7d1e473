// SPDX-License-Identifier: Apache-2.0
//
// The columns of the published table of figures (METRICS 11): one row for each figure, one datum in each
// cell. CSV, Table Schema and CSVW are written from this one table. Constant data; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "aggregator/publish/publication.h"

namespace kansoku::aggregator {

struct FigureColumn {
  std::string_view name;
  std::string_view type;  // of Table Schema: string, number, integer, yearmonth, datetime
  std::string_view unit;  // of a number; "{unit}" where the row's column `unit` says it
  Words title;
  std::string_view description;
  std::string (*cell)(const v1::Figure& figure, const Publication& publication);
};

std::span<const FigureColumn> FigureColumns();

// Whether each figure is of a month and has only labels that have a column.
absl::Status CheckFigures(const std::vector<v1::Figure>& figures);

// What a careful reader must know, in words with spaces between: "simulated imputed"; "complete" if nothing.
std::string QualityWords(const v1::Figure& figure);

// "2025-02-01T09:00:00+09:00".
std::string JapaneseTime(int64_t unix_seconds);

bool IsSimulated(const v1::Figure& figure);

}  // namespace kansoku::aggregator
