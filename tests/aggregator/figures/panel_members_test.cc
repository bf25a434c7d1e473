// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/panel_members.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "tests/aggregator/figures/month_literals.h"

namespace kansoku::aggregator {
namespace {

constexpr v1::Series kFixed = v1::SERIES_FIXED;
constexpr PanelMonths kYear{{2023, 11}, {2024, 11}}, kHalfYear{{2024, 5}, {2024, 11}};

// As many ISPs as told, from a month on and until another, with a point of subscribers each.
void Measure(int isps, const std::string& since, const std::string& until, v1::Statistics& statistics) {
  for (int i = 0; i < isps; ++i) {
    const std::string name = absl::StrCat("isp-", statistics.register_().contributors_size());
    v1::Contributor& contributor = AddContributor(kFixed, name, statistics);
    contributor.set_member_since(since);
    contributor.set_member_until(until);
    AddPoint("of-" + name, v1::GROUP_A1, contributor);
  }
}

v1::Statistics FewestIs3() {
  v1::Statistics statistics = EmptyRegister();
  statistics.mutable_register_()->set_fewest_contributors(3);
  return statistics;
}

std::string Why(const v1::Statistics& statistics, PanelMonths months) {
  const auto why = WhyPanelIsWithheld(statistics, kFixed, months);
  if (!why.has_value()) return "";
  EXPECT_EQ(why->reason, v1::WITHHELD_REASON_FEW_CONTRIBUTORS);
  return why->because;
}

TEST(PanelMembers, HaveSubscribersInBothMonths) {
  v1::Statistics statistics = EmptyRegister();
  Measure(1, "2004-09", "", statistics);
  Measure(1, "2023-12", "", statistics);         // joins
  Measure(1, "2004-09", "2024-11", statistics);  // leaves
  v1::Contributor& exchange = AddContributor(kFixed, "of-others", statistics);
  AddPoint("of-others-1", v1::GROUP_A2, exchange);
  v1::Contributor& later = AddContributor(kFixed, "measured-later", statistics);
  AddPoint("measured-later-1", v1::GROUP_A1, later);
  later.mutable_points(0)->set_since("2024-11");
  EXPECT_EQ(PanelMembers(statistics, kFixed, kYear), std::set<std::string>{"isp-0"});
  EXPECT_TRUE(PanelMembers(statistics, v1::SERIES_MOBILE, kYear).empty());
}

TEST(PanelMembers, AreNotFew) {
  v1::Statistics statistics = FewestIs3();
  Measure(2, "2004-09", "", statistics);
  EXPECT_EQ(Why(statistics, kYear), "fewer than 3 ISPs contribute to it");
  Measure(1, "2004-09", "", statistics);
  EXPECT_EQ(Why(statistics, kYear), "");
}

TEST(PanelMembers, LeaveOutNobodyOrMany) {
  for (const auto& [since, until, month] :
       {std::tuple("2024-06", "", "2024-11"), std::tuple("2004-09", "2024-06", "2023-11")}) {
    v1::Statistics statistics = FewestIs3();
    Measure(3, "2004-09", "", statistics);
    for (int outside = 1; outside <= 2; ++outside) {
      Measure(1, since, until, statistics);
      EXPECT_EQ(Why(statistics, kYear),
                absl::StrCat("of ", month,
                             " it leaves out fewer than 3 ISPs, and would tell of them by subtraction from "
                             "what is published"));
    }
    Measure(1, since, until, statistics);
    EXPECT_EQ(Why(statistics, kYear), "");
  }
}

// Three joined since May, and a fourth in the half-year before: from a sum without four and one without
// three, which are each of many, the fourth's rate would follow.
TEST(PanelMembers, AreNotToldApartByTwoPanels) {
  v1::Statistics statistics = FewestIs3();
  Measure(3, "2004-09", "", statistics);
  Measure(3, "2024-06", "", statistics);
  EXPECT_EQ(Why(statistics, kYear), "");
  EXPECT_EQ(Why(statistics, kHalfYear), "");
  Measure(1, "2024-01", "", statistics);
  const std::string why = " it would tell of fewer than 3 ISPs by subtraction";
  EXPECT_EQ(Why(statistics, kYear), "beside the panel of 2024-05 and 2024-11" + why);
  EXPECT_EQ(Why(statistics, kHalfYear), "beside the panel of 2023-11 and 2024-11" + why);
  Measure(2, "2024-01", "", statistics);
  EXPECT_EQ(Why(statistics, kYear), "");
  EXPECT_EQ(Why(statistics, kHalfYear), "");
}

}  // namespace
}  // namespace kansoku::aggregator
