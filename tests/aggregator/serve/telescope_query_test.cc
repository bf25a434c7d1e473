// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/telescope_query.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "aggregator/serve/isp_view.h"
#include "aggregator/serve/withheld_telescope.h"
#include "tests/aggregator/serve/sample_telescope.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

using Step = v1::TelescopeSelection;

class TelescopeQuery : public ::testing::Test {
 protected:
  void Add(const v1::TelescopeDay& day) {
    const absl::Status added = store_->AddTelescopeDay(day);
    ASSERT_TRUE(added.ok()) << added;
  }

  static v1::TelescopeSelection Days(const std::string& first, const std::string& last = "",
                                     Step::Step step = Step::STEP_UNSPECIFIED) {
    v1::TelescopeSelection asked;
    asked.set_first_day(first);
    asked.set_last_day(last);
    asked.set_step(step);
    return asked;
  }

  // Values, or why they are withheld, of one id with these labels, by the start of their period in Japan.
  std::map<std::string, std::string> Told(const v1::TelescopeSelection& asked, const std::string& id,
                                          const std::map<std::string, std::string>& labels,
                                          const StoreReader* store = nullptr) {
    const auto answer = ReadTelescope(store == nullptr ? *store_ : *store, asked, &categories_);
    EXPECT_TRUE(answer.ok()) << answer.status();
    if (!answer.ok()) return {};
    std::map<std::string, std::string> told;
    for (const v1::Figure& figure : answer->figures()) {
      if (figure.id() != id ||
          std::map<std::string, std::string>(figure.labels().begin(), figure.labels().end()) != labels) {
        continue;
      }
      const auto start = absl::FromUnixSeconds(figure.period().start_unix_seconds()) + absl::Hours(9);
      told[absl::FormatCivilTime(absl::ToCivilDay(start, absl::UTCTimeZone()))] =
          figure.value().empty() ? figure.withheld_because() : figure.value();
    }
    return told;
  }

  std::string Refused(const v1::TelescopeSelection& asked,
                      absl::StatusCode code = absl::StatusCode::kInvalidArgument) {
    const absl::Status status = ReadTelescope(*store_, asked, &categories_).status();
    EXPECT_EQ(status.code(), code);
    return std::string(status.message());
  }

  using Periods = std::map<std::string, std::string>;
  ServedStore store_;
  const PortCategories categories_ = SampleCategories();
};

TEST_F(TelescopeQuery, CutsDaysByTheStep) {
  Add(SampleDay("2026-10-31", 8));
  Add(SampleDay("2026-11-01", 16));
  Add(SampleDay("2026-11-02", 24));
  Add(SampleDay("2027-01-01", 800));
  const std::map<std::string, std::string> ipv4 = {{"family", "ipv4"}};
  const auto packets = [&](const v1::TelescopeSelection& asked) {
    return Told(asked, "darknet_packets", ipv4);
  };
  EXPECT_EQ(packets(Days("2026-11-01")), (Periods{{"2026-11-01", "16"}}));
  EXPECT_EQ(packets(Days("2026-10-31", "2027-01-01")), (Periods{{"2026-10-31", "848"}}));
  EXPECT_EQ(packets(Days("2026-10-31", "2026-11-02", Step::STEP_DAY)),
            (Periods{{"2026-10-31", "8"}, {"2026-11-01", "16"}, {"2026-11-02", "24"}}));
  EXPECT_EQ(packets(Days("2026-10-30", "2027-01-02", Step::STEP_YEAR)),
            (Periods{{"2026-10-30", "48"}, {"2027-01-01", "800"}}));
  EXPECT_EQ(packets(Days("2026-10-31", "2027-01-02", Step::STEP_MONTH)),
            (Periods{{"2026-10-31", "8"}, {"2026-11-01", "40"}, {"2027-01-01", "800"}}));
  // Of December nothing is known.
  EXPECT_EQ(Told(Days("2026-11-01", "2026-12-31", Step::STEP_MONTH), "darknet_packets", {}),
            (Periods{{"2026-12-01", "of none of these days is anything known"}}));
}

TEST_F(TelescopeQuery, TellsTheLatestRevision) {
  Add(SampleDay("2026-11-01", 16));
  Add(SampleDay("2026-11-01", 24, 2));
  EXPECT_EQ(Told(Days("2026-11-01"), "darknet_packets", {{"family", "ipv4"}}),
            (Periods{{"2026-11-01", "24"}}));
}

