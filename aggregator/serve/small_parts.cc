// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/small_parts.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace kansoku::aggregator {
namespace {

struct Group {
  std::vector<size_t> parts;
  std::set<std::string> isps;
  uint64_t packets = 0;

  void Add(Group other) {
    parts.insert(parts.end(), other.parts.begin(), other.parts.end());
    isps.merge(other.isps);
    packets += other.packets;
  }
};

// Of one subtree of the table: groups that may be told, and what is left and may not, unless more joins it.
struct Grouping {
  std::vector<Group> whole;
  Group rest;
};

class Grouper {
 public:
  Grouper(const std::vector<TablePart>& parts, uint32_t fewest, uint64_t fewest_packets)
      : parts_(parts), fewest_(fewest), fewest_packets_(fewest_packets) {}

  // The parts [begin, end) are equal in the levels above `level`.
  Grouping Subtree(size_t begin, size_t end, size_t level) const {
    Grouping grouping;
    if (level == parts_[begin].key.size()) {
      Settle({{begin}, parts_[begin].isps, parts_[begin].packets}, level, grouping);
      return grouping;
    }
    Group rest;
    for (size_t i = begin; i < end;) {
      size_t next = i;
      while (next < end && parts_[next].key[level] == parts_[i].key[level]) ++next;
      Grouping below = Subtree(i, next, level + 1);
      std::move(below.whole.begin(), below.whole.end(), std::back_inserter(grouping.whole));
      rest.Add(std::move(below.rest));
      i = next;
    }
    Settle(std::move(rest), level, grouping);
    return grouping;
  }

 private:
  void Settle(Group rest, size_t level, Grouping& grouping) const {
    if (rest.parts.empty()) return;
    const bool is_whole_table = level == 0 && grouping.whole.empty();
    if (rest.isps.size() >= fewest_ && (is_whole_table || rest.packets >= fewest_packets_)) {
      grouping.whole.push_back(std::move(rest));
    } else if (grouping.whole.empty()) {
      grouping.rest = std::move(rest);
    } else {
      std::min_element(grouping.whole.begin(), grouping.whole.end(), [](const Group& a, const Group& b) {
        return a.packets < b.packets;
      })->Add(std::move(rest));
    }
  }

  const std::vector<TablePart>& parts_;
  const uint32_t fewest_;
  const uint64_t fewest_packets_;
};

}  // namespace

std::vector<PartGroup> GroupSmallParts(const std::vector<TablePart>& parts, uint32_t fewest,
                                       uint64_t fewest_packets) {
  if (parts.empty()) return {};
  Grouping grouping = Grouper(parts, fewest, fewest_packets).Subtree(0, parts.size(), 0);
  std::vector<PartGroup> groups;
  for (Group& group : grouping.whole) groups.push_back({std::move(group.parts), false});
  if (!grouping.rest.parts.empty()) groups.push_back({std::move(grouping.rest.parts), true});
  return groups;
}

std::set<uint64_t> SmallRows(const std::vector<TablePart>& parts, const std::vector<PartGroup>& groups,
                             const RowOfPart& row_of) {
  std::set<uint64_t> small;
  for (const PartGroup& group : groups) {
    std::set<std::optional<uint64_t>> rows;
    for (const size_t part : group.parts) rows.insert(row_of(parts[part]));
    if (rows.size() == 1 && !group.is_small) continue;
    for (const std::optional<uint64_t>& row : rows) {
      if (row.has_value()) small.insert(*row);
    }
  }
  return small;
}

}  // namespace kansoku::aggregator
