// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/day_sources.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "proto/contract/source_sketch.h"
#include "tests/aggregator/figures/source_literals.h"

namespace kansoku::aggregator {
namespace {

using ::testing::HasSubstr;

TEST(DaySources, JudgeSurveyScansByPortsAndPacketsOfTheWholeDay) {
  DaySources sources(kPlenty);
  // In two windows each, so that neither shows it alone.
  for (const auto& [window, first] : {std::pair(kDay, 1u), std::pair(kDay + 43'200, 16u)}) {
    ASSERT_TRUE(sources.Add(window, 10, Of({Probes(1, first, 15, 2), Probes(2, first, 14, 3)})).ok());
  }
  ASSERT_TRUE(sources.Add(kDay + 43'200, 10, Of({Probes(3, 1, 59, 1), Probes(4, 1, 1, 1'000)})).ok());
  v1::SourcesDay day;
  auto ports = PortsOf(1, 60);
  sources.Judge({.packets = 60, .ports = 30}, day, ports);
  EXPECT_EQ(day.survey_packets_at_least(), 60u);
  EXPECT_EQ(day.survey_ports_at_least(), 30u);
  // 30 ports and 60 packets; 2 has too few ports, 3 too few packets, 4 one port.
  EXPECT_EQ(day.survey_sources(), 1u);
  EXPECT_EQ(day.survey_packets(), 60u);
  EXPECT_EQ(ports.Get(0).survey_packets(), 2u);
  EXPECT_EQ(ports.Get(0).probe_hosts(), 4u);
  EXPECT_EQ(ports.Get(0).survey_hosts(), 1u);
  EXPECT_EQ(ports.Get(29).survey_packets(), 2u);
  EXPECT_EQ(ports.Get(29).survey_hosts(), 1u);
  EXPECT_EQ(ports.Get(30).survey_packets(), 0u);
  EXPECT_EQ(ports.Get(30).survey_hosts(), 0u);
  EXPECT_EQ(ports.Get(59).probe_hosts(), 0u);
}

TEST(DaySources, TakeEverythingOfASurveyScannerAndSayWhatPortsAreUnknown) {
  v1::DarknetSource scanner = Probes(1, 1, 30, 2);
  scanner.set_further_packets(5);
  scanner.set_probe_packets(65);
  scanner.set_backscatter_packets(3);
  scanner.set_other_packets(2);
  DaySources sources(kPlenty);
  ASSERT_TRUE(sources.Add(kDay, 10, Of({scanner})).ok());
  v1::SourcesDay day;
  auto ports = PortsOf(1, 29);  // the last one's packets were counted without their port
  sources.Judge({.packets = 60, .ports = 30}, day, ports);
  EXPECT_EQ(day.survey_packets(), 70u);
  EXPECT_EQ(day.portless_packets(), 7u);
}

// A source on a list is no scanner for that, and a scanner not on one.
TEST(DaySources, SayWhatPortsOfListedSourcesAreUnknown) {
  v1::DarknetSource listed = Probes(1, 1, 3, 10);
  listed.set_further_packets(4);
  listed.set_probe_packets(34);
  listed.set_lists(1);
  DaySources sources(kPlenty);
  v1::DarknetSources message = Of({listed, Probes(2, 1, 3, 1)});
  message.add_lists()->set_name("misp");
  ASSERT_TRUE(sources.Add(kDay, 10, message).ok());
  v1::SourcesDay day;
  auto ports = PortsOf(1, 2);
  sources.Judge({.packets = 60, .ports = 30}, day, ports);
  EXPECT_EQ(day.listed_packets(), 34u);
  EXPECT_EQ(ports.Get(1).listed_packets(), 10u);
  EXPECT_EQ(day.listed_portless_packets(), 14u);
  EXPECT_EQ(day.portless_packets(), 0u);
}

TEST(DaySources, TellListsApartAndCountASourceOnTwoOnce) {
  const auto listed = [](const char* version, uint32_t lists, uint64_t id) {
    v1::DarknetSource source = Probes(id, 22, 1, 10);
    source.set_lists(lists);
    v1::DarknetSources message = Of({source});
    for (const auto& [name, of] : {std::pair("nict", "2026"), std::pair("misp", version)}) {
      v1::SurveyList& list = *message.add_lists();
      list.set_name(name);
      list.set_version(of);
    }
    return message;
  };
  DaySources sources(kPlenty);
  ASSERT_TRUE(sources.Add(kDay, 10, listed("1", 0b11, 1)).ok());
  ASSERT_TRUE(sources.Add(kDay, 10, listed("2", 0b10, 1)).ok());  // the list was replaced
  ASSERT_TRUE(sources.Add(kDay, 10, listed("2", 0b01, 2)).ok());
  ASSERT_TRUE(sources.Add(kDay, 10, listed("2", 0, 3)).ok());
  const v1::SourcesDay day = Judged(sources);
  EXPECT_EQ(day.listed_sources(), 2u);
  EXPECT_EQ(day.listed_packets(), 30u);
  ASSERT_EQ(day.listed_size(), 3);
  std::vector<std::string> said;
  for (const v1::ListedDay& of : day.listed()) {
    said.push_back(
        absl::StrCat(of.list().name(), " ", of.list().version(), ": ", of.sources(), ", ", of.packets()));
  }
  EXPECT_THAT(said, ::testing::ElementsAre("misp 1: 1, 20", "misp 2: 1, 20", "nict 2026: 2, 30"));
}

// The id is the hash that sketches are made of.
TEST(DaySources, SketchWhoIsNoSurveyScanner) {
  std::mt19937_64 random(6);
  DaySources sources(100'000);
  SourceSketch ipv4;
  const auto of_family = [](v1::DarknetSource source, v1::Family family) {
    source.set_family(family);
    return source;
  };
  std::vector<v1::DarknetSource> seen;
  for (int i = 0; i < 6'000; ++i) {
    const uint64_t id = random();
    const bool is_ipv6 = i % 8 == 0;
    if (!is_ipv6) ipv4.Add(id);
    seen.push_back(of_family(Probes(id, 23, 1, 1), is_ipv6 ? v1::FAMILY_IPV6 : v1::FAMILY_IPV4));
  }
  for (int i = 0; i < 200; ++i) seen.push_back(of_family(Probes(random(), 1, 30, 2), v1::FAMILY_IPV4));
  ASSERT_TRUE(sources.Add(kDay, 10, Of(seen)).ok());
  const v1::SourcesDay day = Judged(sources);
  EXPECT_EQ(day.survey_sources(), 200u);
  ASSERT_EQ(day.non_survey_sketches_size(), 1) << "nobody judges who scans for surveys of IPv6";
  v1::SourceSketch expected;
  expected.set_family(v1::FAMILY_IPV4);
  ipv4.WriteTo(expected);
  EXPECT_EQ(day.non_survey_sketches(0).SerializeAsString(), expected.SerializeAsString());
  EXPECT_NEAR(static_cast<double>(EstimateSources(day.non_survey_sketches(0))), 5'250, 3 * 0.0081 * 5'250);
}

TEST(DaySources, SketchNobodyWhereAFamilyIsNotSaid) {
  const auto scanner = [](uint64_t id, v1::Family family) {
    v1::DarknetSource source = Probes(id, 1, 30, 2);
    source.set_family(family);
    return source;
  };
  DaySources sources(kPlenty);
  ASSERT_TRUE(sources.Add(kDay, 10, Of({scanner(1, v1::FAMILY_IPV4)})).ok());
  // All of them are scanners: that is nobody else, exactly.
  ASSERT_EQ(Judged(sources).non_survey_sketches_size(), 1);
  EXPECT_EQ(EstimateSources(Judged(sources).non_survey_sketches(0)), 0u);
  // A collector that does not say it yet, and one that does.
  ASSERT_TRUE(sources.Add(kDay + 10, 10, Of({scanner(1, v1::FAMILY_UNSPECIFIED)})).ok());
  EXPECT_EQ(Judged(sources).non_survey_sketches_size(), 1);
  ASSERT_TRUE(sources.Add(kDay + 20, 10, Of({scanner(2, v1::FAMILY_UNSPECIFIED)})).ok());
  EXPECT_EQ(Judged(sources).non_survey_sketches_size(), 0);
}

// METRICS 5.1: also those whose answers are too few for a flood.
TEST(DaySources, CountWhoAnswersSomebodyElse) {
  DaySources sources(kPlenty);
  ASSERT_TRUE(sources.Add(kDay, 10, Of({Answers(1, 1), Answers(2, 40), Probes(3, 23, 1, 5)})).ok());
  ASSERT_TRUE(sources.Add(kDay + 600, 10, Of({Answers(1, 1)})).ok());
  const v1::SourcesDay day = Judged(sources);
  EXPECT_EQ(day.backscatter_sources(), 2u);
  EXPECT_EQ(day.victims(), 0u);
}

// METRICS 5.1: a series of its own.
TEST(DaySources, JudgeOfIpv6WhoWasFloodedAlone) {
  v1::DarknetSource scanner = Probes(1, 1, 60, 2);
  scanner.set_family(v1::FAMILY_IPV6);
  scanner.set_lists(1);
  scanner.mutable_marks()->set_zmap(120);
  scanner.set_further_packets(3);
  v1::DarknetSource victim = Answers(2, 40);
  victim.set_family(v1::FAMILY_IPV6);
  v1::DarknetSources message = Of({scanner, victim, Probes(3, 1, 2, 1)});
  message.add_lists()->set_name("misp");
  DaySources sources(kPlenty);
  for (const int64_t second : {0, 60}) ASSERT_TRUE(sources.Add(kDay + second, 10, message).ok());
  v1::SourcesDay day;
  auto ports = PortsOf(1, 2);
  sources.Judge({.packets = 60, .ports = 30}, day, ports);
  EXPECT_EQ(day.ipv6_packets(), 320u);
  EXPECT_EQ(day.judged_packets(), 324u);
  EXPECT_EQ(day.victims(), 1u);
  EXPECT_EQ(day.victim_packets(), 80u);
  EXPECT_EQ(day.backscatter_sources(), 1u);
  EXPECT_EQ(day.survey_sources() + day.listed_sources() + day.undecided_sources(), 0u);
  EXPECT_EQ(day.portless_packets() + day.listed_portless_packets(), 0u);
  for (const v1::ToolDay& tool : day.tools()) EXPECT_EQ(tool.sources(), 0u) << tool.tool();
  EXPECT_EQ(day.listed(0).sources(), 0u);
  EXPECT_EQ(ports.Get(0).probe_hosts(), 1u);
}

TEST(DaySources, TakePort0ForAPort) {
  v1::DarknetSource scanner = Probes(1, 0, 30, 2);
  scanner.set_lists(1);
  v1::DarknetSources message = Of({scanner});
  message.add_lists()->set_name("misp");
  DaySources sources(kPlenty);
  ASSERT_TRUE(sources.Add(kDay, 10, message).ok());
  v1::SourcesDay day;
  auto ports = PortsOf(1, 28);  // 29 found no room
  sources.Judge({.packets = 60, .ports = 30}, day, ports);
  EXPECT_EQ(day.survey_packets(), 60u);
  EXPECT_EQ(day.portless_packets(), 2u);
  EXPECT_EQ(day.listed_portless_packets(), 2u);
}

TEST(DaySources, SayWhoMayHaveHadEnoughPorts) {
  const auto further = [](v1::DarknetSource source, uint64_t packets) {
    source.set_probe_packets(source.probe_packets() + packets);
    source.set_further_packets(packets);
    return source;
  };
  DaySources sources(kPlenty);
  // 1 may have had the 30th port. 2 had too few packets, 3 cannot have had 30 ports, 4 had them.
  ASSERT_TRUE(sources
                  .Add(kDay, 10,
                       Of({further(Probes(1, 1, 29, 3), 1), further(Probes(2, 1, 29, 1), 5),
                           further(Probes(3, 1, 28, 3), 1), further(Probes(4, 1, 30, 3), 1)}))
                  .ok());
  const v1::SourcesDay day = Judged(sources);
  EXPECT_EQ(day.undecided_sources(), 1u);
  EXPECT_EQ(day.undecided_packets(), 88u);
  EXPECT_EQ(day.survey_sources(), 1u);
  EXPECT_EQ(day.judgement(), kJudgement);
}

// Everything is told all the same, and they together.
TEST(DaySources, PutListsThatFindNoRoomTogether) {
  DaySources sources(kPlenty);
  for (uint64_t version = 1; version <= 70; ++version) {
    v1::DarknetSource source = Probes(version, 22, 1, 10);
    source.set_lists(1);
    v1::DarknetSources message = Of({source});
    v1::SurveyList& list = *message.add_lists();
    list.set_name("misp");
    list.set_version(absl::StrCat(version));
    ASSERT_TRUE(sources.Add(kDay + static_cast<int64_t>(version), 10, message).ok());
  }
  const v1::SourcesDay day = Judged(sources);
  EXPECT_EQ(day.listed_sources(), 70u);
  EXPECT_EQ(day.listed_packets(), 700u);
  ASSERT_EQ(day.listed_size(), 64);
  EXPECT_EQ(day.listed(0).ShortDebugString(), R"(list { name: "further lists" } sources: 7 packets: 70)");
  for (int i = 1; i < 64; ++i) EXPECT_EQ(day.listed(i).sources(), 1u);
}

TEST(DaySources, RefuseAWindowBeforeAnother) {
  DaySources sources(kPlenty);
  ASSERT_TRUE(sources.Add(kDay + 10, 10, Of({Answers(1, 40)})).ok());
  ASSERT_TRUE(sources.Add(kDay + 10, 10, Of({Answers(1, 40)})).ok());
  const absl::Status early = sources.Add(kDay, 10, Of({Answers(1, 40)}));
  EXPECT_TRUE(absl::IsInvalidArgument(early));
  EXPECT_THAT(std::string(early.message()), HasSubstr("sensor kyoto: a window of its sources begins at"));
  EXPECT_EQ(Judged(sources).judged_packets(), 80u);
}

v1::DarknetSources RandomSources(std::mt19937_64& random) {
  std::map<uint64_t, v1::DarknetSource> sources;
  for (int i = 0; i < 6; ++i) {
    const uint64_t id = random() % 20;
    v1::DarknetSource source = Probes(id, 1 + static_cast<uint32_t>(random() % 40),
                                      static_cast<uint32_t>(random() % 20), 1 + random() % 3);
    source.set_backscatter_packets(random() % 3 * 12);
    source.set_addresses(random());
    source.mutable_marks()->set_zmap(source.tcp_syns());
    sources[id] = std::move(source);
  }
  v1::DarknetSources message = Of({});
  for (auto& [id, source] : sources) *message.add_sources() = std::move(source);
  message.set_further_packets(random() % 5);
  return message;
}

TEST(DaySources, GiveTheSameDayWhicheverSensorComesFirst) {
  std::mt19937_64 random(1);
  std::vector<std::pair<int64_t, v1::DarknetSources>> windows;
  for (int64_t i = 0; i < 60; ++i) windows.emplace_back(kDay + 30 * (i / 3), RandomSources(random));
  std::string first;
  for (int turn = 0; turn < 10; ++turn) {
    DaySources sources(kPlenty);
    for (const auto& [start, window] : windows) ASSERT_TRUE(sources.Add(start, 10, window).ok());
    v1::SourcesDay day;
    auto ports = PortsOf(1, 60);
    sources.Judge({.packets = 100, .ports = 30}, day, ports);
    EXPECT_GT(day.survey_sources(), 0u);
    EXPECT_GT(day.victims(), 0u);
    std::string bytes = day.SerializeAsString();
    for (const v1::PortDay& port : ports) bytes += port.SerializeAsString();
    if (turn == 0) first = bytes;
    EXPECT_EQ(bytes, first) << "turn " << turn;
    std::shuffle(windows.begin(), windows.end(), random);
    std::stable_sort(windows.begin(), windows.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
  }
}

// What is forgotten is counted, and nothing is denied more to one source than is said.
TEST(DaySources, ForgetTheSmallestOfTooMany) {
  DaySources sources(100);
  std::mt19937_64 random(2);
  uint64_t all = 0;
  for (int64_t window = 0; window < 200; ++window) {
    v1::DarknetSources message = Of({Probes(1, 1, 64, 1)});
    for (int i = 0; i < 50; ++i) {
      *message.add_sources() = Probes(2 + random() % 1'000'000, 1, 1, 1 + random() % 2);
    }
    for (const v1::DarknetSource& source : message.sources()) all += source.probe_packets();
    ASSERT_TRUE(sources.Add(kDay + 10 * window, 10, message).ok());
  }
  v1::SourcesDay day;
  auto ports = PortsOf(1, 64);
  sources.Judge({.packets = 1'000, .ports = 30}, day, ports);
  EXPECT_EQ(day.survey_sources(), 1u);
  EXPECT_EQ(day.survey_packets(), 64u * 200);
  for (const v1::PortDay& port : ports) {
    EXPECT_EQ(port.survey_packets(), 200u);
    EXPECT_LE(port.probe_hosts(), 100u);
  }
  EXPECT_GE(day.most_unjudged_of_one(), 1u);
  // Now everyone is a scanner.
  const v1::SourcesDay held = Judged(sources, {.packets = 1, .ports = 1});
  EXPECT_EQ(held.survey_packets() + held.unjudged_packets(), all);
}

TEST(DaySources, RefuseOtherKeysAndRules) {
  DaySources sources(kPlenty);
  EXPECT_TRUE(sources.empty());
  ASSERT_TRUE(sources.Add(kDay, 10, Of({Probes(1, 1, 1, 1)})).ok());
  EXPECT_FALSE(sources.empty());
  v1::DarknetSources other = Of({Probes(2, 1, 1, 1)});
  other.set_source_key(8);
  EXPECT_THAT(std::string(sources.Add(kDay, 10, other).message()),
              HasSubstr("sensor kyoto: its sources were hashed with another key"));
  other.set_source_key(7);
  other.set_rules(2);
  EXPECT_THAT(std::string(sources.Add(kDay, 10, other).message()),
              HasSubstr("rules 2 and 1 meet in one day"));
  v1::SourcesDay day;
  auto ports = PortsOf(1, 1);
  sources.Judge({}, day, ports);
  EXPECT_EQ(ports.Get(0).probe_hosts(), 1u);
}

}  // namespace
}  // namespace kansoku::aggregator