TEST_F(TelescopeQuery, TellsWhatIsMadeOfTheDays) {
  Add(SampleDay("2026-11-01", 16));
  const v1::TelescopeSelection asked = Days("2026-11-01");
  const auto one = [](const std::string& value) { return Periods{{"2026-11-01", value}}; };
  EXPECT_EQ(Told(asked, "darknet_addresses", {}), one("256.0"));
  EXPECT_EQ(Told(asked, "darknet_detectable_flood_rate", {}), one("8388608"));
  EXPECT_EQ(Told(asked, "darknet_survey_scan_share", {{"rule", "behaviour"}}), one("0.1250"));
  EXPECT_EQ(Told(asked, "darknet_category_share", {{"population", "non_survey"}, {"category", "iot"}}),
            one("0.8571"));  // 12 of 14
  const auto hosts = [&](const char* population, const char* value) {
    EXPECT_EQ(Told(asked, "darknet_port_hosts",
                   {{"population", population}, {"rank", "1"}, {"protocol", "tcp"}, {"port", "80"}}),
              one(value));
  };
  hosts("all", "80");
  hosts("non_survey", "79");
}

TEST_F(TelescopeQuery, LeavesOutWhatNobodyAskedFor) {
  Add(SampleDay("2026-11-01", 16));
  v1::TelescopeSelection asked = Days("2026-11-01");
  asked.add_ids("darknet_victims");
  const auto answer = ReadTelescope(*store_, asked, &categories_);
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_EQ(answer->figures_size(), 1);
  EXPECT_EQ(answer->figures(0).value(), "2");
  EXPECT_EQ(answer->figures(0).darknet_rules(), 1u);
}

// How many subscribers are infected is for their ISP, and for those who oversee it; which addresses are dark
// is for their ISP.
TEST_F(TelescopeQuery, TellsNothingOfSubscribersAsItMayBePublished) {
  v1::TelescopeDay day = SampleDay("2026-11-01", 16);
  day.mutable_subscribers()->set_reached(20);
  Add(day);
  v1::TelescopeSelection asked = Days("2026-11-01");
  const auto ids = [&](bool as_public) {
    asked.set_as_public(as_public);
    std::set<std::string> told;
    const auto answer = ReadTelescope(*store_, asked, &categories_);
    EXPECT_TRUE(answer.ok()) << answer.status();
    if (!answer.ok()) return told;
    for (const v1::Figure& figure : answer->figures()) told.insert(figure.id());
    return told;
  };
  std::set<std::string> all = ids(false);
  EXPECT_EQ(all.erase("darknet_infected_subscribers"), 1u);
  EXPECT_EQ(all.erase("darknet_unjudged_subscriber_packets"), 1u);
  EXPECT_EQ(all.erase("darknet_prefix_address_seconds"), 1u);
  EXPECT_EQ(ids(true), all);
  asked.add_ids("darknet_infected_subscribers");
  EXPECT_EQ(ids(true), std::set<std::string>{});
}

TEST_F(TelescopeQuery, TellsNothingOfFewSourcesAsItMayBePublishedThoughOneIspMay) {
  Add(SampleDay("2026-11-01", 16));
  v1::TelescopeSelection asked = Days("2026-11-01");
  asked.add_ids("darknet_victims");
  const auto victims = [&](bool as_public) {
    asked.set_as_public(as_public);
    RememberedHours remembered;
    const auto answer = ReadTelescope(*store_, asked, &categories_, 1, remembered);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() && answer->figures_size() == 1 ? answer->figures(0).value() : "none";
  };
  EXPECT_EQ(victims(false), "2");
  EXPECT_EQ(victims(true), "");
}

TEST_F(TelescopeQuery, ComparesWholeYears) {
  const auto add_year = [&](int year, uint64_t packets) {
    for (absl::CivilDay day(year, 1, 1); day.year() == year; ++day) {
      Add(SampleDay(absl::FormatCivilTime(day), packets));
    }
  };
  add_year(2015, 8);
  add_year(2022, 80);
  add_year(2023, 88);
  v1::TelescopeSelection asked = Days("2022-01-01", "2023-12-31", Step::STEP_YEAR);
  asked.add_ids("darknet_yoy");
  asked.add_ids("darknet_ratio_to_base_year");
  EXPECT_EQ(Told(asked, "darknet_yoy", {}),
            (Periods{{"2022-01-01", "0 of the 365 days of 2021 are known"}, {"2023-01-01", "0.1000"}}));
  EXPECT_EQ(Told(asked, "darknet_ratio_to_base_year", {}),
            (Periods{{"2022-01-01", "10.0000"}, {"2023-01-01", "11.0000"}}));
  asked.set_first_day("2023-01-02");
  EXPECT_EQ(Told(asked, "darknet_yoy", {}),
            (Periods{{"2023-01-02", "364 of the 365 days of 2023 are known"}}));
}

