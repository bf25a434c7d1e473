// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/config_rule.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/month.h"
#include "proto/contract/name.h"

namespace kansoku {
namespace {

bool IsPort(std::string_view text) {
  if (text.empty() || text.size() > 5) return false;
  int port = 0;
  for (const char c : text) {
    if (!absl::ascii_isdigit(c)) return false;
    port = port * 10 + (c - '0');
  }
  return port <= 65535;
}

// Brackets are for IPv6 addresses, and only for them.
bool IsHost(std::string_view text) {
  if (text.empty()) return false;
  const bool bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
  if (bracketed) text = text.substr(1, text.size() - 2);
  for (const char c : text) {
    if (!absl::ascii_isgraph(c) || c == '[' || c == ']' || c == '/') return false;
  }
  return bracketed == (text.find(':') != std::string_view::npos);
}

bool IsHostPort(std::string_view text) {
  const size_t colon = text.rfind(':');
  return colon != std::string_view::npos && IsHost(text.substr(0, colon)) && IsPort(text.substr(colon + 1));
}

bool IsPrefix(std::string_view text) {
  const size_t slash = text.find('/');
  return slash != std::string_view::npos && slash > 0 && slash + 1 < text.size();
}

bool IsTime(std::string_view text) {
  absl::Time time;
  return absl::ParseTime(absl::RFC3339_full, std::string(text), &time, nullptr) &&
         time != absl::InfiniteFuture() && time != absl::InfinitePast();
}

std::string MonthComplaint(std::string_view text) {
  return ParseMonth(text).ok() ? "" : "expected a month such as 2024-11, from 1971-01 to 9998-12";
}

std::string QuarterComplaint(std::string_view text) {
  const absl::StatusOr<Month> month = ParseMonth(text);
  if (!month.ok()) return "expected the last month of a quarter, such as 2024-09";
  if (month->month % 3 == 0) return "";
  // The month after a quarter that has ended: the one that is meant most likely.
  return absl::StrCat("not the last month of a quarter; write ", MonthText(QuarterEndBefore(*month)));
}

// Parsing alone would take spaces, and years of any width.
bool IsDate(std::string_view text) {
  absl::CivilDay day;
  return ParseMonth(text.substr(0, 7)).ok() && absl::ParseCivilTime(std::string(text), &day) &&
         absl::FormatCivilTime(day) == text;
}

// "0.439", "1": digits around one point.
bool IsShare(std::string_view text) {
  constexpr size_t kMostCharacters = 20;
  const size_t whole = text.find_first_not_of("0123456789");
  const bool has_point = whole != std::string_view::npos;
  if (text.size() > kMostCharacters || (has_point && text[whole] != '.')) return false;
  const std::string_view fraction = has_point ? text.substr(whole + 1) : "";
  if (has_point && (fraction.empty() || fraction.find_first_not_of("0123456789") != fraction.npos))
    return false;
  const bool is_zero_fraction = fraction.find_first_not_of('0') == fraction.npos;
  const std::string_view integer = text.substr(0, whole);
  return integer == "0" ? !is_zero_fraction : integer == "1" && is_zero_fraction;
}

}  // namespace

const v1::Rule& RuleOf(const google::protobuf::FieldDescriptor& field) {
  return field.options().GetExtension(v1::rule);
}

std::string AcceptedLabels(const google::protobuf::EnumDescriptor& type) {
  std::vector<std::string> labels;
  for (int i = 0; i < type.value_count(); ++i) {
    std::string label = EnumLabel(*type.value(i));
    if (label != "unspecified") labels.push_back(std::move(label));
  }
  return absl::StrJoin(labels, ", ");
}

std::string FormatComplaint(v1::Format format, std::string_view text) {
  switch (format) {
    case v1::FORMAT_NAME:
      return IsName(text) ? "" : "expected a name: 1 to 63 of a-z 0-9 - _ . beginning with a letter or digit";
    case v1::FORMAT_PREFIX:
      return IsPrefix(text) ? "" : "expected an address range such as 192.0.2.0/24 or 2001:db8::/32";
    case v1::FORMAT_HOST_PORT:
      return IsHostPort(text) ? "" : "expected host and port, such as 127.0.0.1:50051 or [::1]:50051";
    case v1::FORMAT_TIME:
      return IsTime(text) ? "" : "expected a time such as 2024-11-01T00:00:00Z";
    case v1::FORMAT_MONTH:
      return MonthComplaint(text);
    case v1::FORMAT_QUARTER:
      return QuarterComplaint(text);
    case v1::FORMAT_DATE:
      return IsDate(text) ? "" : "expected a date such as 2024-11-01";
    case v1::FORMAT_SHARE:
      return IsShare(text) ? "" : "expected a decimal above 0 and at most 1, such as 0.439";
    default:
      return "";
  }
}

}  // namespace kansoku
