// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/figure_commands.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "aggregator/ctl/enum_word.h"
#include "proto/contract/month.h"

namespace kansoku::aggregator {
namespace {

// Months of a series where its first is not said: with the one that growth is measured against, two years.
constexpr int kUsualMonths = 25;

// Of dark addresses there are no series of months, but years.
constexpr char kDarknet[] = "darknet";

absl::StatusOr<Month> MonthNamed(const char* option, const std::string& text) {
  absl::StatusOr<Month> month = ParseMonth(text);
  if (month.ok()) return month;
  return absl::InvalidArgumentError(absl::StrCat(option, ": ", month.status().message()));
}

// The series of a figure begins its id. What no series begins with is left to the aggregator, which knows
// all.
v1::Series SeriesOf(const std::string& id) {
  const absl::StatusOr<v1::Series> series = ParseWord<v1::Series>("", id.substr(0, id.find('_')));
  return series.ok() ? *series : v1::SERIES_UNSPECIFIED;
}

absl::Status SetMonths(Month first, Month last, v1::MonthSelection& months) {
  if (last < first) {
    return absl::InvalidArgumentError(
        absl::StrCat("--from: ", MonthText(first), " is after --to ", MonthText(last)));
  }
  months.set_first(MonthText(first));
  months.set_last(MonthText(last));
  return absl::OkStatus();
}

// By the last second of that day in Japan.
template <typename Asked>
absl::Status SetAsPublished(const std::string& text, Asked& request) {
  if (text.empty()) return absl::OkStatus();
  absl::CivilDay day;
  if (text.size() != 10 || !absl::ParseCivilTime(text, &day)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--as-published: \"", absl::Utf8SafeCHexEscape(text),
        "\": expected a date in Japan such as 2025-02-01; what was published by its end counts"));
  }
  const absl::Time end = absl::FromCivil(day + 1, absl::FixedTimeZone(kTokyoOffsetSeconds));
  request.set_as_published_unix_seconds(absl::ToUnixSeconds(end) - 1);
  return absl::OkStatus();
}

absl::StatusOr<std::pair<std::string, std::string>> LabelOf(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == text.npos || equals == 0 || equals + 1 == text.size()) {
    return absl::InvalidArgumentError(absl::StrCat("--where: \"", absl::Utf8SafeCHexEscape(text),
                                                   "\": expected LABEL=VALUE, such as direction=download"));
  }
  return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

}  // namespace

FigureCommands::FigureCommands(CLI::App& figures, CLI::App& exports)
    : list_(figures.add_subcommand("list", "The kinds of figures, and how each is computed")),
      show_(figures.add_subcommand("show", "A figure of one month, as it was published")),
      series_of_(figures.add_subcommand("series", "A figure of several months, as it was published")),
      explain_(figures.add_subcommand("explain", "How a published figure came about, step by step")),
      panel_(figures.add_subcommand(
          "panel", "How a series grew across a break: of the contributors that both months have")),
      vintages_(figures.add_subcommand("vintages", "When figures of months were computed, by whom and why")),
      recompute_(figures.add_subcommand(
          "recompute", "Computes a month again from what is stored with it; exits with 1 if a bit differs")),
      openmetrics_(exports.add_subcommand(
          "openmetrics", "Published figures, for promtool tsdb create-blocks-from openmetrics")) {
  figures.require_subcommand(0, 1);
  exports.require_subcommand(1);
  for (CLI::App* command :
       {list_, show_, series_of_, explain_, panel_, vintages_, recompute_, openmetrics_}) {
    command->fallthrough();
  }
  for (CLI::App* command : {show_, series_of_, explain_}) {
    command->add_option("figure", id_, "Its id, as listed")->required()->type_name("ID");
    command->add_option("--where", where_, "Only those with this label; may be given several times")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("LABEL=VALUE");
  }
  for (CLI::App* command : {show_, series_of_, explain_, panel_, openmetrics_}) {
    command->add_option("--as-published", as_published_, "As it stood at the end of this day in Japan (now)")
        ->type_name("DATE");
  }
  for (CLI::App* command : {show_, explain_, panel_}) {
    command->add_option("--month", month_, "In Japan, 2024-11 (the last that is over)")->type_name("MONTH");
  }
  panel_->add_option("--lag", lag_, "Against the month so many before: 12 or 6 (12)")
      ->check(CLI::IsMember({12, 6}))
      ->type_name("MONTHS");
  vintages_->add_option("--month", month_, "Only of this month")->type_name("MONTH");
  vintages_->add_option("--series", series_, "Only of this one: fixed or mobile")->type_name("SERIES");
  recompute_->add_option("--month", month_, "In Japan, 2024-11")->required()->type_name("MONTH");
  recompute_->add_option("--vintage", vintage_, "Which of the month (the latest)")
      ->check(CLI::PositiveNumber)
      ->type_name("NUMBER");
  series_of_->add_option("--from", from_, "First month (24 before the last)")->type_name("MONTH");
  series_of_->add_option("--to", to_, "Last month (the last that is over)")->type_name("MONTH");
  openmetrics_->add_option("--from", from_, "First month")->required()->type_name("MONTH");
  openmetrics_->add_option("--to", to_, "Last month")->required()->type_name("MONTH");
  CLI::Option* const history =
      openmetrics_
          ->add_option("--history", history_,
                       "Also what others published of these months: tables in a folder")
          ->type_name("DIR");
  openmetrics_->add_flag("--only-history", only_history_, "That alone, without asking an aggregator")
      ->needs(history);
  for (CLI::App* command : {panel_, recompute_}) {
    command->add_option("--series", series_, "fixed or mobile")->required()->type_name("SERIES");
  }
  openmetrics_
      ->add_option("--series", series_, "fixed or mobile; or darknet: years that others published of it")
      ->required()
      ->type_name("SERIES");
}

