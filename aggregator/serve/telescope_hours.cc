// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/telescope_hours.h"

#include <utility>

#include "absl/hash/hash.h"
#include "aggregator/serve/hour_tables.h"
#include "proto/contract/day.h"

namespace kansoku::aggregator {
namespace {

void Merge(const TelescopeHours& from, TelescopeHours& into) {
  Merge(from.small, into.small);
  into.packets_of_days.insert(from.packets_of_days.begin(), from.packets_of_days.end());
  Merge(from.contributors, into.contributors);
}

absl::StatusOr<TelescopeHours> ReadHoursOf(const StoreReader& store, const std::string& date, bool is_revised,
                                           uint32_t fewest) {
  const absl::StatusOr<absl::CivilDay> day = ParseDay(date);
  if (!day.ok()) return day.status();
  TelescopeHours hours;
  const TimeSteps period{DayStartUnixSeconds(*day), DayStartUnixSeconds(*day + 1), 0};
  const absl::Status read = DarknetByHour(store, period, [&](const HourTable& hour) {
    AddSmallDarknet(hour.parts, fewest, hours.small);
    Integer& packets = hours.packets_of_days[date];
    for (const TablePart& part : hour.parts) packets += ToInteger(part.packets);
  });
  if (!read.ok()) return read;
  absl::StatusOr<TelescopeContributors> contributors = ReadContributors(store, *day, is_revised);
  if (!contributors.ok()) return contributors.status();
  hours.contributors = *std::move(contributors);
  return hours;
}

// Of which ISP each point is.
absl::StatusOr<size_t> HashOfIsps(const StoreReader& store) {
  const auto points = store.Points();
  if (!points.ok()) return points.status();
  std::map<std::string, std::string> isps;
  for (const PointRecord& point : *points) isps[point.point] = point.isp;
  return absl::HashOf(isps);
}

}  // namespace

absl::StatusOr<TelescopeHours> RememberedHours::Read(const StoreReader& store, const TelescopePeriod& sum,
                                                     uint32_t fewest) {
  const absl::StatusOr<size_t> isps = HashOfIsps(store);
  if (!isps.ok()) return isps.status();
  TelescopeHours hours;
  for (const auto& [day, packets] : sum.packets_of_days) {
    const auto of_day = ReadDay(store, {day, sum.judged.revised_days.contains(day), fewest, *isps});
    if (!of_day.ok()) return of_day.status();
    Merge(**of_day, hours);
  }
  return hours;
}

absl::StatusOr<std::shared_ptr<const TelescopeHours>> RememberedHours::ReadDay(const StoreReader& store,
                                                                               const Question& question) {
  const auto& [day, is_revised, fewest, isps] = question;
  // First: what comes while the hours are read makes them another answer.
  const absl::StatusOr<uint64_t> changes = store.DayChanges(day);
  if (!changes.ok()) return changes.status();
  {
    const std::lock_guard lock(mutex_);
    const auto known = answers_.find(question);
    if (known != answers_.end() && known->second.changes == *changes) {
      return known->second.hours;
    }
  }
  absl::StatusOr<TelescopeHours> read = ReadHoursOf(store, day, is_revised, fewest);
  if (!read.ok()) return read.status();
  const auto hours = std::make_shared<const TelescopeHours>(*std::move(read));
  const std::lock_guard lock(mutex_);
  answers_[question] = {*changes, hours};
  if (answers_.size() > most_days_) answers_.erase(answers_.begin());
  return hours;
}

}  // namespace kansoku::aggregator
