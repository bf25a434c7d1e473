// SPDX-License-Identifier: Apache-2.0
#include "collector/survey_list_file.h"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
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

// Fills the range; `last_seen` may be empty. What is wrong with one of them; empty if nothing is.
std::string ReadRange(std::string_view text, const std::string& last_seen, SurveyRange& range) {
  const absl::StatusOr<Prefix> prefix = ParseRange(text);
  if (!prefix.ok()) return std::string(prefix.status().message());
  range.prefix = *prefix;
  if (last_seen.empty()) return "";
  if (const std::string complaint = FormatComplaint(v1::FORMAT_DATE, last_seen); !complaint.empty())
    return absl::StrCat("last_seen \"", last_seen, "\": ", complaint);
  range.until_unix_ns = EndUnixNs(last_seen);
  return "";
}

absl::Status ReadCsv(const std::string& path, std::string_view text, std::vector<SurveyRange>& ranges) {
  std::vector<std::string> columns;
  for (CsvLines lines(text); lines.Next();) {
    const auto wrong = [&](const std::string& what) {
      return absl::InvalidArgumentError(absl::StrCat(path, ":", lines.number(), ": ", what));
    };
    const std::vector<std::string> fields = FieldsIn(lines.line());
    if (columns.empty()) {
      columns = fields;
      if (const std::string complaint = HeaderComplaint(columns); !complaint.empty()) return wrong(complaint);
      continue;
    }
    if (fields.size() != columns.size()) {
      return wrong(absl::StrCat(fields.size(), " columns; the header has ", columns.size()));
    }
    std::string_view prefix;
    std::string last_seen;
    for (size_t i = 0; i < columns.size(); ++i) {
      if (columns[i] == kPrefix) prefix = fields[i];
      if (columns[i] == kLastSeen) last_seen = fields[i];
    }
    const std::string complaint = ReadRange(prefix, last_seen, ranges.emplace_back());
    if (!complaint.empty()) return wrong(complaint);
  }
  return absl::OkStatus();
}

// https://github.com/nict-csl/survey-scanner: [{"ip": "192.0.2.1", "scanner": "...", "last_seen":
// "2026-03-31"}]
absl::Status ReadNictJson(const std::string& path, const std::string& text,
                          std::vector<SurveyRange>& ranges) {
  constexpr char kExpected[] =
      "expected a list of objects with ip, scanner and last_seen, as NICT publishes it";
  nlohmann::json list;
  try {
    list = nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": is no JSON: ", error.what()));
  }
  if (!list.is_array()) return absl::InvalidArgumentError(absl::StrCat(path, ": ", kExpected));
  for (size_t i = 0; i < list.size(); ++i) {
    const auto wrong = [&](const std::string& what) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": entry ", i + 1, ": ", what));
    };
    const auto has_text = [&](const char* key) { return list[i].contains(key) && list[i][key].is_string(); };
    if (!list[i].is_object() || !has_text("ip") || !has_text("last_seen")) return wrong(kExpected);
    const std::string complaint =
        ReadRange(list[i]["ip"].get_ref<const std::string&>(),
                  list[i]["last_seen"].get_ref<const std::string&>(), ranges.emplace_back());
    if (!complaint.empty()) return wrong(complaint);
  }
  return absl::OkStatus();
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
  const absl::Status status =
      path.ends_with(".json") ? ReadNictJson(path, *text, ranges) : ReadCsv(path, *text, ranges);
  if (!status.ok() || ranges.size() > before) return status;
  return absl::InvalidArgumentError(absl::StrCat(path, ": holds no range; a list has at least one"));
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
    for (SurveyRange& range : listing.ranges) {
      if (range.until_unix_ns == std::numeric_limits<int64_t>::max()) continue;
      range.until_unix_ns += absl::ToInt64Nanoseconds(absl::Hours(24) * list.days_after_last_seen());
    }
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