TEST_F(TelescopeQuery, ShowsAnOperatorItsOwnSensors) {
  Add(SampleDay("2026-11-01", 24));
  Add(SampleDay("2026-11-01", 8, 1, "isp-1"));
  Add(SampleDay("2026-11-01", 16, 1, "isp-2"));
  const IspView second(*store_, "isp-2"), third(*store_, "isp-3");
  EXPECT_EQ(Told(Days("2026-11-01"), "darknet_packets", {{"family", "ipv4"}}, &second),
            (Periods{{"2026-11-01", "16"}}));
  EXPECT_EQ(Told(Days("2026-11-01"), "darknet_packets", {}, &third),
            (Periods{{"2026-11-01", "of none of these days is anything known"}}));
}

TEST_F(TelescopeQuery, RefusesWhatIsNoPeriod) {
  for (const char* day :
       {"", "2026-11", "2026-11-31", " 2026-11-01", "2026-1-1", "1970-12-31", "yesterday"}) {
    EXPECT_EQ(Refused(Days(day)), "telescope.first_day: '" + std::string(day) +
                                      "' is not a day; write 2024-11-01 (1971-01-01 to 9998-12-31)");
  }
  EXPECT_EQ(Refused(Days("2026-11-01", "9999-01-01")),
            "telescope.last_day: '9999-01-01' is not a day; write 2024-11-01 (1971-01-01 to 9998-12-31)");
  EXPECT_EQ(Refused(Days("2026-11-02", "2026-11-01")), "telescope.last_day: 2026-11-01 is before 2026-11-02");
  EXPECT_EQ(Refused(Days("2026-01-01", "2027-02-05", Step::STEP_DAY)),
            "telescope.last_day: by this step these are 401 periods; ask for 400 at a time at most, or by a "
            "longer step");
  EXPECT_EQ(Refused(Days("2026-01-31", "2059-05-01", Step::STEP_MONTH)),
            "telescope.last_day: by this step these are 401 periods; ask for 400 at a time at most, or by a "
            "longer step");
  EXPECT_EQ(Refused(Days("2026-01-01", "2026-01-02", static_cast<Step::Step>(7))),
            "telescope.step: 7 is none; day, month and year are");
  v1::TelescopeSelection asked = Days("2026-11-01");
  asked.add_ids("darknet_packet");
  EXPECT_EQ(Refused(asked),
            "ids: \"darknet_packet\" is no figure; the nearest are darknet_packets, darknet_port_packets, "
            "darknet_tool_packets, and ListFigureKinds names all");
  asked.set_ids(0, "fixed_coverage");
  EXPECT_EQ(Refused(asked),
            "ids: \"fixed_coverage\" is no figure of telescopes' days; ask with months, not telescope");
  asked.set_ids(0, "darknet_observed_addresses");
  EXPECT_EQ(
      Refused(asked),
      "ids: \"darknet_observed_addresses\" is no figure of telescopes' days; ask with range, not telescope");
}

TEST_F(TelescopeQuery, RefusesMoreThanAnAnswerHolds) {
  for (absl::CivilDay day(2026, 1, 1); day.year() == 2026; ++day)
    Add(SampleDay(absl::FormatCivilTime(day), 80));
  const std::string refused =
      Refused(Days("2026-01-01", "2026-12-31", Step::STEP_DAY), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(refused.starts_with("telescope.last_day: the days before 2026-")) << refused;
  EXPECT_TRUE(
      refused.ends_with(" fill the 4000000 octets that one answer may have; ask for fewer at a time, or for "
                        "single figures by ids"))
      << refused;
  v1::TelescopeSelection asked = Days("2026-01-01", "2026-12-31", Step::STEP_DAY);
  asked.add_ids("darknet_victims");
  EXPECT_EQ(Told(asked, "darknet_victims", {}).size(), 365u);
}

}  // namespace
}  // namespace kansoku::aggregator
