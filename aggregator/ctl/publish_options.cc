// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/publish_options.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "aggregator/ctl/enum_word.h"
#include "proto/contract/day.h"
#include "proto/contract/month.h"

namespace kansoku::aggregator {
namespace {

absl::Status CheckMonths(const PublishWords& words) {
  const absl::StatusOr<Month> from = ParseMonth(words.from);
  if (!from.ok()) return absl::InvalidArgumentError(absl::StrCat("--from: ", from.status().message()));
  if (words.to.empty()) return absl::OkStatus();
  const absl::StatusOr<Month> to = ParseMonth(words.to);
  if (!to.ok()) return absl::InvalidArgumentError(absl::StrCat("--to: ", to.status().message()));
  if (*to < *from) {
    return absl::InvalidArgumentError(absl::StrCat("--from: ", words.from, " is after --to ", words.to));
  }
  return absl::OkStatus();
}

// Of which each is published by itself.
constexpr int kLastDays = 7;

void AddTelescope(Month first, Month last, PublishQuestion& question) {
  const auto add = [&](int64_t start, int64_t end, v1::TelescopeSelection::Step step) {
    v1::TelescopeSelection& days = *question.telescope.emplace_back().mutable_telescope();
    days.set_first_day(DayText(DayOf(absl::FromUnixSeconds(start))));
    days.set_last_day(DayText(DayOf(absl::FromUnixSeconds(end - 1))));
    days.set_step(step);
    days.set_as_public(true);
  };
  // One at a time: each hour of each day is judged for an answer, and several months of a large telescope
  // would take longer than one may.
  for (Month month = first; !(last < month); month = AddMonths(month, 1)) {
    add(StartUnixSeconds(month), EndUnixSeconds(month), v1::TelescopeSelection::STEP_MONTH);
  }
  for (int year = first.year + (first.month > 1); year <= last.year - (last.month < 12); ++year) {
    add(StartUnixSeconds({year, 1}), EndUnixSeconds({year, 12}), v1::TelescopeSelection::STEP_YEAR);
  }
  const int64_t end = EndUnixSeconds(last);
  add(end - absl::ToInt64Seconds(kLastDays * absl::Hours(24)), end, v1::TelescopeSelection::STEP_DAY);
}

}  // namespace

void AddPublishOptions(CLI::App& command, PublishWords& words) {
  command.add_option("--out", words.out, "The site's folder; a site that is there is replaced")
      ->required()
      ->type_name("DIR");
  command.add_option("--series", words.series, "Only fixed or mobile (both)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("WORD");
  command.add_option("--from", words.from, "The first month, in Japan: 2024-11")
      ->required()
      ->type_name("MONTH");
  command.add_option("--to", words.to, "The last month, itself in it (that of --from)")->type_name("MONTH");
  command.add_option("--licence", words.licence, "pdl-1.0 or cc-by-4.0 (pdl-1.0)")
      ->check(CLI::IsMember({"pdl-1.0", "cc-by-4.0"}));
  command.add_option("--key", words.key, "Ed25519 private key (PEM) that signs the site")->type_name("FILE");
  command.add_option("--history", words.history, "Tables of what others published, drawn before the figures")
      ->type_name("DIR");
  command.add_option("--publisher-ja", words.publisher_ja, "Who publishes, in Japanese")
      ->required()
      ->type_name("NAME");
  command.add_option("--publisher-en", words.publisher_en, "Who publishes, in English")
      ->required()
      ->type_name("NAME");
  command.add_option("--contact", words.contact, "Whom to ask about the figures: a mail address or a URL")
      ->required()
      ->type_name("TEXT");
}

absl::StatusOr<PublishQuestion> ToQuestion(const PublishWords& words) {
  if (const absl::Status status = CheckMonths(words); !status.ok()) return status;
  PublishQuestion question;
  const std::vector<std::string> both = {"fixed", "mobile"};
  for (const std::string& word : words.series.empty() ? both : words.series) {
    const absl::StatusOr<v1::Series> series = ParseWord<v1::Series>("--series", word);
    if (!series.ok()) return series.status();
    v1::MonthSelection& months = *question.requests.emplace_back().mutable_months();
    months.set_series(*series);
    months.set_first(words.from);
    months.set_last(words.to);
  }
  const absl::StatusOr<Month> first = ParseMonth(words.from);
  const absl::StatusOr<Month> last = words.to.empty() ? first : ParseMonth(words.to);
  if (!first.ok() || !last.ok()) return first.ok() ? last.status() : first.status();
  AddTelescope(*first, *last, question);
  question.publisher.set_name_ja(words.publisher_ja);
  question.publisher.set_name_en(words.publisher_en);
  question.publisher.set_contact(words.contact);
  question.licence = words.licence.empty() ? "pdl-1.0" : words.licence;
  question.history_folder = words.history;
  question.key_path = words.key;
  question.out = words.out;
  return question;
}

}  // namespace kansoku::aggregator
