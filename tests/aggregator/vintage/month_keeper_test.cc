// SPDX-License-Identifier: Apache-2.0
#include "aggregator/vintage/month_keeper.h"

#include "tests/aggregator/vintage/kept_months.h"

namespace kansoku::aggregator {
namespace {

using MonthKeeperTest = KeptMonths;

TEST_F(MonthKeeperTest, AMonthIsProvisionalThenFinalThenRevisedAndNothingIsLost) {
  MonthKeeper keeper(Method());
  const Register small = SmallRegister("d1");
  Send("tokyo", kNovember, 3);
  EXPECT_EQ(Keep(keeper, small, kNovemberEnd + absl::Minutes(59)), Texts{});
  EXPECT_EQ(Keep(keeper, small, kNovemberEnd + absl::Hours(1)),
            Texts{"fixed 2024-11 1 provisional, by kansoku-aggregator: the month is over"});
  EXPECT_EQ(Keep(keeper, small, kNovemberEnd + absl::Hours(2)), Texts{});

  // What comes late is gathered for a day.
  Send("tokyo", kNovember + 30, 1);
  EXPECT_EQ(Keep(keeper, small, kNovemberEnd + absl::Hours(24)), Texts{});
  EXPECT_EQ(Keep(keeper, small, kNovemberEnd + absl::Hours(25)),
            Texts{"fixed 2024-11 2 provisional, by kansoku-aggregator: late data of point tokyo: 1 window"});
  EXPECT_EQ(Keep(keeper, small, kNovemberEnd + 20 * kDay - absl::Seconds(1)), Texts{});
  EXPECT_EQ(Keep(keeper, small, kNovemberEnd + 20 * kDay),
            Texts{"fixed 2024-11 3 final, by kansoku-aggregator: the time of grace is over"});

  Send("tokyo", kNovember + 40, 2);
  Send("osaka", kNovember + 7200, 10);
  EXPECT_EQ(
      Keep(keeper, small, kNovemberEnd + 21 * kDay),
      Texts{"fixed 2024-11 4 revised, by kansoku-aggregator: late data of points osaka, tokyo: 12 windows"});
  EXPECT_EQ(Keep(keeper, small, kNovemberEnd + 25 * kDay), Texts{});
  EXPECT_EQ(Volumes("2024-11"), (Texts{"300", "400", "400", "1600"}));

  // As it was published the day before, with everything that was said then.
  const auto published =
      store_->Vintages({.as_published_unix_seconds = absl::ToUnixSeconds(kNovemberEnd + 21 * kDay) - 1,
                        .latest_only = true,
                        .with_figures = true});
  ASSERT_EQ(published->size(), 1u);
  const v1::Figure& figure = published->at(0).figures(0);
  EXPECT_EQ(figure.value(), "400");
  EXPECT_EQ(figure.vintage(), 3u);
  EXPECT_EQ(figure.state(), v1::VINTAGE_STATE_FINAL);
  EXPECT_EQ(figure.register_digest(), "d1");
  EXPECT_EQ(figure.computed_unix_seconds(), absl::ToUnixSeconds(kNovemberEnd + 20 * kDay));
  EXPECT_EQ(store_->FindVintage(v1::SERIES_FIXED, "2024-11", 4)->inputs().points(0).hours(0).windows(), 10u);
}

TEST_F(MonthKeeperTest, LateDataIsTakenWithTheEndOfTheTimeOfGrace) {
  MonthKeeper keeper(Method());
  Send("tokyo", kNovember, 3);
  Keep(keeper, SmallRegister("d1"), kNovemberEnd + 20 * kDay - absl::Hours(2));
  Send("osaka", kNovember, 1);
  EXPECT_EQ(
      Keep(keeper, SmallRegister("d1"), kNovemberEnd + 20 * kDay),
      Texts{"fixed 2024-11 2 final, by kansoku-aggregator: the time of grace is over; late data of point "
            "osaka: 1 window"});
}

TEST_F(MonthKeeperTest, AMonthThatIsFirstComputedAfterItsTimeOfGraceIsFinalAtOnce) {
  MonthKeeper keeper(Method());
  Send("tokyo", kNovember, 3);
  EXPECT_EQ(Keep(keeper, SmallRegister("d1"), kNovemberEnd + 20 * kDay),
            Texts{"fixed 2024-11 1 final, by kansoku-aggregator: the month is over"});
}

TEST_F(MonthKeeperTest, AMonthOfWhichNothingCameIsPublishedOnceMeasuringHasBegun) {
  MonthKeeper keeper(Method());
  // The contributor is a member since 2023-11.
  Send("tokyo", kNovember, 1);
  EXPECT_EQ(Keep(keeper, SmallRegister("d1"), kNovemberEnd + 31 * kDay + absl::Hours(1)),
            (Texts{"fixed 2024-11 1 final, by kansoku-aggregator: the month is over",
                   "fixed 2024-12 1 provisional, by kansoku-aggregator: the month is over"}));
  EXPECT_EQ(Volumes("2024-12"), Texts{"0"});
}

TEST_F(MonthKeeperTest, MonthsWithoutAMemberAreLeftOut) {
  MonthKeeper keeper(Method());
  Send("tokyo", kNovember, 1);
  Register small = SmallRegister("d1");
  small.statistics.mutable_register_()->mutable_contributors(0)->set_member_until("2024-11");
  EXPECT_EQ(Keep(keeper, small, kNovemberEnd + kDay), Texts{});
  small.statistics.mutable_register_()->clear_contributors();
  EXPECT_EQ(Keep(keeper, small, kNovemberEnd + kDay), Texts{});
}

TEST_F(MonthKeeperTest, HoursAreReadOnlyWhereTheyChanged) {
  Send("tokyo", kNovember, 1);
  {
    MonthKeeper keeper(Method());
    for (int hour = 1; hour < 100; ++hour)
      Keep(keeper, SmallRegister("d1"), kNovemberEnd + absl::Hours(hour));
    EXPECT_EQ(reads_, 1);
  }
  // Nor by a keeper that remembers nothing, nor for what is of no point of the register.
  MonthKeeper keeper(Method());
  Keep(keeper, SmallRegister("d1"), kNovemberEnd + 10 * kDay);
  EXPECT_EQ(reads_, 1);
  Send("nagoya", kNovember, 1);
  for (int hour = 0; hour < 9; ++hour) {
    EXPECT_EQ(Keep(keeper, SmallRegister("d1"), kNovemberEnd + 11 * kDay + absl::Hours(hour)), Texts{});
  }
  EXPECT_EQ(reads_, 2);
}

TEST_F(MonthKeeperTest, OfAProvisionalMonthTheRegisterMayChangeEverything) {
  MonthKeeper keeper(Method());
  Send("tokyo", kNovember, 3);
  Send("nagoya", kNovember, 5);
  Keep(keeper, SmallRegister("d1"), kNovemberEnd + kDay);
  EXPECT_EQ(Keep(keeper, SmallRegister("0123456789abcdef", 100), kNovemberEnd + kDay + absl::Minutes(5)),
            Texts{"fixed 2024-11 2 provisional, by kansoku-aggregator: register 0123456789ab"});
  // Another register of the same figures adds nothing.
  EXPECT_EQ(Keep(keeper, SmallRegister("d3", 100), kNovemberEnd + kDay + absl::Minutes(10)), Texts{});
  EXPECT_EQ(reads_, 1);
  EXPECT_EQ(
      Keep(keeper, SmallRegister("d4", 100, {"nagoya", "tokyo"}), kNovemberEnd + kDay + absl::Minutes(15)),
      Texts{"fixed 2024-11 3 provisional, by kansoku-aggregator: with point nagoya; without point osaka; "
            "register d4"});
  EXPECT_EQ(Volumes("2024-11"), (Texts{"300", "30", "80"}));
}

TEST_F(MonthKeeperTest, OfAFinalMonthOnlyARegisterThatMeansIt) {
  MonthKeeper keeper(Method());
  Send("tokyo", kNovember, 3);
  Keep(keeper, SmallRegister("d1"), kNovemberEnd + 30 * kDay);
  EXPECT_EQ(Keep(keeper, SmallRegister("d2", 100), kNovemberEnd + 30 * kDay), Texts{});

  Register meant = SmallRegister("d3", 100);
  Mean("2024-10", "another month", meant);
  EXPECT_EQ(Keep(keeper, meant, kNovemberEnd + 30 * kDay), Texts{});
  meant.digest = "d4";
  Mean("2024-11", "isp-1 corrected its contracts", meant);
  EXPECT_EQ(Keep(keeper, meant, kNovemberEnd + 30 * kDay),
            Texts{"fixed 2024-11 2 revised, by hanako: register d4: isp-1 corrected its contracts"});
  EXPECT_EQ(Volumes("2024-11"), (Texts{"300", "30"}));
  // It has had its effect.
  meant.digest = "d5";
  meant.statistics.mutable_contracts(0)->set_contracts(1);
  EXPECT_EQ(Keep(keeper, meant, kNovemberEnd + 30 * kDay), Texts{});
}

TEST_F(MonthKeeperTest, GrowthFollowsTheMonthThatItIsAgainst) {
  MonthKeeper keeper(Method());
  const int64_t year_before = StartUnixSeconds({2023, 11});
  Register small = SmallRegister("d1");
  small.statistics.mutable_register_()->mutable_contributors(0)->set_member_until("2024-12");
  Send("tokyo", year_before, 1);
  Send("tokyo", kNovember, 3);
  const Texts all = Keep(keeper, small, kNovemberEnd + 30 * kDay);
  EXPECT_EQ(all.size(), 13u);
  EXPECT_EQ(all.back(), "fixed 2024-11 1 final, by kansoku-aggregator: the month is over");
  Send("tokyo", year_before + 100, 1);
  EXPECT_EQ(
      Keep(keeper, small, kNovemberEnd + 31 * kDay),
      (Texts{"fixed 2023-11 2 revised, by kansoku-aggregator: late data of point tokyo: 1 window",
             "fixed 2024-11 2 revised, by kansoku-aggregator: growth is against vintage 2 of 2023-11"}));
  EXPECT_EQ(store_->FindVintage(v1::SERIES_FIXED, "2024-11", 1)->figures(1).value(), "200");
  EXPECT_EQ(store_->FindVintage(v1::SERIES_FIXED, "2024-11", 2)->figures(1).value(), "100");
}

TEST_F(MonthKeeperTest, GrowthIsNotRevisedWhereTheMonthThatItIsAgainstOnlyBecameFinal) {
  MonthKeeper keeper(Method());
  Register small = SmallRegister("d1");
  small.statistics.mutable_register_()->set_grace_days(365);
  const int64_t half_a_year_before = StartUnixSeconds({2024, 5});
  Send("tokyo", half_a_year_before, 1);
  Send("tokyo", kNovember, 3);
  EXPECT_EQ(Keep(keeper, small, kNovemberEnd + kDay).size(), 7u);
  const Texts added = Keep(keeper, small, absl::FromUnixSeconds(EndUnixSeconds({2024, 5})) + 365 * kDay);
  ASSERT_EQ(added.size(), 6u);
  EXPECT_EQ(added[0], "fixed 2024-05 2 final, by kansoku-aggregator: the time of grace is over");
  // The others are months that ended since.
  for (size_t i = 1; i < added.size(); ++i) EXPECT_TRUE(added[i].ends_with("the month is over")) << added[i];
}

TEST_F(MonthKeeperTest, GrowthFollowsAlsoWhereTheProgramEndedInBetween) {
  const int64_t year_before = StartUnixSeconds({2023, 11});
  Register small = SmallRegister("d1");
  Send("tokyo", year_before, 1);
  Send("tokyo", kNovember, 3);
  {
    MonthKeeper keeper(Method());
    Keep(keeper, small, kNovemberEnd + 30 * kDay);
  }
  // As far as it came: the year before is revised.
  v1::Vintage revised = *store_->FindVintage(v1::SERIES_FIXED, "2023-11", 1);
  revised.set_number(2);
  revised.mutable_figures(0)->set_exact("50");
  revised.mutable_figures(0)->set_vintage(2);
  revised.mutable_figures(1)->set_vintage(2);
  ASSERT_TRUE(store_->AddVintage(revised, small.statistics).ok());
  MonthKeeper keeper(Method());
  EXPECT_EQ(Keep(keeper, small, kNovemberEnd + 30 * kDay),
            Texts{"fixed 2024-11 2 revised, by kansoku-aggregator: growth is against vintage 2 of 2023-11"});
}

TEST_F(MonthKeeperTest, AnotherMethodChangesWhatIsProvisionalAndNothingFinal) {
  Send("tokyo", kNovember, 3);
  MonthKeeper keeper(Method());
  Keep(keeper, SmallRegister("d1"), kNovemberEnd + kDay);
  MonthMethod newer = Method("2");
  newer.compute = [](const v1::MonthInputs& inputs, const v1::Statistics& statistics) {
    std::vector<v1::Figure> figures = SmallFigures(inputs, statistics);
    figures[0].set_value("7");
    return figures;
  };
  MonthKeeper updated(newer);
  EXPECT_EQ(Keep(updated, SmallRegister("d1"), kNovemberEnd + kDay),
            Texts{"fixed 2024-11 2 provisional, by kansoku-aggregator: method version 2 instead of 1"});
  EXPECT_EQ(Keep(updated, SmallRegister("d1"), kNovemberEnd + 20 * kDay),
            Texts{"fixed 2024-11 3 final, by kansoku-aggregator: the time of grace is over"});
  MonthKeeper older(Method("1"));
  EXPECT_EQ(Keep(older, SmallRegister("d1"), kNovemberEnd + 30 * kDay), Texts{});
  Send("tokyo", kNovember + 500, 1);
  EXPECT_EQ(
      Keep(older, SmallRegister("d1"), kNovemberEnd + 30 * kDay),
      Texts{"fixed 2024-11 4 revised, by kansoku-aggregator: late data of point tokyo: 1 window; method "
            "version 1 instead of 2"});
}

TEST_F(MonthKeeperTest, HoursThatAreForgottenReviseNothing) {
  MonthKeeper keeper(Method());
  Send("tokyo", kNovember, 3);
  Keep(keeper, SmallRegister("d1"), kNovemberEnd + 30 * kDay);
  store_.reset();
  store_ = *SqliteStore::Open({.path = folder_.File(), .retention = {.hour_days = 40}});
  // Half of the month is forgotten; what comes late is of the other half.
  const absl::Time now = kNovemberEnd + 31 * kDay;
  for (const absl::Duration later : {absl::Hours(0), absl::Hours(2)}) {
    ASSERT_TRUE(store_->Expire(now + later).ok());
  }
  Send("tokyo", kNovember + 28 * 86'400, 1);
  const std::string forgotten =
      "fixed 2024-11: of the 3 windows of point tokyo the store has only 1 left (retention.hour_days); its "
      "figures stay without what came late";
  EXPECT_EQ(Keep(keeper, SmallRegister("d1"), now), Texts{forgotten});
  // What is meant is computed from the hours that are stored with the vintage.
  Register meant = SmallRegister("d2", 100);
  Mean("2024-11", "contracts corrected", meant);
  EXPECT_EQ(Keep(keeper, meant, now),
            (Texts{"fixed 2024-11 2 revised, by hanako: register d2: contracts corrected", forgotten}));
  EXPECT_EQ(Volumes("2024-11"), (Texts{"300", "30"}));
}

TEST_F(MonthKeeperTest, AMonthThatFailsKeepsNoOtherBack) {
  MonthMethod method = Method();
  method.read = [this](const StoreReader& store, const v1::Statistics& statistics, v1::Series series,
                       Month month) -> absl::StatusOr<v1::MonthInputs> {
    if (month == Month{2024, 11} && reads_++ == 0) return absl::UnavailableError("the disk is away");
    return ReadSmallInputs(store, statistics, series, month);
  };
  MonthKeeper keeper(method);
  Send("tokyo", kNovember, 3);
  const absl::Time now = kNovemberEnd + 32 * kDay;
  EXPECT_EQ(
      Keep(keeper, SmallRegister("d1"), now),
      (Texts{"fixed 2024-12 1 provisional, by kansoku-aggregator: the month is over", "the disk is away"}));
  EXPECT_EQ(Keep(keeper, SmallRegister("d1"), now),
            Texts{"fixed 2024-11 1 final, by kansoku-aggregator: the month is over"});
}

}  // namespace
}  // namespace kansoku::aggregator
