// SPDX-License-Identifier: Apache-2.0
#include "aggregator/vintage/telescope_keeper.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "aggregator/figures/range_sum.h"
#include "aggregator/figures/telescope_day.h"
#include "aggregator/vintage/day_judgement.h"
#include "aggregator/vintage/late_data.h"
#include "proto/contract/darknet_ways.h"
#include "proto/contract/day.h"
#include "proto/contract/deterministic_bytes.h"
#include "proto/contract/measurement.h"

namespace kansoku::aggregator {
namespace {

constexpr char kEveryone[] = "";

absl::Time EndOf(absl::CivilDay day) { return absl::FromUnixSeconds(DayStartUnixSeconds(day + 1)); }

// Of revision 0: there is none yet.
absl::StatusOr<v1::TelescopeDay> FindLatest(const StoreReader& store, const std::string& isp,
                                            absl::CivilDay day) {
  v1::TelescopeDay latest;
  const absl::Status scanned = store.ScanTelescopeDays(
      isp, DayText(day), DayText(day), [&](const v1::TelescopeDay& found) { latest = found; });
  if (!scanned.ok()) return scanned;
  return latest;
}

bool ToldOfTelescopes(const PointSum& point) { return TellsOfTelescopes(point.measurement); }

struct IspPoints {
  std::string isp;
  std::span<const PointSum> points;
};

// Everyone's are the last: once they are kept, the day is.
std::vector<IspPoints> ByIsp(std::vector<PointSum>& points) {
  std::stable_sort(points.begin(), points.end(), [](const PointSum& one, const PointSum& other) {
    return one.point.isp < other.point.isp;
  });
  std::vector<IspPoints> all;
  for (auto first = points.begin(); first != points.end();) {
    const std::string& isp = first->point.isp;
    const auto end =
        std::find_if(first, points.end(), [&](const PointSum& point) { return point.point.isp != isp; });
    if (isp != kEveryone && std::any_of(first, end, ToldOfTelescopes)) all.push_back({isp, {first, end}});
    first = end;
  }
  all.push_back({kEveryone, points});
  return all;
}

// All but its time and changes.
absl::StatusOr<v1::TelescopeDay> MakeDay(const StoreReader& store, absl::CivilDay day, const IspPoints& of,
                                         const v1::TelescopeDay& before) {
  v1::TelescopeDay made = MakeTelescopeDay(DayText(day), of.points);
  made.set_isp(of.isp);
  made.set_revision(before.revision() + 1);
  for (const PointSum& point : of.points) {
    if (!point.measurement.has_darknet_subscribers()) continue;
    Merge(point.measurement.darknet_subscribers(), *made.mutable_subscribers());
  }
  if (absl::Status filled = FillSources(store, of.points, before, made); !filled.ok()) return filled;
  return made;
}

// Says more than what it was made with, when and as which revision.
bool IsNew(const v1::TelescopeDay& before, v1::TelescopeDay made) {
  made.set_revision(before.revision());
  made.set_computed_unix_seconds(before.computed_unix_seconds());
  made.set_day_changes(before.day_changes());
  return DeterministicBytes(made) != DeterministicBytes(before);
}

// Those that are new, everyone's last.
absl::StatusOr<std::vector<v1::TelescopeDay>> MakeDays(const StoreReader& store, absl::CivilDay day) {
  absl::StatusOr<std::vector<PointSum>> points =
      SumByPoint(store, {DayStartUnixSeconds(day), DayStartUnixSeconds(day + 1), 0});
  if (!points.ok()) return points.status();
  std::vector<v1::TelescopeDay> days;
  for (const IspPoints& of : ByIsp(*points)) {
    const absl::StatusOr<v1::TelescopeDay> before = FindLatest(store, of.isp, day);
    if (!before.ok()) return before.status();
    absl::StatusOr<v1::TelescopeDay> made = MakeDay(store, day, of, *before);
    if (!made.ok()) return made.status();
    if (IsNew(*before, *made)) days.push_back(*std::move(made));
  }
  return days;
}

}  // namespace

absl::Status TelescopeKeeper::Keep(Store& store, absl::Time now, Added added, GoesOn goes_on) {
  const absl::StatusOr<std::vector<ChangedDay>> days = store.ChangedDays();
  if (!days.ok()) return days.status();
  absl::Status first_error;
  bool is_first = true;
  for (const ChangedDay& changed : *days) {
    const absl::StatusOr<absl::CivilDay> day = ParseDay(changed.day);
    if (!day.ok()) return day.status();
    if (EndOf(*day) > now) break;
    if (!std::exchange(is_first, false) && !goes_on()) break;
    const auto looked = looked_at_.find(changed.day);
    if (looked != looked_at_.end() && looked->second == changed.changes) continue;
    first_error.Update(KeepDay(store, changed, *day, now, added));
  }
  return first_error;
}

absl::Status TelescopeKeeper::KeepDay(Store& store, const ChangedDay& changed, absl::CivilDay day,
                                      absl::Time now, Added added) {
  const absl::StatusOr<v1::TelescopeDay> latest = FindLatest(store, kEveryone, day);
  if (!latest.ok()) return latest.status();
  const bool is_first = latest->revision() == 0;
  const absl::Time gathered = absl::FromUnixSeconds(latest->computed_unix_seconds()) + kLateDataGathers;
  const bool is_due =
      is_first ? HasArrived(changed, now) && now >= EndOf(day) + kDaySettles : now >= gathered;
  if (!is_due) return absl::OkStatus();
  if (!is_first && changed.is_partly_forgotten) {
    looked_at_[changed.day] = changed.changes;
    return absl::FailedPreconditionError(
        absl::StrCat("telescope day ", changed.day,
                     ": hours of it are forgotten (retention.hour_days); what came late is left out"));
  }

  const absl::StatusOr<std::vector<v1::TelescopeDay>> made = MakeDays(store, day);
  // What came meanwhile would be in some of what was read and not in all of it: the next call looks again.
  const absl::StatusOr<uint64_t> changes_now = store.DayChanges(changed.day);
  if (!changes_now.ok()) return changes_now.status();
  if (*changes_now != changed.changes) return absl::OkStatus();
  if (!made.ok()) return made.status();
  if (made->empty()) looked_at_[changed.day] = changed.changes;
  for (v1::TelescopeDay record : *made) {
    record.set_computed_unix_seconds(absl::ToUnixSeconds(now));
    record.set_day_changes(changed.changes);
    if (absl::Status kept = store.AddTelescopeDay(record); !kept.ok()) return kept;
    added(record);
  }
  arriving_.erase(changed.day);
  return absl::OkStatus();
}

bool TelescopeKeeper::HasArrived(const ChangedDay& changed, absl::Time now) {
  const auto [found, is_new] = arriving_.try_emplace(changed.day, Arrival{changed.changes, now});
  Arrival& arrival = found->second;
  const bool is_quiet = !is_new && arrival.changes == changed.changes;
  arrival.changes = changed.changes;
  return is_quiet || now >= arrival.since + kBacklogArrives;
}

}  // namespace kansoku::aggregator
