// SPDX-License-Identifier: Apache-2.0
#include "collector/survey_list_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
