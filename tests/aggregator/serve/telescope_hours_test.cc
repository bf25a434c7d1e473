// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/telescope_hours.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/aggregator/serve/dark_days.h"

namespace kansoku::aggregator {
namespace {

TEST_F(TelescopeHoursTest, AreReadOnceUntilMoreComes) {
  AddAll(kFirst);
  AddAll(kFirst + 1);
  RememberedHours remembered;
  const Packets both = {{"2024-11-01", "30"}, {"2024-11-02", "30"}};
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(PacketsIn(Read(remembered, {kFirst, kFirst + 1})), both);
    EXPECT_EQ(reads_, 2);
  }
  Add("b", kFirst, DarkWindow("b", 5));
  EXPECT_EQ(PacketsIn(Read(remembered, {kFirst, kFirst + 1})),
            (Packets{{"2024-11-01", "35"}, {"2024-11-02", "30"}}));
  EXPECT_EQ(reads_, 3);
}

// What is kept of it says who was in time.
TEST_F(TelescopeHoursTest, AreReadAgainOnceTheDayIsRevised) {
  AddAll(kFirst);
  Keep(kFirst);
  RememberedHours remembered;
  EXPECT_TRUE(Read(remembered, {kFirst}).contributors.in_time.empty());
  Add("b", kFirst, DarkWindow("b", 5));
  EXPECT_TRUE(Read(remembered, {kFirst}).contributors.in_time.empty());
  Keep(kFirst);
  const std::set<std::string> all = {"isp-a", "isp-b", "isp-c"};
  EXPECT_EQ(Read(remembered, {kFirst}).contributors.in_time["2024-11-01"], all);
  EXPECT_EQ(reads_, 3);
}

TEST_F(TelescopeHoursTest, AreReadAgainForAnotherNumberOfIsps) {
  AddAll(kFirst);
  RememberedHours remembered;
  const auto small = [&](uint32_t fewest) {
    const auto hours = remembered.Read(*store_, Sum({kFirst}), fewest, [] { return true; });
    EXPECT_TRUE(hours.ok()) << hours.status();
    return hours.ok() && !hours->small.families.empty();
  };
  EXPECT_FALSE(small(3));
  EXPECT_TRUE(small(4));
  EXPECT_FALSE(small(3));
}

// As when the register says so, and the collector starts again.
TEST_F(TelescopeHoursTest, AreReadAgainOnceAPointIsOfAnotherIsp) {
  AddAll(kFirst);
  store_.Welcome("idle", v1::GROUP_A1, "isp-c");  // so that there are the same ISPs throughout
  RememberedHours remembered;
  using Isps = std::set<std::string>;
  const auto telling = [&] { return Read(remembered, {kFirst}).contributors.days["2024-11-01"].telling; };
  EXPECT_EQ(telling(), (Isps{"isp-a", "isp-b", "isp-c"}));
  store_.Welcome("c", v1::GROUP_A1, "isp-a");
  EXPECT_EQ(telling(), (Isps{"isp-a", "isp-b"}));
  store_.Welcome("c", v1::GROUP_A1, "isp-c");
  EXPECT_EQ(telling(), (Isps{"isp-a", "isp-b", "isp-c"}));
}

// Else whoever joins would have years read again.
TEST_F(TelescopeHoursTest, OfEarlierDaysStayWhenAPointJoins) {
  AddAll(kFirst);
  AddAll(kFirst + 1);
  RememberedHours remembered;
  Read(remembered, {kFirst, kFirst + 1});
  store_.Welcome("new", v1::GROUP_A1, "isp-a");
  store_.Welcome("newer", v1::GROUP_A1, "isp-d");
  Read(remembered, {kFirst, kFirst + 1});
  EXPECT_EQ(reads_, 2);
  Add("new", kFirst + 1, DarkWindow("new", 5));
  EXPECT_EQ(PacketsIn(Read(remembered, {kFirst, kFirst + 1})),
            (Packets{{"2024-11-01", "30"}, {"2024-11-02", "35"}}));
  EXPECT_EQ(reads_, 3);
}

TEST_F(TelescopeHoursTest, OfTheEarliestDayAreForgottenWhereThereAreMore) {
  for (int day = 0; day < 3; ++day) AddAll(kFirst + day);
  RememberedHours two(2);
  Read(two, {kFirst, kFirst + 1, kFirst + 2});
  EXPECT_EQ(reads_, 3);
  Read(two, {kFirst + 1, kFirst + 2});
  EXPECT_EQ(reads_, 3);
  Read(two, {kFirst});
  EXPECT_EQ(reads_, 4);
}

TEST_F(TelescopeHoursTest, AreRememberedLongerThanTheStoreKnowsThem) {
  AddAll(kFirst);
  RememberedHours remembered, fresh;
  Read(remembered, {kFirst});
  ForgetHours(kFirst + 3);
  EXPECT_EQ(PacketsIn(Read(remembered, {kFirst})), (Packets{{"2024-11-01", "30"}}));
  EXPECT_EQ(PacketsIn(Read(fresh, {kFirst})), Packets());
}

TEST_F(TelescopeHoursTest, AreReadForNobody) {
  AddAll(kFirst);
  AddAll(kFirst + 1);
  RememberedHours remembered;
  int asked = 0;
  const auto once = [&] { return ++asked == 1; };
  EXPECT_EQ(remembered.Read(*store_, Sum({kFirst, kFirst + 1}), kFewest, once).status(),
            absl::CancelledError("nobody waits for the hours of 2024-11-02"));
  // What was read by then is not lost.
  EXPECT_TRUE(remembered.Read(*store_, Sum({kFirst}), kFewest, [] { return false; }).ok());
}

TEST_F(TelescopeHoursTest, AreReadAheadOfDaysThatAreKeptTheLastFirst) {
  for (int day = 0; day < 3; ++day) AddAll(kFirst + day);
  Keep(kFirst);
  Keep(kFirst + 2);
  RememberedHours remembered;
  ReadAhead(remembered, 1);
  EXPECT_EQ(reads_, 1);
  Read(remembered, {kFirst + 2});
  EXPECT_EQ(reads_, 1);
  ReadAhead(remembered);
  EXPECT_EQ(reads_, 2);
  ReadAhead(remembered);
  EXPECT_EQ(PacketsIn(Read(remembered, {kFirst, kFirst + 2})),
            (Packets{{"2024-11-01", "30"}, {"2024-11-03", "30"}}));
  EXPECT_EQ(reads_, 2);
  Read(remembered, {kFirst + 1});
  EXPECT_EQ(reads_, 3);
}

TEST_F(TelescopeHoursTest, AreReadAheadAgainForARevisionAndNotForEachWindow) {
  AddAll(kFirst);
  Keep(kFirst);
  RememberedHours remembered;
  ReadAhead(remembered);
  Add("b", kFirst, DarkWindow("b", 5));
  ReadAhead(remembered);
  EXPECT_EQ(reads_, 1);
  Keep(kFirst);
  ReadAhead(remembered);
  EXPECT_EQ(reads_, 2);
  EXPECT_EQ(PacketsIn(Read(remembered, {kFirst})), (Packets{{"2024-11-01", "35"}}));
  EXPECT_EQ(reads_, 2);
}

}  // namespace
}  // namespace kansoku::aggregator
