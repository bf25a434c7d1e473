// SPDX-License-Identifier: Apache-2.0
#include "collector/survey_list_file.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "collector/csv_lines.h"
#include "collector/whole_file.h"
#include "proto/contract/config_rule.h"
#include "proto/contract/month.h"

namespace kansoku::collector {
namespace {

constexpr char kPrefix[] = "prefix", kLastSeen[] = "last_seen";
// The others are for who reads the file.
constexpr std::array<const char*, 4> kColumns = {kPrefix, "operator", "list_version", kLastSeen};

// What is wrong with the names of the columns; empty if nothing is.
std::string HeaderComplaint(const std::vector<std::string>& columns) {
  const std::string known = absl::StrCat("known columns are ", absl::StrJoin(kColumns, ", "));
  for (const std::string& column : columns) {
    if (std::find(kColumns.begin(), kColumns.end(), column) == kColumns.end()) {
      return absl::StrCat("unknown column \"", column, "\" in the header; ", known);
    }
    if (std::count(columns.begin(), columns.end(), column) > 1) {
      return absl::StrCat("the header has the column ", column, " twice; keep one");
    }
  }
  if (std::find(columns.begin(), columns.end(), kPrefix) != columns.end()) return "";
  return absl::StrCat("expected a header with the column prefix; ", known);
}

std::vector<std::string> FieldsIn(std::string_view line) {
  std::vector<std::string> fields;
  for (size_t left = FieldsOf(line); left > 0; --left) fields.emplace_back(TakeField(line));
  return fields;
}

// Such lists also name single addresses.
absl::StatusOr<Prefix> ParseRange(std::string_view text) {
  if (text.find('/') != std::string_view::npos) return ParsePrefix(text);
  return ParsePrefix(std::string(text) + (text.find(':') == std::string_view::npos ? "/32" : "/128"));
}

// The first instant after a day in Japan.
int64_t EndUnixNs(const std::string& day) {
  absl::CivilDay civil;
  absl::ParseCivilTime(day, &civil);
  return absl::ToUnixNanos(absl::FromCivil(civil + 1, absl::FixedTimeZone(kTokyoOffsetSeconds)));
}

// A time that was checked; `otherwise` where there is none.
int64_t UnixNsOr(const std::string& text, int64_t otherwise) {
  absl::Time time;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, nullptr)) return otherwise;
  return absl::ToUnixNanos(time);
}

}  // namespace

absl::Status ReadSurveyListFile(const std::string& path, std::vector<SurveyRange>& ranges) {
  const absl::StatusOr<std::string> text = ReadWholeFile(path, "darknet_sources.survey_lists");
  if (!text.ok()) return text.status();
  const size_t before = ranges.size();
  std::vector<std::string> columns;
  for (CsvLines lines(*text); lines.Next();) {
    std::string_view line = lines.line();
    const auto wrong = [&](const std::string& what) {
      return absl::InvalidArgumentError(absl::StrCat(path, ":", lines.number(), ": ", what));
    };
    if (columns.empty()) {
      columns = FieldsIn(line);
      if (const std::string complaint = HeaderComplaint(columns); !complaint.empty()) return wrong(complaint);
      continue;
    }
    if (FieldsOf(line) != columns.size()) {
      return wrong(absl::StrCat(FieldsOf(line), " columns; the header has ", columns.size()));
    }
    SurveyRange& range = ranges.emplace_back();
    for (const std::string& column : columns) {
      const std::string_view field = TakeField(line);
      if (column == kPrefix) {
        const absl::StatusOr<Prefix> prefix = ParseRange(field);
        if (!prefix.ok()) return wrong(std::string(prefix.status().message()));
        range.prefix = *prefix;
      } else if (column == kLastSeen && !field.empty()) {
        const std::string day(field);
        const std::string complaint = FormatComplaint(v1::FORMAT_DATE, day);
        if (!complaint.empty()) return wrong(absl::StrCat("last_seen \"", day, "\": ", complaint));
        range.until_unix_ns = EndUnixNs(day);
      }
    }
  }
  if (ranges.size() > before) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(path, ": holds no range; expected a header and ranges"));
}

absl::StatusOr<SurveyLists> ReadSurveyLists(const v1::DarknetSourceConfig& config, int64_t first_unix_ns) {
  std::vector<SurveyListing> listings;
  for (const v1::SurveyListConfig& list : config.survey_lists()) {
    SurveyListing& listing = listings.emplace_back();
    listing.name = list.name();
    listing.version = list.version();
    listing.from_unix_ns = UnixNsOr(list.valid_from(), listing.from_unix_ns);
    listing.until_unix_ns = UnixNsOr(list.valid_until(), listing.until_unix_ns);
    if (auto status = ReadSurveyListFile(list.path(), listing.ranges); !status.ok()) return status;
  }
  SurveyLists lists(listings);
  for (size_t i = 0; i < listings.size(); ++i) {
    const SurveyLists::List& list = lists.lists()[i];
    if (first_unix_ns < list.until_unix_ns) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        config.survey_lists(static_cast<int>(i)).path(), ": the list ", list.name, " ", list.version,
        " expired at ",
        absl::FormatTime(absl::RFC3339_sec, absl::FromUnixNanos(list.until_unix_ns), absl::UTCTimeZone()),
        "; give a newer version, or take it out of darknet_sources.survey_lists"));
  }
  return lists;
}

}  // namespace kansoku::collector
