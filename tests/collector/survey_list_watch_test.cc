// SPDX-License-Identifier: Apache-2.0
#include "collector/survey_list_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "absl/strings/str_cat.h"

namespace kansoku::collector {
namespace {

using ::testing::ElementsAre;

constexpr int64_t kSecond = 1'000'000'000;

SurveyListing Listing(const std::string& name, int64_t from_seconds, int64_t until_seconds) {
  return {.name = name,
          .version = "7",
          .from_unix_ns = from_seconds * kSecond,
          .until_unix_ns = until_seconds * kSecond,
          .ranges = {{.prefix = ParsePrefix("192.0.2.0/24").value()}}};
}

class SurveyListWatchTest : public ::testing::Test {
 protected:
  std::vector<std::string> Said(int64_t seconds) {
    said_.clear();
    watch_.Note(seconds * kSecond);
    return said_;
  }

  std::vector<std::string> said_;
  SurveyListWatch watch_{std::make_shared<const SurveyLists>(std::vector<SurveyListing>{
                             Listing("a", 0, 3600), Listing("b", 60, 3600), Listing("c", 0, 7200)}),
                         [this](const std::string& line) { said_.push_back(line); }};
};

// "to come/in force/expired, days left".
std::string CountsAt(const SurveyLists& lists, int64_t seconds) {
  const SurveyListCounts counts = CountSurveyLists(lists, seconds * kSecond);
  return absl::StrCat(counts.to_come, "/", counts.in_force, "/", counts.expired, ", ",
                      counts.days_left.has_value() ? absl::StrCat(*counts.days_left) : "no end");
}

TEST(SurveyListCounts, SayWhenNewListsAreDue) {
  constexpr int64_t kDay = 86'400;
  const SurveyLists lists({Listing("a", 0, kDay), Listing("b", 2 * kDay, 4 * kDay)});
  EXPECT_EQ(CountsAt(lists, -kDay), "2/0/0, 5");
  EXPECT_EQ(CountsAt(lists, 0), "1/1/0, 4");
  EXPECT_EQ(CountsAt(lists, kDay), "1/0/1, 3");
  EXPECT_EQ(CountsAt(lists, 3 * kDay + kDay / 2), "0/1/1, 0.5");
  EXPECT_EQ(CountsAt(lists, 4 * kDay), "0/0/2, 0");
  EXPECT_EQ(CountsAt(lists, 6 * kDay), "0/0/2, -2");
}

TEST(SurveyListCounts, KnowListsWithoutEnd) {
  EXPECT_EQ(CountsAt(SurveyLists(), 0), "0/0/0, no end");
  SurveyListing endless = Listing("c", 0, 0);
  endless.until_unix_ns = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(CountsAt(SurveyLists({Listing("a", 0, 1), endless}), 7), "0/1/1, no end");
}

TEST_F(SurveyListWatchTest, SaysEachChangeOnce) {
  EXPECT_THAT(Said(10),
              ElementsAre("the survey list b 7 is not in force before 1970-01-01T00:01:00Z: nobody is "
                          "on it until then"));
  EXPECT_THAT(Said(59), ElementsAre());
  EXPECT_THAT(Said(60), ElementsAre("the survey list b 7 is in force"));
  EXPECT_THAT(Said(3599), ElementsAre());
  EXPECT_THAT(
      Said(3600),
      ElementsAre("the survey list a 7 expired at 1970-01-01T01:00:00Z: nobody is on it any more; give a "
                  "newer version, and restart",
                  "the survey list b 7 expired at 1970-01-01T01:00:00Z: nobody is on it any more; give a "
                  "newer version, and restart"));
  EXPECT_THAT(Said(3610), ElementsAre());
}

TEST_F(SurveyListWatchTest, FollowsAClockThatIsSetBack) {
  Said(3600);
  EXPECT_THAT(Said(100), ElementsAre("the survey list a 7 is in force", "the survey list b 7 is in force"));
}

}  // namespace
}  // namespace kansoku::collector
