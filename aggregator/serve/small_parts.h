// SPDX-License-Identifier: Apache-2.0
//
// Which parts of a table may be told to those whose numbers they are not. DEMANDS.md, 7: "small-cell
// suppression and k-threshold for published breakdowns", and 14: "operators see own detail, regulators see
// aggregates".
//
// Parts to which fewer than `fewest` ISPs contribute are put together with their neighbours until no sum of
// them is small: first among themselves, then with the part beside them that has the fewest packets, at the
// finest level of the table where that is possible. A row of an answer is told only if it is a sum of whole
// groups. Where it is asked for, parts that have too few packets are put together likewise from a level of
// the table on: the sum of all that are equal above it is told, however few packets it has. The groups depend
// on the data of the hour alone and not on the question, so nothing that is told, added and subtracted in
// whatever way, gives more than sums of groups. Pure; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kansoku::aggregator {

// The finest that a table tells apart.
struct TablePart {
  std::vector<uint32_t> key;  // the table's levels, the coarsest first; as many in each part
  std::set<std::string> isps;
  uint64_t packets = 0;
};

// Indices of parts that are only told together.
struct PartGroup {
  std::vector<size_t> parts;
  bool is_small = false;  // not even together may they be told; then there is no other group
};

// `parts` rise by key, each key once. Besides enough ISPs a group needs so many packets, unless it is the
// whole table.
std::vector<PartGroup> GroupSmallParts(const std::vector<TablePart>& parts, uint32_t fewest,
                                       uint64_t fewest_packets = 0);

// The rows that must be withheld. `row_of`: the row to which a part is added; nothing: it is not asked for.
using RowOfPart = std::function<std::optional<uint64_t>(const TablePart&)>;
std::set<uint64_t> SmallRows(const std::vector<TablePart>& parts, const std::vector<PartGroup>& groups,
                             const RowOfPart& row_of);

}  // namespace kansoku::aggregator
