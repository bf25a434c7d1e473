// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/telescope_hours.h"

#include <set>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "aggregator/serve/hour_tables.h"
#include "proto/contract/day.h"

namespace kansoku::aggregator {
namespace {

void Merge(const TelescopeHours& from, TelescopeHours& into) {
  Merge(from.small, into.small);
  into.packets_of_days.insert(from.packets_of_days.begin(), from.packets_of_days.end());
  Merge(from.contributors, into.contributors);
}

struct Owners {
  std::vector<PointRecord> points;
  std::set<std::string> isps;
};

absl::StatusOr<Owners> ReadOwners(const StoreReader& store) {
  absl::StatusOr<std::vector<PointRecord>> points = store.Points();
  if (!points.ok()) return points.status();
  Owners owners{.points = *std::move(points), .isps = {}};
  for (const PointRecord& point : owners.points) owners.isps.insert(point.isp);
  return owners;
}

// Of which ISP each point is that has hours of this day or earlier. A point that joins changes no day before.
size_t HashOfOwners(const Owners& owners, absl::CivilDay day) {
  const int64_t end = DayStartUnixSeconds(day + 1);
  size_t hash = 0;
  for (const PointRecord& point : owners.points) {
    if (point.windows == 0 || point.first_window_start_unix_seconds >= end) continue;
    hash = absl::HashOf(hash, point.point, point.isp);
  }
  return hash;
}

absl::StatusOr<HoursBasis> BasisOf(const StoreReader& store, absl::CivilDay day, uint32_t fewest,
                                   const Owners& owners) {
  const std::string date = DayText(day);
  const absl::StatusOr<uint64_t> changes = store.DayChanges(date);
  if (!changes.ok()) return changes.status();
  const absl::StatusOr<KeptDay> kept = store.LastTelescopeDay("", date, date);
  if (!kept.ok()) return kept.status();
  return HoursBasis{*changes, kept->revision, fewest, HashOfOwners(owners, day)};
}

absl::StatusOr<TelescopeHours> ReadHoursOf(const StoreReader& store, absl::CivilDay day, uint32_t fewest,
                                           const std::set<std::string>& isps) {
  const std::string date = DayText(day);
  TelescopeHours hours;
  const auto add_table = [&](const HourTable& hour) {
    AddSmallDarknet(hour.parts, fewest, hours.small);
    Integer& packets = hours.packets_of_days[date];
    for (const TablePart& part : hour.parts) packets += ToInteger(part.packets);
  };
  const auto add_point = [&](const v1::Measurement& measurement, const std::string* isp) {
    AddHour(date, measurement, isp, hours.contributors);
  };
  const TimeSteps period{DayStartUnixSeconds(day), DayStartUnixSeconds(day + 1), 0};
  absl::Status read = DarknetByHour(store, period, fewest, add_table, add_point);
  read.Update(AddInTime(store, isps, date, hours.contributors));
  if (!read.ok()) return read;
  return hours;
}

}  // namespace

absl::StatusOr<TelescopeHours> RememberedHours::Read(const StoreReader& store, const TelescopePeriod& sum,
                                                     uint32_t fewest, GoesOn goes_on) {
  const absl::StatusOr<Owners> owners = ReadOwners(store);
  if (!owners.ok()) return owners.status();
  TelescopeHours hours;
  for (const auto& [date, packets] : sum.packets_of_days) {
    const absl::StatusOr<absl::CivilDay> day = ParseDay(date);
    if (!day.ok()) return day.status();
    // First: what comes while the hours are read makes them another answer.
    const absl::StatusOr<HoursBasis> basis = BasisOf(store, *day, fewest, *owners);
    if (!basis.ok()) return basis.status();
    if (const std::optional<Answer> known = Find(*day); known.has_value() && known->basis == *basis) {
      Merge(*known->hours, hours);
      continue;
    }
    if (!goes_on()) return absl::CancelledError(absl::StrCat("nobody waits for the hours of ", date));
    const auto of_day = ReadDay(store, *day, owners->isps, *basis);
    if (!of_day.ok()) return of_day.status();
    Merge(**of_day, hours);
  }
  return hours;
}

absl::Status RememberedHours::ReadAhead(const StoreReader& store, const DayPeriod& days, uint32_t fewest,
                                        GoesOn goes_on) {
  const absl::StatusOr<Owners> owners = ReadOwners(store);
  if (!owners.ok()) return owners.status();
  absl::Status first_error;
  for (absl::CivilDay last = days.last; last >= days.first; --last) {
    const absl::StatusOr<KeptDay> kept = store.LastTelescopeDay("", DayText(days.first), DayText(last));
    if (!kept.ok()) return kept.status();
    if (kept->revision == 0) break;
    const absl::StatusOr<absl::CivilDay> day = ParseDay(kept->day);
    if (!day.ok()) return day.status();
    last = *day;
    absl::StatusOr<HoursBasis> basis = BasisOf(store, *day, fewest, *owners);
    if (!basis.ok()) return basis.status();
    if (const std::optional<Answer> known = Find(*day); known.has_value()) {
      HoursBasis waiting = *basis;
      waiting.changes = known->basis.changes;
      if (known->basis == waiting) continue;
    }
    if (!goes_on()) break;
    first_error.Update(ReadDay(store, *day, owners->isps, *basis).status());
  }
  return first_error;
}

std::optional<RememberedHours::Answer> RememberedHours::Find(absl::CivilDay day) const {
  const std::lock_guard lock(mutex_);
  const auto found = answers_.find(day);
  if (found == answers_.end()) return std::nullopt;
  return found->second;
}

absl::StatusOr<std::shared_ptr<const TelescopeHours>> RememberedHours::ReadDay(
    const StoreReader& store, absl::CivilDay day, const std::set<std::string>& isps,
    const HoursBasis& basis) {
  absl::StatusOr<TelescopeHours> read = ReadHoursOf(store, day, basis.fewest, isps);
  if (!read.ok()) return read.status();
  const auto hours = std::make_shared<const TelescopeHours>(*std::move(read));
  const std::lock_guard lock(mutex_);
  answers_[day] = {basis, hours};
  if (answers_.size() > most_days_) answers_.erase(answers_.begin());
  return hours;
}

}  // namespace kansoku::aggregator
