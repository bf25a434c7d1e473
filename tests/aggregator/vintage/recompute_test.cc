// SPDX-License-Identifier: Apache-2.0
#include "aggregator/vintage/recompute.h"

#include "tests/aggregator/vintage/kept_months.h"

namespace kansoku::aggregator {
namespace {

class RecomputeTest : public KeptMonths {
 protected:
  RecomputeTest() {
    Send("tokyo", kNovember, 3);
    MonthKeeper keeper(Method());
    Keep(keeper, SmallRegister("d1"), kNovemberEnd + 30 * kDay);
  }
};

TEST_F(RecomputeTest, EveryVintageIsTheSameBitForBitWhateverHappenedSince) {
  // Late data, another register, and a store whose hours are gone.
  Send("tokyo", kNovember + 500, 9);
  Register meant = SmallRegister("d2", 100);
  Mean("2024-11", "corrected", meant);
  MonthKeeper keeper(Method());
  Keep(keeper, meant, kNovemberEnd + 31 * kDay);
  store_.reset();
  store_ = *SqliteStore::Open({.path = folder_.File(), .retention = {.hour_days = 1}});
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(store_->Expire(kNovemberEnd + 400 * kDay).ok());
  for (uint32_t number : {1, 2}) {
    const auto again = Recompute(*store_, v1::SERIES_FIXED, "2024-11", number, Method());
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_TRUE(again->equal());
    EXPECT_EQ(again->other_method_version, "");
    EXPECT_EQ(again->figures[0].value(), number == 1 ? "300" : "120");
    EXPECT_EQ(again->figures[0].SerializeAsString(), again->stored.figures(0).SerializeAsString());
  }
}

TEST_F(RecomputeTest, AnotherMethodIsNamedAndItsDifferencesListed) {
  MonthMethod method = Method("2");
  method.compute = [](const v1::MonthInputs& inputs, const v1::Statistics& statistics) {
    std::vector<v1::Figure> figures = SmallFigures(inputs, statistics);
    figures[0].set_value("301");
    return figures;
  };
  const auto again = Recompute(*store_, v1::SERIES_FIXED, "2024-11", 1, method);
  EXPECT_EQ(again->other_method_version, "2");
  ASSERT_EQ(again->differences.size(), 1u);
  EXPECT_EQ(again->differences[0].Text("is now"), "fixed_per_contract_volume: 300 B is now 301 B");
}

TEST_F(RecomputeTest, AVintageThatIsNotThereIsSaidToBe) {
  EXPECT_EQ(Recompute(*store_, v1::SERIES_FIXED, "2024-11", 2, Method()).status(),
            absl::NotFoundError("there is no vintage 2 of fixed 2024-11"));
}

}  // namespace
}  // namespace kansoku::aggregator
