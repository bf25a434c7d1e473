// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/day_totals.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/telescope_figures.h"
#include "aggregator/figures/telescope_growth.h"

namespace kansoku::aggregator {
namespace {

// Two sensors, two families, and whatever else a day may hold.
v1::TelescopeDay Day(const std::string& date, uint64_t packets) {
  v1::TelescopeDay day;
  day.set_day(date);
  day.set_revision(3);
  day.set_computed_unix_seconds(1'700'000'000);
  day.set_windows(8'000);
  day.set_expected_windows(8'640);
  day.add_flags(v1::QUALITY_FLAG_PARTIAL);
  for (const char* name : {"kyoto", "osaka"}) {
    v1::SensorDay& sensor = *day.add_sensors();
    sensor.set_sensor(name);
    sensor.set_address_seconds(packets * 86'400);
    for (const v1::Family family : {v1::FAMILY_IPV4, v1::FAMILY_IPV6}) {
      for (const v1::DarknetClass of : {v1::DARKNET_CLASS_TCP_SYN, v1::DARKNET_CLASS_UDP_PROBE}) {
        v1::ClassDay& of_class = *sensor.add_classes();
        of_class.set_darknet_class(of);
        of_class.set_family(family);
        of_class.set_packets(packets * (family == v1::FAMILY_IPV4 ? 7 : 3));
      }
    }
  }
  for (uint32_t port = 1; port < 1'000; ++port) {
    v1::PortDay& of_port = *day.add_ports();
    of_port.set_protocol(6);
    of_port.set_port(port);
    of_port.set_packets(port);
  }
  return day;
}

std::map<std::string, std::string> PacketsAndAddresses(const TelescopePeriod& sum) {
  std::map<std::string, std::string> values;
  for (const v1::Figure& figure : TelescopeFigures(sum, nullptr)) {
    using namespace figures;
    const std::string& id = figure.id();
    if (id != kDarknetPackets.id && id != kDarknetAddresses.id && id != kDarknetPacketsPerIp.id &&
        id != kDarknetSecondsPerPacketPerIp.id) {
      continue;
    }
    std::string name = id;
    for (const std::string label : {"family", "method"}) {
      if (figure.labels().contains(label)) absl::StrAppend(&name, " ", figure.labels().at(label));
    }
    values[name] = absl::StrCat(figure.value(), " of ", figure.windows(), " windows of ",
                                figure.expected_windows(), ", revision ", figure.darknet_revision(), ", at ",
                                figure.computed_unix_seconds(), ", flags ", figure.flags_size());
  }
  return values;
}

TEST(DayTotals, GiveTheSameFiguresOfPacketsAndAddresses) {
  TelescopePeriod of_days{.period = WholeYear(2024)}, of_totals{.period = WholeYear(2024)};
  for (const v1::TelescopeDay& day : {Day("2024-03-01", 512), Day("2024-03-04", 4'096)}) {
    AddDay(day, of_days);
    AddDay(TotalsOf(day), of_totals);
    EXPECT_LT(TotalsOf(day).ByteSizeLong(), 100u);
  }
  const auto expected = PacketsAndAddresses(of_days);
  EXPECT_EQ(expected.size(), 9u);
  EXPECT_EQ(PacketsAndAddresses(of_totals), expected);
}

TEST(DayTotals, GrowAsTheirDays) {
  YearTotal of_days{.year = 2024}, of_totals{.year = 2024};
  AddDay(Day("2024-03-01", 512), of_days);
  AddDay(TotalsOf(Day("2024-03-01", 512)), of_totals);
  EXPECT_EQ(of_days.ipv4_packets, 512 * 7 * 4);
  EXPECT_EQ(of_totals.ipv4_packets, of_days.ipv4_packets);
  EXPECT_EQ(of_totals.days, of_days.days);
  EXPECT_EQ(of_totals.revisions, of_days.revisions);
  EXPECT_EQ(of_totals.computed_unix_seconds, of_days.computed_unix_seconds);
}

}  // namespace
}  // namespace kansoku::aggregator
