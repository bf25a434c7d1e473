// SPDX-License-Identifier: Apache-2.0
#include "aggregator/vintage/month_keeper.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "aggregator/vintage/asked_inputs.h"
#include "aggregator/vintage/earlier_figures.h"
#include "aggregator/vintage/figure_difference.h"
#include "aggregator/vintage/figure_stamp.h"
#include "aggregator/vintage/input_difference.h"
#include "aggregator/vintage/late_data.h"
#include "aggregator/vintage/meant_revision.h"
#include "aggregator/vintage/series_month.h"
#include "proto/contract/statistics_lookup.h"

namespace kansoku::aggregator {
namespace {

constexpr char kByItself[] = "kansoku-aggregator";

using Reasons = std::vector<std::string>;

absl::Time EndOf(Month month) { return absl::FromUnixSeconds(EndUnixSeconds(month)); }

// The first month that has a member; nothing if the series has no contributor.
absl::StatusOr<Month> FirstMonth(const v1::Statistics& statistics, v1::Series series) {
  std::string first;
  for (const v1::Contributor& contributor : statistics.register_().contributors()) {
    if (contributor.series() != series) continue;
    if (first.empty() || contributor.member_since() < first) first = contributor.member_since();
  }
  if (first.empty()) return absl::NotFoundError("no contributor");
  return ParseMonth(first);
}

void Append(Reasons more, Reasons& reasons) {
  std::move(more.begin(), more.end(), std::back_inserter(reasons));
}

std::string RegisterReason(const std::string& digest, const std::vector<v1::MeantRevision>& meant) {
  Reasons said;
  for (const v1::MeantRevision& revision : meant) said.push_back(revision.because());
  const std::string changed = absl::StrCat("register ", ShortDigest(digest));
  return said.empty() ? changed : absl::StrCat(changed, ": ", absl::StrJoin(said, ", "));
}

std::string By(const std::vector<v1::MeantRevision>& meant) {
  std::set<std::string> who;
  for (const v1::MeantRevision& revision : meant) who.insert(revision.by());
  return who.empty() ? kByItself : absl::StrJoin(who, ", ");
}

}  // namespace

struct MonthKeeper::Round {
  Store& store;
  const Register& statistics_register;
  const absl::Time now;
  const Added added;
  std::map<Key, v1::Vintage> latest;  // without figures and inputs
};

struct MonthKeeper::Case {
  v1::Series series;
  Month month;
  v1::Vintage before = {};  // of number 0: there is none yet
  Situation situation = {};
  std::vector<v1::MeantRevision> meant = {};  // since `before`
  absl::Status forgotten = {};                // why the hours could not be read again

