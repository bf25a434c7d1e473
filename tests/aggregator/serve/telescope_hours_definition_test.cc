// SPDX-License-Identifier: Apache-2.0
//
// What hours say of a day, remembered or not, against its definition.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "aggregator/figures/telescope_figures.h"
#include "aggregator/serve/isp_view.h"
#include "tests/aggregator/serve/dark_days.h"

namespace kansoku::aggregator {
namespace {

// The definition, word for word, over any store: every hour for itself, from what each point measured in it.
TelescopeHours ByDefinition(const StoreReader& store, const std::vector<absl::CivilDay>& days) {
  std::map<std::string, std::string> isps;
  const auto points = store.Points();
  for (const PointRecord& point : *points) isps[point.point] = point.isp;
  TelescopeHours hours;
  for (const absl::CivilDay& day : days) {
    SourceIsps& of_day = hours.contributors.days[DayText(day)];
    for (int64_t hour = StartOf(day); hour < StartOf(day + 1); hour += kHour) {
      std::map<std::vector<uint32_t>, TablePart> parts;
      const auto visit = [&](const Bucket& bucket) {
        const std::string& isp = isps.at(std::string(bucket.point));
        const v1::DarknetSubscribers& subscribers = bucket.measurement.darknet_subscribers();
        v1::DarknetSubscribers& of_all = hours.contributors.subscribers;
        of_all.set_reached(of_all.reached() + subscribers.reached());
        of_all.set_scanning(of_all.scanning() + subscribers.scanning());
        if (subscribers.reached() > 0) hours.contributors.reached.insert(isp);
        if (subscribers.scanning() > 0) hours.contributors.scanning.insert(isp);
        for (const v1::DarknetTally& tally : bucket.measurement.darknet()) {
          uint64_t packets = 0;
          for (const v1::DarknetCell& cell : tally.cells()) {
            TablePart& part =
                parts[{static_cast<uint32_t>(cell.family()), static_cast<uint32_t>(cell.darknet_class()),
                       cell.protocol(), cell.destination_port(), tally.rules()}];
            part.packets += cell.packets();
            if (cell.packets() > 0) part.isps.insert(isp);
            packets += cell.packets();
          }
          if (packets == 0) continue;
          (tally.source_key() == 0 ? of_day.not_telling : of_day.telling).insert(isp);
          const v1::SoftFlags& flags = tally.soft_flags();
          if (flags.examined() > 0) of_day.examining.insert(isp);
          if (flags.examined() < packets) of_day.not_examining.insert(isp);
          for (const auto& [flag, with_flag] : PacketsByFlag(flags)) {
            if (with_flag > 0) of_day.flagged[flag].insert(isp);
          }
        }
      };
      EXPECT_TRUE(store.Scan(Tier::kHour, hour, hour + kHour, {}, visit).ok());
      if (parts.empty()) continue;
      std::vector<TablePart> table;
      for (auto& [key, part] : parts) {
        part.key = key;
        table.push_back(part);
        hours.packets_of_days[DayText(day)] += ToInteger(part.packets);
      }
      AddSmallDarknet(table, kFewest, hours.small);
    }
    const auto kept_of = [&](const std::string& isp) {
      v1::TelescopeDay kept;
      const auto keep = [&](const v1::TelescopeDay& found) { kept = found; };
      EXPECT_TRUE(store.ScanTelescopeDays(isp, DayText(day), DayText(day), keep).ok());
      return kept;
    };
    const v1::TelescopeDay of_all = kept_of("");
    if (of_all.revision() <= 1) continue;
    uint64_t judged = 0;
    std::set<std::string>& in_time = hours.contributors.in_time[DayText(day)];
    std::set<std::string> names;
    for (const auto& [point, isp] : isps) names.insert(isp);
    for (const std::string& isp : names) {
      const uint64_t of_isp = kept_of(isp).sources().judged_packets();
      if (of_isp > 0) in_time.insert(isp);
      judged += of_isp;
    }
    if (judged != of_all.sources().judged_packets()) in_time.clear();
  }
  return hours;
}

std::string Words(const std::set<std::string>& words) {
  return absl::StrCat("[", absl::StrJoin(words, " "), "]");
}

// All that there is, to compare.
std::string Text(const TelescopeHours& hours) {
  std::string text = absl::StrCat("families ", Words(hours.small.families), "\nports");
  for (const auto& [protocol, ports] : hours.small.ports) {
    for (size_t port = 0; port < ports.size(); ++port) {
      if (ports.test(port)) absl::StrAppend(&text, " ", port, "/", protocol);
    }
  }
  absl::StrAppend(&text, "\nclasses");
  for (const auto& [family, of_class] : hours.small.family_classes)
    absl::StrAppend(&text, " ", family, "/", of_class);
  for (const auto& [family, of_class, protocol] : hours.small.classes)
    absl::StrAppend(&text, " ", family, "/", of_class, "/", protocol);
  for (const auto& [day, packets] : hours.packets_of_days)
    absl::StrAppend(&text, "\n", day, " ", packets.get_str());
  const TelescopeContributors& contributors = hours.contributors;
  for (const auto& [day, isps] : contributors.days) {
    absl::StrAppend(&text, "\n", day, Words(isps.telling), Words(isps.not_telling), Words(isps.examining),
                    Words(isps.not_examining));
    for (const auto& [flag, with_flag] : isps.flagged) absl::StrAppend(&text, " ", flag, Words(with_flag));
  }
  for (const auto& [day, isps] : contributors.in_time)
    absl::StrAppend(&text, "\n", day, " in time ", Words(isps));
  absl::StrAppend(&text, "\nreached ", Words(contributors.reached), " scanning ",
                  Words(contributors.scanning), " ", contributors.subscribers.reached(), " ",
                  contributors.subscribers.scanning());
  return text;
}

class RandomTelescopeHours : public TelescopeHoursTest, public ::testing::WithParamInterface<uint32_t> {
 protected:
  uint32_t Below(uint32_t end) { return std::uniform_int_distribution<uint32_t>(0, end - 1)(random_); }

