// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/withheld_telescope.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/range_sum.h"
#include "aggregator/figures/telescope_day.h"
#include "tests/aggregator/serve/sample_telescope.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

constexpr char kDay[] = "2024-11-01";
constexpr int64_t kDayStart = kSampleStart - 9 * 3'600, kDayEnd = kDayStart + 86'400;  // in Japan
constexpr char kFew[] = "fewer than 3 ISPs contribute to it, or to what it would tell by subtraction";
constexpr char kUnjudged[] =
    "what could not be judged is mostly one ISP's: late, without room, or of sources that it does not tell "
    "apart";
constexpr uint32_t kFewest = 3;

struct Sent {
  uint32_t port;
  uint64_t packets;
  v1::Family family = v1::FAMILY_IPV4;
  v1::DarknetClass darknet_class = v1::DARKNET_CLASS_TCP_SYN;
};

// What tells of sources, and of packets without some of them.
bool IsOfSources(const std::string& name) {
  for (const char* of : {"darknet_survey_", "darknet_tool_", "darknet_victim", "darknet_backscatter_",
                         "darknet_unique_hosts", "darknet_port_hosts", "non_survey", "non_listed"}) {
    if (name.find(of) != std::string::npos) return true;
  }
  return false;
}

// Three ISPs with a sensor each.
class WithheldTelescope : public ::testing::Test {
 protected:
  WithheldTelescope() {
    for (const std::string name : {"a", "b", "c"}) store_.Welcome(name, v1::GROUP_A1, "isp-" + name);
  }

