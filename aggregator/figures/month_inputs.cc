// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/month_inputs.h"

#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "aggregator/figures/gap_sum.h"
#include "aggregator/figures/range_sum.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/estimate.h"
#include "proto/contract/estimated_totals.h"
#include "proto/contract/statistics_lookup.h"
#include "proto/contract/window.h"

namespace kansoku::aggregator {
namespace {

OctetsBasis BasisOf(v1::OctetsBasis basis) {
  switch (basis) {
    case v1::OCTETS_BASIS_L2:
      return OctetsBasis::kL2;
    case v1::OCTETS_BASIS_L2_FCS:
      return OctetsBasis::kL2Fcs;
    default:
      return OctetsBasis::kL3;
  }
}

bool IsOfSeries(v1::Access access, v1::Series series, v1::Group group) {
  if (series == v1::SERIES_MOBILE) return access == v1::ACCESS_MOBILE;
  return group != v1::GROUP_A1 || access == v1::ACCESS_FIXED;
}

struct HourSum {
  EstimatedTotals download, upload;
  uint64_t windows = 0;
};

struct PointHours {
  std::map<int64_t, HourSum> hours;  // by start
  std::set<int> flags;               // v1::QualityFlag
  GapSum gaps;
};

v1::HourVolume ToVolume(int64_t start, const HourSum& sum, OctetsBasis basis) {
  v1::HourVolume volume;
  volume.set_start_unix_seconds(start);
  volume.set_windows(static_cast<uint32_t>(sum.windows));
  volume.set_download_octets(absl::Uint128Low64(sum.download.octets(basis)));
  volume.set_upload_octets(absl::Uint128Low64(sum.upload.octets(basis)));
  if (sum.download.is_estimated()) {
    *volume.mutable_download_variance() = ToWide(sum.download.octets_variance(basis));
  }
  if (sum.upload.is_estimated()) {
    *volume.mutable_upload_variance() = ToWide(sum.upload.octets_variance(basis));
  }
  return volume;
}

absl::Status CheckPoint(const SeriesPoint& ours, const PointRecord& theirs) {
  if (ours.contributor->isp() == theirs.isp && ours.point->group() == theirs.group) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("point \"", theirs.point, "\": the register of statistics has it as ",
                   EnumLabel(ours.point->group()), " of \"", ours.contributor->isp(), "\", its collector as ",
                   EnumLabel(theirs.group), " of \"", theirs.isp, "\"; correct the one that is wrong"));
}

// The register's points by name.
using Members = std::map<std::string, SeriesPoint, std::less<>>;

// The store's records of those of them that ever reported.
absl::StatusOr<std::vector<PointRecord>> ReportedPoints(const StoreReader& store, const Members& members) {
  absl::StatusOr<std::vector<PointRecord>> points = store.Points();
  if (!points.ok()) return points;
  std::vector<PointRecord> reported;
  for (PointRecord& record : *points) {
    const auto member = members.find(record.point);
    if (member == members.end()) continue;
    const absl::Status checked = CheckPoint(member->second, record);
    if (!checked.ok()) return checked;
    if (record.windows > 0) reported.push_back(std::move(record));
  }
  return reported;
}

using HoursOfPoints = std::map<std::string, PointHours, std::less<>>;

absl::StatusOr<HoursOfPoints> ReadHours(const StoreReader& store, const Members& members,
                                        std::span<const PointRecord> reported, v1::Series series,
                                        Month month) {
  const TimeSteps hours{StartUnixSeconds(month), EndUnixSeconds(month), kHourSeconds};
  HoursOfPoints points;
  const absl::Status scanned =
      ScanSteps(store, hours, reported, [&](int64_t hour_start, const Bucket& bucket) {
        PointHours& point = points.try_emplace(std::string(bucket.point)).first->second;
        HourSum& sum = point.hours[hour_start];
        sum.windows += bucket.measurement.windows();
        for (const int flag : bucket.measurement.flags()) point.flags.insert(flag);
        const v1::Group group = members.find(bucket.point)->second.point->group();
        for (const v1::Cell& cell : bucket.measurement.cells()) {
          const v1::TrafficClass& key = cell.traffic_class();
          if (!IsOfSeries(key.access(), series, group)) continue;
          if (key.direction() == v1::DIRECTION_DOWNLOAD) sum.download.Add(cell);
          if (key.direction() == v1::DIRECTION_UPLOAD) sum.upload.Add(cell);
        }
      });
  if (!scanned.ok()) return scanned;
  const absl::Status gaps =
      store.ScanGaps(hours.start_unix_seconds, hours.end_unix_seconds, [&](const Gap& gap) {
        if (members.contains(gap.point)) points[std::string(gap.point)].gaps.Add(gap.count);
      });
  if (!gaps.ok()) return gaps;
  return points;
}

v1::PointMonth ToPointMonth(const SeriesPoint& member, const PointHours& measured, OctetsBasis basis) {
  v1::PointMonth point;
  point.set_point(member.point->point());
  point.set_isp(member.contributor->isp());
  point.set_group(member.point->group());
  for (const auto& [start, hour] : measured.hours) {
    if (hour.windows > 0) *point.add_hours() = ToVolume(start, hour, basis);
  }
  for (const int flag : measured.flags) point.add_flags(static_cast<v1::QualityFlag>(flag));
  *point.mutable_gaps() = measured.gaps.counts();
  return point;
}

}  // namespace

absl::StatusOr<v1::MonthInputs> ReadMonthInputs(const StoreReader& store, const v1::Statistics& statistics,
                                                v1::Series series, Month month) {
  Members members;
  for (const SeriesPoint& member : PointsOf(statistics, series, month)) {
    members.emplace(member.point->point(), member);
  }
  const auto reported = ReportedPoints(store, members);
  if (!reported.ok()) return reported.status();
  auto hours = ReadHours(store, members, *reported, series, month);
  if (!hours.ok()) return hours.status();

  v1::MonthInputs inputs;
  inputs.set_series(series);
  inputs.set_month(MonthText(month));
  inputs.set_octets_basis(statistics.register_().octets_basis());
  std::map<std::string, uint32_t, std::less<>> window_seconds;
  for (const PointRecord& record : *reported) window_seconds[record.point] = record.window_seconds;
  for (const auto& [name, member] : members) {
    v1::PointMonth& point = *inputs.add_points();
    point = ToPointMonth(member, (*hours)[name], BasisOf(inputs.octets_basis()));
    point.set_window_seconds(window_seconds[name]);
  }
  return inputs;
}

}  // namespace kansoku::aggregator
