// SPDX-License-Identifier: Apache-2.0
//
// Short spellings of registers and of what points measured in a month, for tests.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "kansoku/v1/statistics.pb.h"
#include "kansoku/v1/vintage.pb.h"
#include "proto/contract/month.h"
#include "proto/contract/window.h"

namespace kansoku::aggregator {

inline constexpr uint32_t kTestWindowSeconds = 10;
inline constexpr uint32_t kWindowsOfAnHour = kHourSeconds / kTestWindowSeconds;

inline v1::Contributor& AddContributor(v1::Series series, const std::string& isp,
                                       v1::Statistics& statistics) {
  v1::Contributor& contributor = *statistics.mutable_register_()->add_contributors();
  contributor.set_isp(isp);
  contributor.set_series(series);
  contributor.set_member_since("2004-09");
  return contributor;
}

inline void AddPoint(const std::string& name, v1::Group group, v1::Contributor& contributor) {
  v1::MeasuredPoint& point = *contributor.add_points();
  point.set_point(name);
  point.set_group(group);
}

// Octets of IP packets, shares of contracts, two-hour slots at odd hours; figures of a single contributor are
// told.
inline v1::Statistics EmptyRegister() {
  v1::Statistics statistics;
  statistics.mutable_register_()->set_octets_basis(v1::OCTETS_BASIS_L3);
  statistics.mutable_register_()->set_coverage_basis(v1::COVERAGE_BASIS_CONTRACT_SHARE);
  statistics.mutable_register_()->set_slot_offset_hours(1);
  statistics.mutable_register_()->set_fewest_contributors(1);
  return statistics;
}

// One contributor of the series, "isp-a", with one A1 point, "a".
inline v1::Statistics OnePoint(v1::Series series) {
  v1::Statistics statistics = EmptyRegister();
  AddPoint("a", v1::GROUP_A1, AddContributor(series, "isp-a", statistics));
  return statistics;
}

inline void AddShare(const std::string& month, const std::string& share, v1::Statistics& statistics) {
  v1::CoverageShare& row = *statistics.add_coverage();
  row.set_month(month);
  row.set_basis(v1::COVERAGE_BASIS_CONTRACT_SHARE);
  row.set_share(share);
  row.set_released("2024-12-01");
}

// An empty contributor is the whole market.
inline void AddContracts(v1::Series series, const std::string& quarter, const std::string& contributor,
                         uint64_t contracts, v1::Statistics& statistics) {
  v1::ContractCount& row = *statistics.add_contracts();
  row.set_series(series);
  row.set_quarter(quarter);
  row.set_released("2024-12-20");
  row.set_contributor(contributor);
  row.set_contracts(contracts);
}

inline void AddHoliday(const std::string& date, v1::Statistics& statistics) {
  statistics.add_holidays()->set_date(date);
}

inline void Print(const std::string& figure, const std::string& unit, uint32_t power_of_ten, uint32_t digits,
                  v1::Statistics& statistics) {
  v1::Presentation& row = *statistics.add_presentations();
  row.set_figure(figure);
  row.set_since("2004-09");
  row.set_unit(unit);
  row.set_power_of_ten(power_of_ten);
  row.set_digits(digits);
}

inline v1::MonthInputs EmptyInputs(v1::Series series, const std::string& month) {
  v1::MonthInputs inputs;
  inputs.set_series(series);
  inputs.set_month(month);
  inputs.set_octets_basis(v1::OCTETS_BASIS_L3);
  return inputs;
}

// Octets of both directions of the hour that begins so many hours after the month.
using OctetsOfHour = std::function<std::pair<uint64_t, uint64_t>(int hour)>;

// A point of "isp-a" that reported every window of the month.
inline v1::PointMonth& AddMeasured(const std::string& point, v1::Group group, const OctetsOfHour& octets,
                                   v1::MonthInputs& inputs) {
  v1::PointMonth& measured = *inputs.add_points();
  measured.set_point(point);
  measured.set_isp("isp-a");
  measured.set_group(group);
  measured.set_window_seconds(kTestWindowSeconds);
  const Month month = *ParseMonth(inputs.month());
  const int64_t start = StartUnixSeconds(month);
  const int hours = static_cast<int>((EndUnixSeconds(month) - start) / kHourSeconds);
  for (int hour = 0; hour < hours; ++hour) {
    v1::HourVolume& volume = *measured.add_hours();
    volume.set_start_unix_seconds(start + int64_t{hour} * kHourSeconds);
    volume.set_windows(kWindowsOfAnHour);
    const auto [download, upload] = octets(hour);
    volume.set_download_octets(download);
    volume.set_upload_octets(upload);
  }
  return measured;
}

// The same octets each hour.
inline v1::PointMonth& AddSteady(const std::string& point, v1::Group group, uint64_t download,
                                 uint64_t upload, v1::MonthInputs& inputs) {
  return AddMeasured(point, group, [=](int) { return std::pair(download, upload); }, inputs);
}

// Point "a" of OnePoint at steady rates in bit/s, multiples of 2.
inline v1::MonthInputs SteadyMonth(v1::Series series, const std::string& month, uint64_t download_rate,
                                   uint64_t upload_rate) {
  v1::MonthInputs inputs = EmptyInputs(series, month);
  AddSteady("a", v1::GROUP_A1, download_rate / 2 * 900, upload_rate / 2 * 900, inputs);
  return inputs;
}

// What was published of an earlier month.
inline v1::Figure& AddEarlier(const std::string& id, const std::string& month, const std::string& exact,
                              v1::MonthInputs& inputs) {
  v1::Figure& figure = *inputs.add_earlier();
  figure.set_id(id);
  figure.set_month(month);
  figure.set_exact(exact);
  figure.set_vintage(1);
  if (inputs.series() == v1::SERIES_FIXED) figure.set_basis(v1::COVERAGE_BASIS_CONTRACT_SHARE);
  return figure;
}

}  // namespace kansoku::aggregator