bool FigureCommands::parsed() const {
  for (const CLI::App* command :
       {list_, show_, series_of_, explain_, panel_, vintages_, recompute_, openmetrics_}) {
    if (command->parsed()) return true;
  }
  return false;
}

absl::StatusOr<Request> FigureCommands::RequestOf(absl::Time now) const {
  if (list_->parsed()) return v1::ListFigureKindsRequest();
  if (vintages_->parsed()) return AskForVintages();
  if (recompute_->parsed()) return AskToRecompute();
  if (panel_->parsed()) return AskForPanel(now);
  if (openmetrics_->parsed()) return AskToExport();
  absl::StatusOr<MonthsQuestion> question = AskForMonths(now);
  if (!question.ok()) return question.status();
  return *std::move(question);
}

absl::StatusOr<MonthsQuestion> FigureCommands::AskForMonths(absl::Time now) const {
  MonthsQuestion question{.explain = explain_->parsed()};
  v1::MonthSelection& months = *question.request.mutable_months();
  months.add_ids(id_);
  months.set_series(SeriesOf(id_));
  months.set_steps(question.explain);
  const Month last_over = AddMonths(MonthOf(now), -1);
  const std::string& said = series_of_->parsed() ? to_ : month_;
  const absl::StatusOr<Month> last =
      said.empty() ? last_over : MonthNamed(series_of_->parsed() ? "--to" : "--month", said);
  if (!last.ok()) return last.status();
  absl::StatusOr<Month> first = last;
  if (series_of_->parsed()) {
    first = from_.empty() ? AddMonths(*last, 1 - kUsualMonths) : MonthNamed("--from", from_);
    if (!first.ok()) return first.status();
  }
  if (absl::Status set = SetMonths(*first, *last, months); !set.ok()) return set;
  if (absl::Status set = SetAsPublished(as_published_, months); !set.ok()) return set;
  for (const std::string& text : where_) {
    const auto label = LabelOf(text);
    if (!label.ok()) return label.status();
    question.where[label->first] = label->second;
  }
  return question;
}

absl::StatusOr<Request> FigureCommands::AskForVintages() const {
  v1::ListVintagesRequest request;
  if (!series_.empty()) {
    const absl::StatusOr<v1::Series> series = ParseWord<v1::Series>("--series", series_);
    if (!series.ok()) return series.status();
    request.set_series(*series);
  }
  if (!month_.empty()) {
    const absl::StatusOr<Month> month = MonthNamed("--month", month_);
    if (!month.ok()) return month.status();
    request.set_first(month_);
    request.set_last(month_);
  }
  return request;
}

absl::StatusOr<Request> FigureCommands::AskToRecompute() const {
  const absl::StatusOr<v1::Series> series = ParseWord<v1::Series>("--series", series_);
  if (!series.ok()) return series.status();
  const absl::StatusOr<Month> month = MonthNamed("--month", month_);
  if (!month.ok()) return month.status();
  v1::RecomputeVintageRequest request;
  request.set_series(*series);
  request.set_month(month_);
  request.set_number(vintage_);
  return request;
}

absl::StatusOr<Request> FigureCommands::AskForPanel(absl::Time now) const {
  const absl::StatusOr<v1::Series> series = ParseWord<v1::Series>("--series", series_);
  if (!series.ok()) return series.status();
  const absl::StatusOr<Month> month =
      month_.empty() ? AddMonths(MonthOf(now), -1) : MonthNamed("--month", month_);
  if (!month.ok()) return month.status();
  v1::GetMatchedPanelRequest request;
  request.set_series(*series);
  request.set_month(MonthText(*month));
  request.set_lag_months(lag_);
  if (absl::Status set = SetAsPublished(as_published_, request); !set.ok()) return set;
  return request;
}

absl::StatusOr<Request> FigureCommands::AskToExport() const {
  ExportQuestion question{.history_folder = history_, .only_history = only_history_};
  v1::MonthSelection& months = *question.request.mutable_months();
  question.of_telescopes = series_ == kDarknet;
  if (question.of_telescopes) {
    if (!only_history_) {
      return absl::InvalidArgumentError(
          "--series darknet: only what others published; add --history DIR --only-history. Measured years "
          "are "
          "at /metrics, and in `kansokuctl darknet figures`");
    }
  } else {
    const absl::StatusOr<v1::Series> series = ParseWord<v1::Series>("--series", series_);
    if (!series.ok()) return series.status();
    months.set_series(*series);
  }
  const absl::StatusOr<Month> first = MonthNamed("--from", from_);
  if (!first.ok()) return first.status();
  const absl::StatusOr<Month> last = MonthNamed("--to", to_);
  if (!last.ok()) return last.status();
  if (absl::Status set = SetMonths(*first, *last, months); !set.ok()) return set;
  if (absl::Status set = SetAsPublished(as_published_, months); !set.ok()) return set;
  return question;
}

}  // namespace kansoku::aggregator