  bool is_first() const { return before.number() == 0; }
  bool is_provisional() const { return before.state() == v1::VINTAGE_STATE_PROVISIONAL; }
  bool settles() const { return is_provisional() && situation.grace_is_over; }
  // Of what is final only a register that means it.
  bool register_may_change() const { return is_first() || is_provisional() || !meant.empty(); }
  v1::VintageState next_state() const {
    if (!is_first() && !is_provisional()) return v1::VINTAGE_STATE_REVISED;
    return situation.grace_is_over ? v1::VINTAGE_STATE_FINAL : v1::VINTAGE_STATE_PROVISIONAL;
  }
};

absl::Status MonthKeeper::Keep(Store& store, const Register& statistics_register, absl::Time now,
                               Added added) {
  Round round{store, statistics_register, now, added, {}};
  absl::StatusOr<std::vector<v1::Vintage>> latest = store.Vintages({.latest_only = true});
  if (!latest.ok()) return latest.status();
  for (v1::Vintage& vintage : *latest) {
    round.latest[{vintage.series(), vintage.month()}] = std::move(vintage);
  }
  absl::Status first_error;
  for (const v1::Series series : {v1::SERIES_FIXED, v1::SERIES_MOBILE}) {
    first_error.Update(KeepSeries(round, series));
  }
  return first_error;
}

absl::Status MonthKeeper::KeepSeries(Round& round, v1::Series series) {
  const v1::Statistics& statistics = round.statistics_register.statistics;
  const absl::StatusOr<Month> first = FirstMonth(statistics, series);
  if (!first.ok()) return absl::IsNotFound(first.status()) ? absl::OkStatus() : first.status();
  absl::Status first_error;
  bool has_begun = false;  // of months before the first measurement there is nothing to say
  for (Month month = *first; EndOf(month) + kMonthSettles <= round.now; month = AddMonths(month, 1)) {
    if (!has_begun) {
      const absl::StatusOr<uint64_t> changes = round.store.MonthChanges(MonthText(month));
      if (!changes.ok()) return changes.status();
      has_begun = *changes > 0;
    }
    if (!has_begun || MembersOf(statistics, series, month).empty()) continue;
    first_error.Update(KeepMonth(round, series, month));
  }
  return first_error;
}

absl::Status MonthKeeper::KeepMonth(Round& round, v1::Series series, Month month) {
  const Key key = {series, MonthText(month)};
  const v1::Statistics& statistics = round.statistics_register.statistics;
  // Read before the hours: what is committed in between is seen as a change the next time.
  const absl::StatusOr<uint64_t> changes = round.store.MonthChanges(key.second);
  if (!changes.ok()) return changes.status();
  Case of{.series = series, .month = month};
  if (const auto found = round.latest.find(key); found != round.latest.end()) of.before = found->second;

  const absl::Duration grace = absl::Hours(24 * int64_t{statistics.register_().grace_days()});
  Situation& situation = of.situation;
  situation.register_digest = round.statistics_register.digest;
  situation.grace_is_over = EndOf(month) + grace <= round.now;
  const absl::Time gathered = absl::FromUnixSeconds(of.before.computed_unix_seconds()) + kLateDataGathers;
  const bool takes_late_data = of.is_first() || of.settles() || round.now >= gathered;
  situation.month_changes = takes_late_data ? *changes : of.before.month_changes();
  for (const int lag : kGrowthLags) {
    const std::string earlier = MonthText(AddMonths(month, -lag));
    const auto vintage = round.latest.find({series, earlier});
    if (vintage != round.latest.end()) situation.earlier[earlier] = vintage->second.number();
  }
  if (const auto looked = looked_at_.find(key); looked != looked_at_.end() && looked->second == situation) {
    return absl::OkStatus();
  }

  if (!of.is_first()) {
    absl::StatusOr<v1::Vintage> stored = round.store.FindVintage(series, key.second, of.before.number());
    if (!stored.ok()) return stored.status();
    of.before = *std::move(stored);
    const absl::StatusOr<v1::Statistics> had = round.store.FindRegister(of.before.register_digest());
    if (!had.ok()) return had.status();
    of.meant = NewRevisions(*had, statistics, series, key.second);
  }
  absl::StatusOr<v1::MonthInputs> inputs = InputsOf(round, of);
  if (!inputs.ok()) return inputs.status();
  if (absl::Status kept = AddIfDifferent(round, of, *std::move(inputs)); !kept.ok()) return kept;
  if (of.forgotten.ok()) looked_at_[key] = of.situation;
  return of.forgotten;
}

absl::StatusOr<v1::MonthInputs> MonthKeeper::InputsOf(const Round& round, Case& of) const {
  const v1::Statistics& statistics = round.statistics_register.statistics;
  v1::MonthInputs inputs = of.before.inputs();
  const bool has_changed = of.situation.month_changes != of.before.month_changes();
  // Without need nothing is read again: one day the hours may be forgotten.
  if (of.is_first() || has_changed ||
      (of.register_may_change() && !AskedDifferences(inputs, statistics).empty())) {
    absl::StatusOr<v1::MonthInputs> read = method_.read(round.store, statistics, of.series, of.month);
    if (!read.ok()) return read;
    of.forgotten = CheckNothingForgotten(inputs, *read);
    if (of.forgotten.ok()) inputs = *std::move(read);
  }
  *inputs.mutable_earlier() = of.before.inputs().earlier();
  absl::Status done = UpdateEarlierFigures(round.store, of.series, of.month, inputs);
  if (!done.ok()) return done;
  return inputs;
}

absl::Status MonthKeeper::AddIfDifferent(Round& round, const Case& of, v1::MonthInputs inputs) const {
  const Register& with = round.statistics_register;
  Reasons reasons;
  if (of.is_first()) reasons.push_back("the month is over");
  if (of.settles()) reasons.push_back("the time of grace is over");
  if (!of.is_first()) Append(MeasuredDifferences(of.before.inputs(), inputs), reasons);
  const bool must_add = !reasons.empty();
  if (!of.is_first()) {
    Append(EarlierDifferences(of.before.inputs(), inputs), reasons);
    if (of.register_may_change() && of.before.register_digest() != with.digest) {
      reasons.push_back(RegisterReason(with.digest, of.meant));
    }
    // Of what is final another method alone changes nothing.
    const bool is_computed = of.register_may_change() || !reasons.empty();
    if (is_computed && of.before.method_version() != method_.version) {
      reasons.push_back(
          absl::StrCat("method version ", method_.version, " instead of ", of.before.method_version()));
    }
  }
  if (reasons.empty()) return absl::OkStatus();

  const std::vector<v1::Figure> figures = method_.compute(inputs, with.statistics);
  if (!must_add) {
    v1::Vintage as_before = of.before;
    PutFigures(figures, as_before);
    if (FigureDifferences(of.before.figures(), as_before.figures()).empty()) return absl::OkStatus();
  }
  v1::Vintage vintage;
  vintage.set_series(of.series);
  vintage.set_month(MonthText(of.month));
  vintage.set_number(of.before.number() + 1);
  vintage.set_state(of.next_state());
  vintage.set_computed_unix_seconds(absl::ToUnixSeconds(round.now));
  vintage.set_by(By(of.meant));
  vintage.set_because(absl::StrJoin(reasons, "; "));
  vintage.set_method_version(method_.version);
  vintage.set_register_digest(with.digest);
  vintage.set_month_changes(of.situation.month_changes);
  PutFigures(figures, vintage);
  *vintage.mutable_inputs() = std::move(inputs);
  if (absl::Status added = round.store.AddVintage(vintage, with.statistics); !added.ok()) return added;
  vintage.clear_inputs();
  round.added(vintage);
  vintage.clear_figures();
  round.latest[{of.series, vintage.month()}] = std::move(vintage);
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
