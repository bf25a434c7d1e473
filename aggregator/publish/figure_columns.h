// SPDX-License-Identifier: Apache-2.0
//
// The columns of the published table of figures (METRICS 11): one row for each figure, one datum in each
// cell. CSV, Table Schema and CSVW are written from this one table. Constant data; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "aggregator/publish/data_table.h"
#include "aggregator/publish/publication.h"

namespace kansoku::aggregator {

struct FigureColumn : TableColumn {
  std::string (*cell)(const v1::Figure& figure, const Publication& publication);
};

std::span<const FigureColumn> FigureColumns();

// data/figures: the figures of months, by these columns.
DataTable FigureTable(const Publication& publication);

// Whether each figure is of a month and has only labels that have a column.
absl::Status CheckFigures(const std::vector<v1::Figure>& figures);

// Whether a figure has a decimal value, or a reason why it has none.
absl::Status CheckValue(const v1::Figure& figure);

// What a careful reader must know, in words with spaces between: "simulated imputed"; "complete" if nothing.
std::string QualityWords(const v1::Figure& figure);

// "2025-02-01T09:00:00+09:00".
std::string JapaneseTime(int64_t unix_seconds);

bool IsSimulated(const v1::Figure& figure);

}  // namespace kansoku::aggregator
