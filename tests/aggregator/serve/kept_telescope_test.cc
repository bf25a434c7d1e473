// SPDX-License-Identifier: Apache-2.0
//
// From what collectors report to the figures of a day: committed, judged, kept and asked for.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "aggregator/serve/isp_view.h"
#include "aggregator/serve/telescope_query.h"
#include "aggregator/serve/withheld_telescope.h"
#include "tests/aggregator/vintage/kept_days.h"

namespace kansoku::aggregator {
namespace {

class KeptTelescope : public KeptDays {
 protected:
  // The value of the figure with this id and label, or why it is withheld.
  static std::string Told(const StoreReader& store, const std::string& id, const std::string& label = "",
                          uint32_t fewest = 1) {
    v1::TelescopeSelection asked;
    asked.set_first_day(DayText(kSaturday));
    asked.add_ids(id);
    RememberedHours remembered;
    const auto answer = ReadTelescope(store, asked, nullptr, fewest, remembered);
    EXPECT_TRUE(answer.ok()) << answer.status();
    if (!answer.ok()) return "";
    for (const v1::Figure& figure : answer->figures()) {
      const auto& labels = figure.labels();
      const bool is_it =
          std::any_of(labels.begin(), labels.end(), [&](const auto& its) { return its.second == label; });
      if (label.empty() ? labels.empty() : is_it)
        return figure.value().empty() ? figure.withheld_because() : figure.value();
    }
    return "absent";
  }
};

TEST_F(KeptTelescope, IsToldAsItWasJudgedOverAllAndOfEachIsp) {
  // Only over all sensors does the second source reach 30 ports; the first does at those of isp-1.
  Send("kobe", kStart, {.sources = {Probes(1, 1, 15), Probes(2, 1, 10)}, .further = 25});
  Send("kyoto", kStart, {.sources = {Probes(1, 16, 15), Probes(2, 11, 10)}});
  Send("nara", kStart, {.sources = {Probes(1, 31, 15), Probes(2, 21, 10)}});
  EXPECT_EQ(Told(*store_, "darknet_packets"), "of none of these days is anything known");
  Keep(kSettled);
  const IspView isp(*store_, "isp-1");
  EXPECT_EQ(Told(*store_, "darknet_packets", "ipv4"), "100");
  EXPECT_EQ(Told(*store_, "darknet_survey_scan_share", "behaviour"), "0.7500");
  EXPECT_EQ(Told(*store_, "darknet_survey_sources", "behaviour"), "2");
  EXPECT_EQ(Told(*store_, "darknet_unjudged_packets", "no_room"), "25");
  EXPECT_EQ(Told(*store_, "darknet_unjudged_packets", "untold"), "0");
  EXPECT_EQ(Told(*store_, "darknet_unique_hosts", "ipv4"), "2");
  EXPECT_EQ(Told(isp, "darknet_packets", "ipv4"), "75");
  EXPECT_EQ(Told(isp, "darknet_survey_scan_share", "behaviour"), "0.4000");
  EXPECT_EQ(Told(isp, "darknet_survey_sources", "behaviour"), "1");
}

TEST_F(KeptTelescope, IsToldToARegulatorAgainOnceLateDataAreCounted) {
  const Seen seen = {.sources = {Probes(1, 1, 40)}};
  Send("kobe", kStart, seen);
  Send("nara", kStart, seen);
  Keep(kSettled);
  EXPECT_EQ(Told(*store_, "darknet_packets", "ipv4", 2), "80");
  Send("kobe", kStart + 10, seen);
  EXPECT_EQ(Told(*store_, "darknet_packets", "ipv4", 2),
            "more of 2026-11-21 came since it was counted; it is told once it is counted again");
  EXPECT_EQ(Told(*store_, "darknet_packets", "ipv4"), "80");
  Keep(kSettled + absl::Hours(24));
  EXPECT_EQ(Told(*store_, "darknet_packets", "ipv4", 2), "120");
  EXPECT_EQ(Told(*store_, "darknet_unjudged_packets", "untold"), "40");
  EXPECT_EQ(Told(*store_, "darknet_packets", "ipv4", 3),
            "fewer than 3 ISPs contribute to it, or to what it would tell by subtraction");
}

// What was judged of a day is of those who were in time, whoever came since: the hours tell of all.
TEST_F(KeptTelescope, TellsARegulatorOfSourcesOnlyWhereEnoughIspsWereInTime) {
  Seen seen;
  for (uint64_t scanner = 1; scanner <= 12; ++scanner) seen.sources.push_back(Probes(scanner, 1, 40));
  constexpr char kFew[] = "fewer than 2 ISPs contribute to it, or to what it would tell by subtraction";
  Send("kobe", kStart, seen);
  Keep(kSettled);
  Send("nara", kStart, seen);
  Keep(kSettled + absl::Hours(24));
  EXPECT_EQ(Told(*store_, "darknet_packets", "ipv4", 2), "960");
  EXPECT_EQ(Told(*store_, "darknet_survey_sources", "behaviour"), "12") << "of isp-1 alone";
  for (const char* id : {"darknet_survey_sources", "darknet_survey_scan_share"})
    EXPECT_EQ(Told(*store_, id, "behaviour", 2), kFew) << id;

  // Of the next day both were in time, and one of them late besides.
  for (const char* point : {"kobe", "nara"}) Send(point, kStart + kDaySeconds, seen);
  Keep(kSettled + absl::Hours(24));
  Send("kobe", kStart + kDaySeconds + 10, seen);
  Keep(kSettled + absl::Hours(48));
  RememberedHours remembered;
  const auto of_sunday = [&](uint32_t fewest) {
    v1::TelescopeSelection asked;
    asked.set_first_day(DayText(kSaturday + 1));
    asked.add_ids("darknet_survey_sources");
    const auto answer = ReadTelescope(*store_, asked, nullptr, fewest, remembered);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() && answer->figures_size() > 0 ? answer->figures(0) : v1::Figure();
  };
  EXPECT_EQ(of_sunday(2).darknet_revision(), 2u);
  EXPECT_EQ(of_sunday(2).value(), "12");
  EXPECT_EQ(of_sunday(3).value(), "");
}

}  // namespace
}  // namespace kansoku::aggregator
