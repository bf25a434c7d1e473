// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/config_rule.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "proto/contract/enum_label.h"
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
    default:
      return "";
  }
}

}  // namespace kansoku