  // What reached the sensor of one in the next window of an hour of the day.
  void Add(const std::string& name, int hour, const std::vector<Sent>& sent, uint64_t reached = 0,
           uint64_t scanning = 0) {
    v1::Measurement measurement = SampleMeasurement(1, 0, /*darknet=*/false);
    v1::DarknetTally& tally = *measurement.add_darknet();
    tally.set_sensor("dark-" + name);
    tally.set_address_seconds(2'560);
    tally.set_source_key(telling_.contains(name) ? 7 : 0);
    for (const Sent& of : sent) {
      v1::DarknetCell& cell = *tally.add_cells();
      cell.set_darknet_class(of.darknet_class);
      cell.set_family(of.family);
      cell.set_protocol(6);
      cell.set_destination_port(of.port);
      cell.set_packets(of.packets);
    }
    if (reached > 0) {
      measurement.mutable_darknet_subscribers()->set_reached(reached);
      measurement.mutable_darknet_subscribers()->set_scanning(scanning);
    }
    store_.Add(name, kDayStart + hour * 3'600 + 10 * windows_++, measurement);
  }

  void AddAll(int hour, const std::vector<Sent>& sent) {
    for (const char* name : {"a", "b", "c"}) Add(name, hour, sent);
  }

  // The day as it is now, judged.
  void Keep(uint32_t revision = 1) {
    const auto points = SumByPoint(*store_, {kDayStart, kDayEnd, 0});
    ASSERT_TRUE(points.ok()) << points.status();
    v1::TelescopeDay day = MakeTelescopeDay(kDay, *points);
    day.set_revision(revision);
    v1::SourcesDay& sources = *day.mutable_sources();
    sources.set_source_key(7);
    sources.set_judged_in_revision(revision);
    sources.set_rules(1);
    sources.set_victims(12);
    sources.set_untold_packets(3);
    sources.add_tools()->set_tool("zmap");
    sources.add_listed()->mutable_list()->set_name("misp");
    *sources.add_sketches() = SampleSketch(12);
    *sources.add_non_survey_sketches() = SampleSketch(12);
    day.mutable_subscribers()->set_reached(90);
    day.mutable_subscribers()->set_scanning(40);
    change_(day);
    const absl::Status added = store_->AddTelescopeDay(day);
    ASSERT_TRUE(added.ok()) << added;
  }

  absl::StatusOr<v1::GetFiguresResponse> Ask(uint32_t fewest = kFewest, const std::string& last = kDay) {
    v1::TelescopeSelection asked;
    asked.set_first_day(kDay);
    asked.set_last_day(last);
    return ReadTelescope(*store_, asked, &categories_, fewest, remembered_);
  }

  // Values, or why they are withheld, by id and labels: "darknet_packets ipv4".
  std::map<std::string, std::string> Told(uint32_t fewest = kFewest) {
    const auto answer = Ask(fewest);
    EXPECT_TRUE(answer.ok()) << answer.status();
    std::map<std::string, std::string> told;
    if (!answer.ok()) return told;
    for (const v1::Figure& figure : answer->figures()) {
      std::string name = figure.id();
      const std::map<std::string, std::string> labels(figure.labels().begin(), figure.labels().end());
      for (const auto& [label, value] : labels) absl::StrAppend(&name, " ", value);
      told[name] = figure.value().empty() ? figure.withheld_because() : figure.value();
      EXPECT_TRUE(figure.withheld_because() != kFew ||
                  figure.withheld_reason() == v1::WITHHELD_REASON_FEW_CONTRIBUTORS)
          << name;
    }
    return told;
  }

  // Of what AddAll gave to 23 and 80 in two hours; of no packets but all of them.
  void ExpectSourcesWithheld() {
    int of_sources = 0;
    auto told = Told();
    for (const auto& [name, value] : told) {
      if (!IsOfSources(name)) continue;
      ++of_sources;
      EXPECT_EQ(value, kFew) << name;
    }
    EXPECT_GT(of_sources, 10);
    EXPECT_EQ(told["darknet_packets ipv4"], "240");
    EXPECT_EQ(told["darknet_port_packets all 23 tcp 1"], "180");
    EXPECT_EQ(told["darknet_category_share iot all"], "0.7500");
  }

  ServedStore store_;
  std::set<std::string> telling_ = {"a", "b", "c"};                           // who tells sources apart
  std::function<void(v1::TelescopeDay&)> change_ = [](v1::TelescopeDay&) {};  // of what is kept
  const PortCategories categories_ = SampleCategories();
  RememberedHours remembered_;  // from one question to the next
  int windows_ = 0;
};

TEST_F(WithheldTelescope, TellsWhatEnoughIspsContributeTo) {
  AddAll(1, {{23, 30}, {80, 10}});
  AddAll(20, {{23, 60}});
  Keep();
  auto told = Told();
  EXPECT_EQ(told["darknet_packets ipv4"], "300");
  EXPECT_EQ(told["darknet_class_packets tcp_syn ipv4"], "300");
  EXPECT_EQ(told["darknet_port_packets all 23 tcp 1"], "270");
  EXPECT_EQ(told["darknet_category_share iot all"], "0.9000");
  EXPECT_EQ(told["darknet_victims"], "12");
  EXPECT_EQ(told["darknet_unique_hosts ipv4"], "12");
  EXPECT_EQ(told["darknet_unique_hosts tcp_syn ipv4 tcp"], "12");
  EXPECT_EQ(told["darknet_addresses"], "0.2");
  // Nobody's links have such subscribers.
  EXPECT_EQ(told["darknet_infected_subscribers reached"], kFew);
}

// In one hour two have none: that hour is one ISP's, and GetDarknet's other hours would tell it.
TEST_F(WithheldTelescope, WithholdsAFamilyThatIsSmallInAnyHour) {
  AddAll(1, {{23, 30}, {80, 10}});
  Add("a", 5, {{23, 7}});
  Keep();
  for (const auto& [name, value] : Told()) {
    EXPECT_EQ(value, name.find("unjudged_") != std::string::npos ? kUnjudged : kFew) << name;
  }
  EXPECT_EQ(Told(1)["darknet_packets ipv4"], "127");
}

// Who contributes to a port is not who contributes to the whole.
TEST_F(WithheldTelescope, WithholdsAllPortsWhereOneIsSmall) {
  AddAll(1, {{23, 30}, {80, 10}, {443, 5}});
  Add("a", 1, {{22, 7}});
  Keep();
  auto told = Told();
  EXPECT_EQ(told["darknet_packets ipv4"], "142");
  EXPECT_EQ(told["darknet_class_packets tcp_syn ipv4"], "142");
  EXPECT_EQ(told["darknet_victims"], "12");
  int ports = 0;
  for (const auto& [name, value] : told) {
    if (!name.starts_with("darknet_port_") && !name.starts_with("darknet_category_")) continue;
    ++ports;
    EXPECT_EQ(value, kFew) << name;
    EXPECT_EQ(name.find("22"), std::string::npos) << name;
  }
  // Neither which ports, nor in what order, nor that 22 is among them and in no category.
  EXPECT_EQ(ports, 9);  // packets, shares and categories of three populations
}

// Where all may be told, the port that somebody has to give a category is.
TEST_F(WithheldTelescope, NamesAPortWithoutACategoryThatMayBeTold) {
  AddAll(1, {{22, 30}});
  Keep();
  EXPECT_EQ(Told()["darknet_category_share all"],
            "22/tcp is among the ten leading ports and in no category on 2024-11-01; give it a row in "
            "port_categories.csv");
}

TEST_F(WithheldTelescope, WithholdsASmallClassAndWhatWouldTellIt) {
  AddAll(1, {{23, 30}, {80, 10}});
  AddAll(1, {{0, 4, v1::FAMILY_IPV4, v1::DARKNET_CLASS_BACKSCATTER_RST}});
  Add("a", 1, {{0, 1, v1::FAMILY_IPV4, v1::DARKNET_CLASS_TCP_XMAS}});
  Keep();
  auto told = Told();
  EXPECT_EQ(told["darknet_packets ipv4"], "133");
  EXPECT_EQ(told["darknet_class_packets tcp_xmas ipv4"], kFew);
  // Of the classes that may be told the one with the fewest packets.
  EXPECT_EQ(told["darknet_class_packets backscatter_rst ipv4"], kFew);
  EXPECT_EQ(told["darknet_class_packets tcp_syn ipv4"], "120");
}

TEST_F(WithheldTelescope, WithholdsSourcesWhereAFamilyIsSmall) {
  AddAll(1, {{23, 30}, {80, 10}});
  Add("a", 1, {{23, 2, v1::FAMILY_IPV6}});
  Keep();
  auto told = Told();
  for (const char* name : {"darknet_packets ipv6", "darknet_packets ipv4", "darknet_victims",
                           "darknet_survey_scan_share behaviour", "darknet_unique_hosts ipv4"}) {
    EXPECT_EQ(told[name], kFew) << name;
  }
}

// What was judged is a's and b's.
TEST_F(WithheldTelescope, WithholdsSourcesThatFewTellApart) {
  telling_ = {"a", "b"};
  AddAll(1, {{23, 30}, {80, 10}});
  telling_ = {};
  AddAll(2, {{23, 30}, {80, 10}});
  Keep();
  ExpectSourcesWithheld();
}

// What was not judged is c's.
TEST_F(WithheldTelescope, WithholdsSourcesThatFewDoNotTellApart) {
  AddAll(1, {{23, 30}, {80, 10}});
  telling_ = {"a", "b"};
  AddAll(2, {{23, 30}, {80, 10}});
  Keep();
  ExpectSourcesWithheld();
}

TEST_F(WithheldTelescope, TellsOfSourcesThatEnoughDoAndEnoughDoNotTellApart) {
  AddAll(1, {{23, 30}, {80, 10}});
  telling_ = {};
  AddAll(2, {{23, 30}, {80, 10}});
  Keep();
  auto told = Told();
  EXPECT_EQ(told["darknet_victims"], "12");
  EXPECT_EQ(told["darknet_port_packets non_survey 23 tcp 1"], "180");
}

// They are of whoever was late, and of whoever has that list.
TEST_F(WithheldTelescope, NeverTellsWhatCouldNotBeJudgedNorOfSingleLists) {
  AddAll(1, {{23, 30}});
  Keep();
  auto told = Told(), owned = Told(1);
  EXPECT_EQ(owned["darknet_unjudged_packets untold"], "3");
  for (const char* because : {"untold", "no_room", "no_port", "undecided"}) {
    EXPECT_EQ(told[absl::StrCat("darknet_unjudged_packets ", because)], kUnjudged);
  }
  EXPECT_EQ(told["darknet_survey_scan_share listed"], "0.0000");
  const auto is_of_a_list = [](const auto& of) { return of.first.find("misp") != std::string::npos; };
  EXPECT_EQ(std::count_if(owned.begin(), owned.end(), is_of_a_list), 2);
  EXPECT_EQ(std::count_if(told.begin(), told.end(), is_of_a_list), 0);
}

// METRICS 10.
TEST_F(WithheldTelescope, WithholdsFewSourcesAndWhatTheySent) {
  AddAll(1, {{23, 30}, {80, 10}});
  const auto told_of = [&](uint32_t revision, uint64_t few) {
    change_ = [few](v1::TelescopeDay& day) {
      v1::SourcesDay& sources = *day.mutable_sources();
      sources.set_survey_sources(few);
      sources.set_victims(few);
      sources.set_backscatter_sources(few);
      sources.mutable_tools(0)->set_sources(few);
      *sources.mutable_sketches(0) = SampleSketch(few);
      for (v1::PortDay& port : *day.mutable_ports()) port.set_probe_hosts(port.port() == 23 ? 10 : few);
    };
    Keep(revision);
    return Told();
  };
  auto nine = told_of(1, 9), ten = told_of(2, 10);
  constexpr char kFewSources[] =
      "fewer than 10 sources are behind it, or behind what it would tell by subtraction";
  for (const char* name :
       {"darknet_victims", "darknet_victim_packets", "darknet_backscatter_sources",
        "darknet_tool_sources zmap", "darknet_tool_packets zmap", "darknet_survey_sources behaviour",
        "darknet_survey_scan_share behaviour", "darknet_category_share iot non_survey",
        "darknet_unique_hosts ipv4", "darknet_unique_hosts tcp_syn ipv4 tcp"}) {
    EXPECT_EQ(nine[name], kFewSources) << name;
    EXPECT_TRUE(!ten[name].empty() && ten[name] != kFewSources) << name;
  }
  EXPECT_EQ(nine["darknet_port_packets non_survey"], kFewSources);
  EXPECT_EQ(ten["darknet_port_packets non_survey 23 tcp 1"], "90");
  EXPECT_EQ(nine["darknet_port_hosts all 23 tcp 1"], "10");
  EXPECT_EQ(nine["darknet_port_hosts all"], kFewSources);
  EXPECT_EQ(ten["darknet_port_hosts all 80 tcp 2"], "10");
  // None at all is no secret.
  EXPECT_EQ(nine["darknet_survey_sources listed"], "0");
}

TEST_F(WithheldTelescope, TellsOfSubscribersOfEnoughIspsAlone) {
  AddAll(1, {{23, 30}});
  for (const char* name : {"a", "b", "c"}) Add(name, 1, {{23, 1}}, 30, name[0] == 'c' ? 0 : 20);
  Keep();
  auto told = Told();
  EXPECT_EQ(told["darknet_infected_subscribers reached"], "90");
  EXPECT_EQ(told["darknet_infected_subscribers scanning"], kFew);
}

// What two others report of subscribers later does not make a's number that of three, and brings no packet.
TEST_F(WithheldTelescope, WithholdsSubscribersThatItsHoursDoNotMatch) {
  AddAll(1, {{23, 30}});
  Add("a", 1, {}, 90, 40);
  Keep();
  EXPECT_EQ(Told()["darknet_infected_subscribers reached"], kFew);
  Add("b", 1, {}, 1, 1);
  Add("c", 1, {}, 1);
  auto told = Told();
  EXPECT_EQ(told["darknet_packets ipv4"], "90");
  EXPECT_EQ(told["darknet_infected_subscribers scanning"], kFew);
  EXPECT_EQ(
      told["darknet_infected_subscribers reached"],
      "the subscribers of 2024-11-01 are not those that were counted: some came since, or its hours are "
      "forgotten");
}

TEST_F(WithheldTelescope, WithholdsADayThatItsHoursDoNotMatch) {
  AddAll(1, {{23, 30}});
  Keep();
  EXPECT_EQ(Told()["darknet_packets ipv4"], "90");
  Add("a", 1, {{23, 5}});
  EXPECT_EQ(Told()["darknet_packets ipv4"],
            "more of 2024-11-01 came since it was counted; it is told once it is counted again");
  Keep(2);
  EXPECT_EQ(Told()["darknet_packets ipv4"], "95");
  // As where hours are kept for a month.
  v1::TelescopeDay forgotten = SampleDay(kDay, 1'000, 3);
  ASSERT_TRUE(store_->AddTelescopeDay(forgotten).ok());
  const auto answer = Ask();
  ASSERT_TRUE(answer.ok()) << answer.status();
  for (const v1::Figure& figure : answer->figures()) {
    EXPECT_EQ(figure.withheld_reason(), v1::WITHHELD_REASON_FEW_CONTRIBUTORS);
    EXPECT_EQ(figure.withheld_because(),
              "how many ISPs contributed to 2024-11-01 is not known any more: its hours are forgotten "
              "(retention.hour_days)");
  }
}

TEST_F(WithheldTelescope, ReadsTheHoursOfAYearAtMost) {
  AddAll(1, {{23, 30}});
  Keep();
  EXPECT_TRUE(Ask(kFewest, "2025-11-01").ok());
  const auto more = Ask(kFewest, "2025-11-02");
  EXPECT_EQ(more.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(more.status().message(),
            "telescope.last_day: 367 days; where what fewer than 3 ISPs contribute to is withheld, each of "
            "their hours "
            "is read: ask for 366 at most");
  EXPECT_TRUE(Ask(1, "2025-11-02").ok());
}

TEST_F(WithheldTelescope, LeavesGrowthToWhoAsksAboutBothYears) {
  AddAll(1, {{23, 80}});
  Keep();
  for (const int year : {2023, 2024}) {
    for (absl::CivilDay day(year, 1, 1); day.year() == year; ++day) {
      if (day == absl::CivilDay(2024, 11, 1)) continue;
      ASSERT_TRUE(store_->AddTelescopeDay(SampleDay(absl::FormatCivilTime(day), year == 2023 ? 1 : 0)).ok());
    }
  }
  v1::TelescopeSelection asked;
  asked.set_first_day("2024-01-01");
  asked.set_last_day("2024-12-31");
  asked.set_step(v1::TelescopeSelection::STEP_YEAR);
  asked.add_ids("darknet_yoy");
  const auto one = [&](uint32_t fewest) {
    const auto answer = ReadTelescope(*store_, asked, &categories_, fewest, remembered_);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() && answer->figures_size() == 1 ? answer->figures(0) : v1::Figure();
  };
  EXPECT_EQ(one(1).value(), "-0.3425");  // 240 / 365
  EXPECT_EQ(one(kFewest).withheld_reason(), v1::WITHHELD_REASON_FEW_CONTRIBUTORS);
  EXPECT_EQ(one(kFewest).withheld_because(),
            "how many ISPs contributed to the other year is judged where that is asked about: divide the "
            "darknet_packets of both");
}

}  // namespace
}  // namespace kansoku::aggregator
