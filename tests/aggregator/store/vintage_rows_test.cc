// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/vintage_rows.h"

#include <gtest/gtest.h>

#include "aggregator/store/sqlite_store.h"
#include "proto/contract/deterministic_bytes.h"
#include "tests/aggregator/store/store_contents.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

v1::Vintage SampleVintage(v1::Series series, const std::string& month, uint32_t number) {
  v1::Vintage vintage;
  vintage.set_series(series);
  vintage.set_month(month);
  vintage.set_number(number);
  vintage.set_state(number == 1 ? v1::VINTAGE_STATE_PROVISIONAL : v1::VINTAGE_STATE_FINAL);
  vintage.set_computed_unix_seconds(1'000 * number);
  vintage.set_by("a test");
  vintage.set_because("number " + std::to_string(number));
  vintage.set_method_version("1");
  vintage.set_register_digest("d" + std::to_string(number));
  vintage.set_month_changes(uint64_t{1} << 63 | number);
  v1::Figure& figure = *vintage.add_figures();
  figure.set_id("fixed_month_rate");
  figure.set_value("38.9");
  for (const char* label : {"direction", "group", "slot", "weekday"})
    (*figure.mutable_labels())[label] = month;
  vintage.mutable_inputs()->set_month(month);
  v1::PointMonth& point = *vintage.mutable_inputs()->add_points();
  point.set_point("tokyo");
  point.set_isp("isp-1");
  point.add_hours()->set_download_octets(number);
  return vintage;
}

v1::Statistics SampleRegister(const std::string& name) {
  v1::Statistics statistics;
  statistics.mutable_register_()->mutable_publisher()->set_name_en(name);
  return statistics;
}

// Each as "series month number".
std::vector<std::string> Names(const Store& store, const VintageFilter& filter) {
  const auto vintages = store.Vintages(filter);
  EXPECT_TRUE(vintages.ok()) << vintages.status();
  std::vector<std::string> names;
  for (const v1::Vintage& vintage : *vintages) {
    names.push_back(std::to_string(vintage.series()) + " " + vintage.month() + " " +
                    std::to_string(vintage.number()));
  }
  return names;
}

using Texts = std::vector<std::string>;

class VintageRows : public testing::Test {
 protected:
  void Add(const v1::Vintage& vintage) {
    const absl::Status added = store_->AddVintage(vintage, SampleRegister(vintage.register_digest()));
    ASSERT_TRUE(added.ok()) << added;
  }

  StoreFolder folder_;
  std::unique_ptr<Store> store_ = OpenStore(folder_.File());
};

TEST_F(VintageRows, AreReadAsTheyWereWritten) {
  const v1::Vintage written = SampleVintage(v1::SERIES_FIXED, "2024-11", 1);
  Add(written);
  store_.reset();
  store_ = OpenStore(folder_.File());
  const auto found = store_->FindVintage(v1::SERIES_FIXED, "2024-11", 1);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(DeterministicBytes(*found), DeterministicBytes(written));
  v1::Vintage listed = written;
  listed.clear_inputs();
  EXPECT_EQ(DeterministicBytes(store_->Vintages({.with_figures = true})->at(0)), DeterministicBytes(listed));
  listed.clear_figures();
  EXPECT_EQ(DeterministicBytes(store_->Vintages({})->at(0)), DeterministicBytes(listed));
  EXPECT_EQ(store_->FindRegister("d1")->register_().publisher().name_en(), "d1");
}

TEST_F(VintageRows, AreFoundBySeriesMonthTimeAndWhetherTheyAreTheLatest) {
  for (const char* month : {"2024-11", "2025-05"}) {
    for (uint32_t number : {1, 2, 3}) Add(SampleVintage(v1::SERIES_FIXED, month, number));
  }
  Add(SampleVintage(v1::SERIES_MOBILE, "2024-12", 1));
  EXPECT_EQ(Names(*store_, {}), (Texts{"1 2024-11 1", "1 2024-11 2", "1 2024-11 3", "1 2025-05 1",
                                       "1 2025-05 2", "1 2025-05 3", "2 2024-12 1"}));
  EXPECT_EQ(Names(*store_, {.latest_only = true}), (Texts{"1 2024-11 3", "1 2025-05 3", "2 2024-12 1"}));
  EXPECT_EQ(Names(*store_, {.as_published_unix_seconds = 2'999, .latest_only = true}),
            (Texts{"1 2024-11 2", "1 2025-05 2", "2 2024-12 1"}));
  EXPECT_EQ(Names(*store_, {.as_published_unix_seconds = 999}), Texts{});
  EXPECT_EQ(Names(*store_, {.as_published_unix_seconds = 1'000}),
            (Texts{"1 2024-11 1", "1 2025-05 1", "2 2024-12 1"}));
  EXPECT_EQ(Names(*store_, {.series = v1::SERIES_MOBILE}), Texts{"2 2024-12 1"});
  EXPECT_EQ(Names(*store_, {.first_month = "2024-12", .latest_only = true}),
            (Texts{"1 2025-05 3", "2 2024-12 1"}));
  EXPECT_EQ(Names(*store_, {.first_month = "2024-11", .last_month = "2024-11", .latest_only = true}),
            Texts{"1 2024-11 3"});
}

TEST_F(VintageRows, NeverChange) {
  Add(SampleVintage(v1::SERIES_FIXED, "2024-11", 1));
  v1::Vintage other = SampleVintage(v1::SERIES_FIXED, "2024-11", 1);
  other.mutable_figures(0)->set_value("39.1");
  other.set_register_digest("other");
  EXPECT_EQ(store_->AddVintage(other, SampleRegister("other")),
            absl::AlreadyExistsError("vintage 1 of fixed 2024-11: is kept already, and never changes"));
  EXPECT_EQ(store_->FindVintage(v1::SERIES_FIXED, "2024-11", 1)->figures(0).value(), "38.9");
  EXPECT_EQ(store_->FindRegister("other").status(),
            absl::NotFoundError("no vintage was computed with the register other"));
  // A register is what its digest says, from the first time on.
  ASSERT_TRUE(store_->AddVintage(SampleVintage(v1::SERIES_MOBILE, "2024-12", 1), SampleRegister("x")).ok());
  EXPECT_EQ(store_->FindRegister("d1")->register_().publisher().name_en(), "d1");
}

TEST_F(VintageRows, AreNumberedWithoutGaps) {
  EXPECT_EQ(store_->AddVintage(SampleVintage(v1::SERIES_FIXED, "2024-11", 2), SampleRegister("")),
            absl::FailedPreconditionError("vintage 2 of fixed 2024-11: 1 is the next number"));
  EXPECT_EQ(store_->AddVintage(SampleVintage(v1::SERIES_FIXED, "2024-11", 0), SampleRegister("")),
            absl::FailedPreconditionError("vintage 0 of fixed 2024-11: 1 is the next number"));
  EXPECT_EQ(store_->FindVintage(v1::SERIES_FIXED, "2024-11", 2).status(),
            absl::NotFoundError("there is no vintage 2 of fixed 2024-11"));
}

TEST_F(VintageRows, ThatAreDamagedSaySo) {
  Add(SampleVintage(v1::SERIES_FIXED, "2024-11", 1));
  auto database = Database::Open(folder_.File(), SQLITE_OPEN_READWRITE);
  ASSERT_EQ(database->Execute("UPDATE vintage SET inputs = x'00'; UPDATE register SET statistics = x'00'"),
            absl::OkStatus());
  EXPECT_EQ(store_->FindVintage(v1::SERIES_FIXED, "2024-11", 1).status(),
            absl::DataLossError(
                "the store's vintage 1 of fixed 2024-11 cannot be read; restore the store from a copy"));
  EXPECT_EQ(store_->FindRegister("d1").status(),
            absl::DataLossError("the store's register d1 cannot be read; restore the store from a copy"));
  EXPECT_EQ(store_->Vintages({.with_figures = true})->size(), 1u);
}

TEST_F(VintageRows, OfEqualContentHaveEqualBytes) {
  Add(SampleVintage(v1::SERIES_FIXED, "2024-11", 1));
  v1::Vintage other = SampleVintage(v1::SERIES_MOBILE, "2024-11", 1);
  other.clear_figures();
  v1::Figure& figure = *other.add_figures();
  // Put in by another order.
  for (const char* label : {"weekday", "slot", "group", "direction"}) {
    (*figure.mutable_labels())[label] = "2024-11";
  }
  figure.set_value("38.9");
  figure.set_id("fixed_month_rate");
  Add(other);
  auto database = Database::Open(folder_.File(), SQLITE_OPEN_READONLY);
  EXPECT_EQ(*database->ReadInt("SELECT count(DISTINCT figures) FROM vintage"), 1);
}

}  // namespace
}  // namespace kansoku::aggregator
