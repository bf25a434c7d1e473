// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/history.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "aggregator/publish/decimal.h"
#include "proto/contract/csv_rows.h"

namespace kansoku::aggregator {
namespace {

std::optional<Evidence> EvidenceOf(std::string_view word) {
  if (word == "seen") return Evidence::kSeen;
  if (word == "derived") return Evidence::kDerived;
  if (word == "recalled") return Evidence::kRecalled;
  return std::nullopt;
}

}  // namespace

absl::StatusOr<HistoryFile> ParseHistory(std::string name, std::string content) {
  const auto bad = [&](int line, const std::string& what) {
    return absl::InvalidArgumentError(absl::StrCat(name, ":", line, ": ", what));
  };
  const absl::StatusOr<std::vector<CsvRow>> rows = ParseCsv(content, name);
  if (!rows.ok()) return rows.status();
  if (rows->empty() || !std::equal(rows->front().cells.begin(), rows->front().cells.end(),
                                   std::begin(kHistoryColumns), std::end(kHistoryColumns))) {
    return bad(1, absl::StrCat("expected the columns ", absl::StrJoin(kHistoryColumns, ",")));
  }
  HistoryFile file;
  for (const auto& [line, cells] : std::span(*rows).subspan(1)) {
    if (cells.size() != std::size(kHistoryColumns)) {
      return bad(line, absl::StrCat(cells.size(), " cells; expected ", std::size(kHistoryColumns)));
    }
    if (!IsDecimal(cells[1])) return bad(line, absl::StrCat("value \"", cells[1], "\": expected a decimal"));
    const std::optional<Evidence> evidence = EvidenceOf(cells[4]);
    if (!evidence) {
      return bad(line, absl::StrCat("\"", cells[4], "\": expected seen, derived or recalled"));
    }
    file.rows.push_back({cells[0], cells[1], cells[2], cells[3], *evidence, cells[5], cells[6], cells[7]});
  }
  file.name = std::move(name);
  file.content = std::move(content);
  return file;
}

}  // namespace kansoku::aggregator
