// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/small_parts.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace kansoku::aggregator {
namespace {

using Groups = std::vector<std::vector<size_t>>;

Groups GroupsOf(const std::vector<TablePart>& parts, uint32_t fewest = 3) {
  Groups groups;
  for (PartGroup& group : GroupSmallParts(parts, fewest)) {
    EXPECT_FALSE(group.is_small);
    std::sort(group.parts.begin(), group.parts.end());
    groups.push_back(group.parts);
  }
  std::sort(groups.begin(), groups.end());
  return groups;
}

TEST(SmallParts, WithEnoughIspsStayApart) {
  EXPECT_EQ(GroupsOf({{{1}, {"a", "b", "c"}, 10}, {{2}, {"b", "c", "d"}, 5}}), (Groups{{0}, {1}}));
}

TEST(SmallParts, AreToldTogetherWhereThatIsEnough) {
  EXPECT_EQ(GroupsOf({{{1}, {"a"}, 10}, {{2}, {"b", "c"}, 5}, {{3}, {"a", "b", "c"}, 1}}),
            (Groups{{0, 1}, {2}}));
}

// Alone it would be the total less the others.
TEST(SmallParts, TakeTheSmallestNeighbourWithThem) {
  EXPECT_EQ(GroupsOf({{{1}, {"a", "b", "c"}, 10}, {{2}, {"a"}, 7}, {{3}, {"a", "b", "c"}, 9}}),
            (Groups{{0}, {1, 2}}));
}

TEST(SmallParts, StayWithinTheirBranchOfTheTable) {
  EXPECT_EQ(GroupsOf({{{4, 1}, {"a", "b", "c"}, 100},
                      {{4, 2}, {"a"}, 1},
                      {{6, 1}, {"a", "b", "c"}, 2},
                      {{6, 2}, {"a", "b", "c"}, 3}}),
            (Groups{{0, 1}, {2}, {3}}));
}

TEST(SmallParts, LeaveTheirBranchWhereItIsSmallItself) {
  EXPECT_EQ(GroupsOf({{{4, 1}, {"a"}, 100}, {{4, 2}, {"b"}, 1}, {{6, 1}, {"a", "b", "c"}, 2}}),
            (Groups{{0, 1, 2}}));
}

TEST(SmallParts, OfASmallTableAreNotToldAtAll) {
  const std::vector<PartGroup> groups = GroupSmallParts({{{1}, {"a"}, 10}, {{2}, {"b"}, 5}}, 3);
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_TRUE(groups[0].is_small);
  EXPECT_EQ(groups[0].parts.size(), 2u);
  EXPECT_TRUE(GroupSmallParts({}, 3).empty());
}

TEST(SmallParts, OfNobodyCountForNobody) {
  EXPECT_EQ(GroupsOf({{{1}, {"a", "b", "c"}, 10}, {{2}, {}, 0}}), (Groups{{0, 1}}));
}

Groups GroupsWithPackets(const std::vector<TablePart>& parts) {
  Groups groups;
  for (const PartGroup& group : GroupSmallParts(parts, 1, 10)) {
    EXPECT_FALSE(group.is_small);
    groups.push_back(group.parts);
    std::sort(groups.back().begin(), groups.back().end());
  }
  std::sort(groups.begin(), groups.end());
  return groups;
}

TEST(SmallParts, WithTooFewPacketsAreToldTogether) {
  EXPECT_EQ(GroupsWithPackets({{{4, 1}, {"a"}, 9}, {{4, 2}, {"a"}, 1}, {{4, 3}, {"a"}, 10}}),
            (Groups{{0, 1}, {2}}));
  EXPECT_EQ(GroupsWithPackets({{{4, 1}, {"a"}, 9}, {{4, 2}, {"a"}, 11}, {{4, 3}, {"a"}, 10}}),
            (Groups{{0, 2}, {1}}));
}

// Else a sum over both families would tell the small one.
TEST(SmallParts, OfABranchWithTooFewPacketsAreToldWithAnother) {
  EXPECT_EQ(GroupsWithPackets({{{4, 1}, {"a"}, 10}, {{6, 1}, {"a"}, 2}, {{6, 2}, {"a"}, 3}}),
            (Groups{{0, 1, 2}}));
  EXPECT_EQ(GroupsWithPackets({{{4, 1}, {"a"}, 2}, {{6, 1}, {"a"}, 3}}), (Groups{{0, 1}}));
}

// Family, then transport: IPv4 TCP and UDP, IPv6 TCP and UDP; IPv6 UDP is of one ISP.
std::vector<TablePart> FamiliesAndTransports() {
  return {{{4, 6}, {"a", "b", "c"}, 1'000},
          {{4, 17}, {"a", "b", "c"}, 100},
          {{6, 6}, {"a", "b", "c"}, 10},
          {{6, 17}, {"a"}, 1}};
}

std::set<uint64_t> RowsBy(const RowOfPart& row_of) {
  const auto parts = FamiliesAndTransports();
  return SmallRows(parts, GroupSmallParts(parts, 3), row_of);
}

TEST(SmallParts, RowsAreThoseThatCutAGroup) {
  using Row = std::optional<uint64_t>;
  EXPECT_EQ(RowsBy([](const TablePart&) -> Row { return 0; }), (std::set<uint64_t>{})) << "the total";
  EXPECT_EQ(RowsBy([](const TablePart& part) -> Row { return part.key[0]; }), (std::set<uint64_t>{}))
      << "families: the group lies within one";
  EXPECT_EQ(RowsBy([](const TablePart& part) -> Row { return part.key[1]; }), (std::set<uint64_t>{6, 17}))
      << "transports: each total less what is told of the other family would tell it";
  EXPECT_EQ(RowsBy([](const TablePart& part) -> Row { return part.key[0] * 100 + part.key[1]; }),
            (std::set<uint64_t>{606, 617}));
}

TEST(SmallParts, RowsAreThoseThatCutAGroupByWhatIsAskedFor) {
  const RowOfPart only_udp = [](const TablePart& part) -> std::optional<uint64_t> {
    if (part.key[1] != 17) return std::nullopt;
    return 0;
  };
  EXPECT_EQ(RowsBy(only_udp), (std::set<uint64_t>{0}));
}

}  // namespace
}  // namespace kansoku::aggregator
