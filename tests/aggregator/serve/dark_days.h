// SPDX-License-Identifier: Apache-2.0
//
// Days of three ISPs' telescopes, of which more comes and more is kept, and how often their hours are read.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "aggregator/figures/range_sum.h"
#include "aggregator/figures/telescope_day.h"
#include "aggregator/serve/telescope_hours.h"
#include "proto/contract/day.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {

inline constexpr absl::CivilDay kFirst(2024, 11, 1);
inline constexpr uint32_t kHour = 3'600, kFewest = 3;
using Packets = std::map<std::string, std::string>;  // by date

inline int64_t StartOf(absl::CivilDay day) { return DayStartUnixSeconds(day); }

// `packets` to 23/TCP of one sensor, of sources that are told apart.
inline v1::Measurement DarkWindow(const std::string& sensor, uint64_t packets) {
  v1::Measurement measurement = SampleMeasurement(1, 0, /*darknet=*/false);
  v1::DarknetTally& tally = *measurement.add_darknet();
  tally.set_sensor(sensor);
  tally.set_source_key(7);
  v1::DarknetCell& cell = *tally.add_cells();
  cell.set_darknet_class(v1::DARKNET_CLASS_TCP_SYN);
  cell.set_family(v1::FAMILY_IPV4);
  cell.set_protocol(6);
  cell.set_destination_port(23);
  cell.set_packets(packets);
  return measurement;
}

// A point of each of three ISPs. Hours are forgotten with Expire alone.
class TelescopeHoursTest : public ::testing::Test {
 protected:
  TelescopeHoursTest() {
    for (const std::string name : {"a", "b", "c"}) store_.Welcome(name, v1::GROUP_A1, "isp-" + name);
  }

  void Add(const std::string& point, absl::CivilDay day, v1::Measurement measurement, int hour = 0) {
    store_.Add(point, StartOf(day) + hour * int64_t{kHour} + 10 * windows_++ % kHour, std::move(measurement));
  }
  // Ten packets to each.
  void AddAll(absl::CivilDay day) {
    for (const char* name : {"a", "b", "c"}) Add(name, day, DarkWindow(name, 10));
  }

  // The next revision of what is kept of a day, of everyone and of each ISP; they were judged in the first.
  void Keep(absl::CivilDay day) {
    auto points = SumByPoint(*store_, {StartOf(day), StartOf(day + 1), 0});
    ASSERT_TRUE(points.ok()) << points.status();
    std::stable_sort(points->begin(), points->end(),
                     [](const PointSum& a, const PointSum& b) { return a.point.isp < b.point.isp; });
    const uint32_t revision = ++revisions_[day];
    const auto keep = [&](const std::string& isp, std::span<const PointSum> of) {
      v1::TelescopeDay made = MakeTelescopeDay(DayText(day), of);
      made.set_isp(isp);
      // An ISP may have come after the others had a revision.
      const auto last = store_->LastTelescopeDay(isp, DayText(day), DayText(day));
      made.set_revision(last->revision + 1);
      made.mutable_sources()->set_judged_in_revision(1);
      uint64_t& judged = judged_[{isp, day}];
      if (revision == 1) judged = PacketsOf(made);
      made.mutable_sources()->set_judged_packets(judged);
      const absl::Status added = store_->AddTelescopeDay(made);
      ASSERT_TRUE(added.ok()) << added;
    };
    for (auto first = points->begin(); first != points->end();) {
      const auto end = std::find_if(
          first, points->end(), [&](const PointSum& point) { return point.point.isp != first->point.isp; });
      keep(first->point.isp, {first, end});
      first = end;
    }
    keep("", *points);
  }

  // As retention.hour_days would.
  void ForgetHours(absl::CivilDay until) {
    ASSERT_TRUE(store_->Expire(absl::FromUnixSeconds(StartOf(until)) + absl::Hours(24)).ok());
  }

  static TelescopePeriod Sum(const std::vector<absl::CivilDay>& days) {
    TelescopePeriod sum{.period = {days.front(), days.back()}};
    for (const absl::CivilDay& day : days) sum.packets_of_days[DayText(day)];
    return sum;
  }

  TelescopeHours Read(RememberedHours& remembered, const std::vector<absl::CivilDay>& days) {
    const auto hours = remembered.Read(*store_, Sum(days), kFewest, [this] { return ++reads_ > 0; });
    EXPECT_TRUE(hours.ok()) << hours.status();
    return hours.value_or(TelescopeHours());
  }
  static Packets PacketsIn(const TelescopeHours& hours) {
    Packets packets;
    for (const auto& [day, of_day] : hours.packets_of_days) packets[day] = of_day.get_str();
    return packets;
  }
  void ReadAhead(RememberedHours& remembered, int most = 1'000) {
    const absl::Status read = remembered.ReadAhead(*store_, {kFirst, kFirst + 30}, kFewest, [&] {
      if (most-- == 0) return false;
      return ++reads_ > 0;
    });
    EXPECT_EQ(read, absl::OkStatus());
  }

  ServedStore store_{{.window_hours = 1, .five_minute_days = 1, .hour_days = 1}};
  int64_t windows_ = 0;
  std::map<absl::CivilDay, uint32_t> revisions_;
  std::map<std::pair<std::string, absl::CivilDay>, uint64_t> judged_;  // by ISP and day
  int reads_ = 0;                                                      // of days
};

}  // namespace kansoku::aggregator