  void AddSome(const std::string& point, absl::CivilDay day) {
    v1::Measurement measurement = SampleMeasurement(1, 0, /*darknet=*/false);
    for (uint32_t tallies = Below(3); tallies > 0; --tallies) {
      v1::DarknetTally& tally = *measurement.add_darknet();
      tally.set_sensor(absl::StrCat(point, tallies));
      tally.set_source_key(Below(3) == 0 ? 0 : 7);
      tally.set_rules(1 + Below(2));
      uint64_t packets = 0;
      // Each class once, in the order that the contract has them in.
      for (uint32_t port = 22; port < 22 + Below(4); ++port) {
        v1::DarknetCell& cell = *tally.add_cells();
        cell.set_darknet_class(Below(4) == 0 ? v1::DARKNET_CLASS_UDP_PROBE : v1::DARKNET_CLASS_TCP_SYN);
        cell.set_family(Below(5) == 0 ? v1::FAMILY_IPV6 : v1::FAMILY_IPV4);
        cell.set_protocol(cell.darknet_class() == v1::DARKNET_CLASS_UDP_PROBE ? 17 : 6);
        cell.set_destination_port(port);
        cell.set_packets(Below(4));
        packets += cell.packets();
      }
      if (packets == 0 || Below(2) == 0) continue;
      tally.mutable_soft_flags()->set_examined(packets);
      tally.mutable_soft_flags()->set_high_ttl(Below(2));
    }
    if (Below(4) == 0) {
      measurement.mutable_darknet_subscribers()->set_reached(Below(3));
      measurement.mutable_darknet_subscribers()->set_scanning(Below(2));
    }
    Add(point, day, std::move(measurement), static_cast<int>(Below(3)));
  }
  void AddMany(int windows) {
    for (; windows > 0; --windows) {
      const std::string point(1, static_cast<char>('a' + Below(static_cast<uint32_t>(points_))));
      AddSome(point, kFirst + static_cast<int>(Below(2)));
    }
  }
  void ExpectAsDefined() {
    const std::vector<absl::CivilDay> days = {kFirst, kFirst + 1};
    const auto as_defined = [&](const StoreReader& store, RememberedHours& remembered) {
      const auto hours = remembered.Read(store, Sum(days), kFewest, [] { return true; });
      ASSERT_TRUE(hours.ok()) << hours.status();
      TelescopeHours defined = ByDefinition(store, days), read = *hours;
      // Nobody's day is as good as none.
      for (const absl::CivilDay& day : days) read.contributors.days[DayText(day)];
      EXPECT_EQ(Text(read), Text(defined));
    };
    as_defined(*store_, remembered_);
    for (const char* isp : {"isp-a", "isp-b", "isp-none"}) {
      RememberedHours of_isp;
      as_defined(IspView(*store_, isp), of_isp);
    }
  }

  std::mt19937 random_{GetParam()};
  RememberedHours remembered_;  // all the way
  int points_ = 3;
};

TEST_P(RandomTelescopeHours, AreWhatTheyAreByDefinition) {
  AddMany(60);
  ExpectAsDefined();
  Keep(kFirst);
  ExpectAsDefined();
  AddMany(3);
  ExpectAsDefined();
  Keep(kFirst);
  Keep(kFirst + 1);
  ExpectAsDefined();
  store_.Welcome("d", v1::GROUP_A1, "isp-b");
  store_.Welcome("e", v1::GROUP_A1, "isp-e");
  ExpectAsDefined();
  points_ = 5;
  AddMany(10);
  ExpectAsDefined();
  Keep(kFirst + 1);
  ExpectAsDefined();
  store_.Welcome("c", v1::GROUP_A1, "isp-a");
  ExpectAsDefined();
  store_.Welcome("a", v1::GROUP_A1, "isp-new");
  ExpectAsDefined();
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomTelescopeHours, ::testing::Range(0u, 10u));

}  // namespace
}  // namespace kansoku::aggregator
