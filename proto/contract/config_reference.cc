// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/config_reference.h"

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "proto/contract/config_rule.h"

namespace kansoku {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

std::string AcceptedText(v1::Format format) {
  switch (format) {
    case v1::FORMAT_NAME:
      return "a name";
    case v1::FORMAT_PREFIX:
      return "an address range";
    case v1::FORMAT_HOST_PORT:
      return "host:port";
    case v1::FORMAT_TIME:
      return "a time (RFC 3339)";
    case v1::FORMAT_MONTH:
      return "a month (2024-11)";
    case v1::FORMAT_QUARTER:
      return "a quarter's last month (2024-09)";
    case v1::FORMAT_DATE:
      return "a date (2024-11-01)";
    case v1::FORMAT_SHARE:
      return "a decimal above 0, at most 1";
    default:
      return "text";
  }
}

std::string Accepted(const FieldDescriptor& field) {
  const v1::Rule& rule = RuleOf(field);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return "true, false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return AcceptedLabels(*field.enum_type());
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return rule.max() == 0 ? "a whole number" : absl::StrCat(rule.min(), " to ", rule.max());
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return field.is_repeated() ? "a list" : "a section";
    default:
      return AcceptedText(rule.format());
  }
}

std::string Default(const FieldDescriptor& field) {
  const v1::Rule& rule = RuleOf(field);
  if (rule.required()) return "**required**";
  return rule.default_value().empty() ? "" : absl::StrCat("`", rule.default_value(), "`");
}

// The comment on one line; a bar would end the table's cell.
std::string Meaning(const FieldDescriptor& field) {
  google::protobuf::SourceLocation location;
  field.GetSourceLocation(&location);
  std::string comment = location.leading_comments;
  absl::RemoveExtraAsciiWhitespace(&comment);
  std::string cell;
  for (const char c : comment)
    absl::StrAppend(&cell, c == '|' ? "\\" : "", std::string(1, c == '\n' ? ' ' : c));
  if (RuleOf(field).reloads()) absl::StrAppend(&cell, " *Taken on SIGHUP.*");
  return cell;
}

void AppendRows(const Descriptor& type, const std::string& path, std::string& page) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const std::string key = absl::StrCat(path, field.name(), field.is_repeated() ? "[]" : "");
    absl::StrAppend(&page, "| `", key, "` | ", Accepted(field), " | ", Default(field), " | ", Meaning(field),
                    " |\n");
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE)
      AppendRows(*field.message_type(), key + ".", page);
  }
}

}  // namespace

std::string ConfigReferenceMarkdown(const Descriptor& config) {
  std::string page = "| key | accepts | default | meaning |\n| --- | --- | --- | --- |\n";
  AppendRows(config, "", page);
  return page;
}

}  // namespace kansoku
