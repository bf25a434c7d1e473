// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/telescope_commands.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "aggregator/ctl/enum_word.h"
#include "proto/contract/day.h"
#include "proto/contract/month.h"

namespace kansoku::aggregator {
namespace {

struct View {
  const char* name;
  const char* help;
  std::vector<const char*> ids;  // none: every figure
};

const std::vector<View>& Views() {
  static const std::vector<View> views = {
      {"ports",
       "The ten leading ports: packets, and their share",
       {"darknet_port_share", "darknet_port_packets"}},
      {"hosts",
       "Different sources: of everything, without survey scanners, and of leading ports",
       {"darknet_port_hosts", "darknet_unique_hosts", "darknet_non_survey_hosts"}},
      {"categories", "What packets were after: IoT, HTTP, Windows, other", {"darknet_category_share"}},
      {"classes",
       "Packets by what they look like, and those that look odd",
       {"darknet_class_packets", "darknet_flagged_packets"}},
      {"scanners",
       "Survey scanners, scanning tools, and what could not be judged",
       {"darknet_survey_scan_share", "darknet_survey_sources", "darknet_tool_sources", "darknet_tool_packets",
        "darknet_unjudged_packets", "darknet_most_unjudged_of_one"}},
      {"victims",
       "Victims of floods whose answers arrived, and from what rate on a flood is noticed",
       {"darknet_victims", "darknet_backscatter_sources", "darknet_victim_packets",
        "darknet_detectable_flood_rate"}},
      {"prefixes",
       "For how long the addresses of each dark prefix were monitored; told to their owner alone",
       {"darknet_prefix_address_seconds"}},
      {"figures", "Every figure of the telescopes", {}},
  };
  return views;
}

constexpr char kDays[] =
    "Days are in Japan, and judged an hour after their end. One that was not, or that nobody measured, is\n"
    "missing from the windows that a figure says it has. Sources of several days do not add up: what counts\n"
    "them is of single days.\n"
    "Exit status: 0; 1 if there is no such figure or no answer came; 2 for bad use.";

absl::StatusOr<absl::CivilDay> DayNamed(const char* option, const std::string& text) {
  const absl::StatusOr<absl::CivilDay> day = ParseDay(text);
  if (day.ok()) return day;
  return absl::InvalidArgumentError(absl::StrCat(option, ": \"", absl::Utf8SafeCHexEscape(text),
                                                 "\": expected a day in Japan such as 2026-11-21"));
}

struct Days {
  absl::CivilDay first, last;
};

// From the first day of a month or year to the last before the next.
template <typename Span>
Days DaysOf(Span span) {
  return {absl::CivilDay(span), absl::CivilDay(span + 1) - 1};
}

absl::StatusOr<Days> DaysOfMonth(const std::string& text) {
  const absl::StatusOr<Month> month = ParseMonth(text);
  if (month.ok()) return DaysOf(absl::CivilMonth(month->year, month->month));
  return absl::InvalidArgumentError(absl::StrCat("--month: ", month.status().message()));
}

absl::StatusOr<Days> DaysOfYear(const std::string& text) {
  const absl::StatusOr<Month> january = ParseMonth(text + "-01");
  if (january.ok()) return DaysOf(absl::CivilYear(january->year));
  return absl::InvalidArgumentError(absl::StrCat("--year: \"", absl::Utf8SafeCHexEscape(text),
                                                 "\": expected a year in Japan such as 2026"));
}

absl::CivilDay LastJudged(absl::Time now) { return DayOf(now - absl::Hours(1)) - 1; }

absl::StatusOr<Days> DaysBetween(const std::string& from, const std::string& to, absl::Time now) {
  if (from.empty()) return absl::InvalidArgumentError("--to: needs --from, the first day");
  const absl::StatusOr<absl::CivilDay> first = DayNamed("--from", from);
  if (!first.ok()) return first.status();
  const absl::StatusOr<absl::CivilDay> last = to.empty() ? LastJudged(now) : DayNamed("--to", to);
  if (!last.ok()) return last.status();
  if (*last < *first) {
    return absl::InvalidArgumentError(absl::StrCat("--from: ", from, " is after --to ", DayText(*last)));
  }
  return Days{*first, *last};
}

absl::StatusOr<Days> OneDay(const std::string& text, absl::Time now) {
  const absl::StatusOr<absl::CivilDay> day = text.empty() ? LastJudged(now) : DayNamed("--day", text);
  if (!day.ok()) return day.status();
  return Days{*day, *day};
}

}  // namespace

TelescopeCommands::TelescopeCommands(CLI::App& darknet) : darknet_(darknet) {
  darknet.require_subcommand(0, 1);
  for (const View& view : Views()) {
    CLI::App* const command = darknet.add_subcommand(view.name, view.help);
    command->fallthrough();
    command->footer(kDays);
    CLI::Option* const day = command->add_option("--day", day_, "One day (the last that was judged)");
    CLI::Option* const month = command->add_option("--month", month_, "The days of a month: 2026-11");
    CLI::Option* const year = command->add_option("--year", year_, "The days of a year: 2026");
    CLI::Option* const from = command->add_option("--from", from_, "The first day of several");
    CLI::Option* const to =
        command->add_option("--to", to_, "The last of them, itself in it (the last that was judged)");
    for (CLI::Option* const option : {day, from, to}) option->type_name("DATE");
    month->type_name("MONTH");
    year->type_name("YEAR");
    day->excludes(month)->excludes(year)->excludes(from)->excludes(to);
    month->excludes(year)->excludes(from)->excludes(to);
    year->excludes(from)->excludes(to);
    command->add_option("--step", step_, "Figures of each day, month or year apart (of all days together)")
        ->type_name("WORD");
    command
        ->add_option(
            "--population", population_,
            "Of shares and ranks only those of all packets or hosts, or of those without survey scanners by "
            "behaviour (non_survey) or listed ones (non_listed) (each)")
        ->check(CLI::IsMember({"non_survey", "non_listed", "all"}));
  }
}

const CLI::App* TelescopeCommands::Said() const {
  const std::vector<const CLI::App*> said =
      darknet_.get_subcommands([](const CLI::App* command) { return command->parsed(); });
  return said.empty() ? nullptr : said.front();
}

absl::StatusOr<Request> TelescopeCommands::RequestOf(absl::Time now) const {
  const CLI::App& command = *Said();
  // What falls through to `darknet` is about its rows, and would be passed over.
  const std::vector<const CLI::Option*> others =
      darknet_.get_options([](const CLI::Option* any) { return any->count() > 0; });
  if (!others.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(others.front()->get_name(), ": not of darknet ", command.get_name(),
                     "; it asks for days, as kansokuctl darknet ", command.get_name(), " --help says"));
  }
  TelescopeQuestion question{.population = population_};
  v1::TelescopeSelection& telescope = *question.request.mutable_telescope();
  if (absl::Status set = SetDays(now, telescope); !set.ok()) return set;
  if (!step_.empty()) {
    const auto step = ParseWord<v1::TelescopeSelection::Step>("--step", step_);
    if (!step.ok()) return step.status();
    telescope.set_step(*step);
  } else if (!year_.empty()) {
    telescope.set_step(v1::TelescopeSelection::STEP_YEAR);
  }
  for (const View& view : Views()) {
    if (view.name != command.get_name()) continue;
    for (const char* const id : view.ids) telescope.add_ids(id);
  }
  return question;
}

absl::Status TelescopeCommands::SetDays(absl::Time now, v1::TelescopeSelection& telescope) const {
  absl::StatusOr<Days> days;
  if (!month_.empty()) {
    days = DaysOfMonth(month_);
  } else if (!year_.empty()) {
    days = DaysOfYear(year_);
  } else if (!from_.empty() || !to_.empty()) {
    days = DaysBetween(from_, to_, now);
  } else {
    days = OneDay(day_, now);
  }
  if (!days.ok()) return days.status();
  telescope.set_first_day(DayText(days->first));
  telescope.set_last_day(DayText(days->last));
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
