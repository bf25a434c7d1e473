// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/field_text.h"

#include <google/protobuf/descriptor.h>

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "proto/contract/config_rule.h"
#include "proto/contract/enum_label.h"

namespace kansoku {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Digits and nothing else: no sign, no space, no "1e3".
std::optional<uint64_t> WholeNumber(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string Quoted(const std::string& text) {
  return absl::StrCat("\"", absl::Utf8SafeCHexEscape(text), "\": ");
}

// The one value of a field, or one more of a list.
template <auto kSet, auto kAdd, typename Value>
void Put(Message& message, const FieldDescriptor& field, const Value& value) {
  const Reflection& reflection = *message.GetReflection();
  field.is_repeated() ? (reflection.*kAdd)(&message, &field, value)
                      : (reflection.*kSet)(&message, &field, value);
}

std::string SetNumber(const std::string& text, const FieldDescriptor& field, Message& message) {
  const v1::Rule& rule = RuleOf(field);
  const bool wide = field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64;
  const uint64_t max = rule.max() != 0 ? rule.max() : wide ? UINT64_MAX : UINT32_MAX;
  const std::optional<uint64_t> number = WholeNumber(text);
  if (!number || *number < rule.min() || *number > max) {
    return absl::StrCat(Quoted(text), "expected a whole number from ", rule.min(), " to ", max);
  }
  if (wide) {
    Put<&Reflection::SetUInt64, &Reflection::AddUInt64>(message, field, *number);
  } else {
    Put<&Reflection::SetUInt32, &Reflection::AddUInt32>(message, field, static_cast<uint32_t>(*number));
  }
  return "";
}

std::string SetEnum(const std::string& text, const FieldDescriptor& field, Message& message) {
  for (int i = 0; i < field.enum_type()->value_count() && text != "unspecified"; ++i) {
    const EnumValueDescriptor& value = *field.enum_type()->value(i);
    if (EnumLabel(value) != text) continue;
    Put<&Reflection::SetEnum, &Reflection::AddEnum>(message, field, &value);
    return "";
  }
  return absl::StrCat(Quoted(text), "expected one of ", AcceptedLabels(*field.enum_type()));
}

std::string SetText(const std::string& text, const FieldDescriptor& field, Message& message) {
  const v1::Rule& rule = RuleOf(field);
  if (text.empty() && rule.required()) return "must not be empty";
  if (const std::string complaint = FormatComplaint(rule.format(), text); !complaint.empty()) {
    return Quoted(text) + complaint;
  }
  Put<&Reflection::SetString, &Reflection::AddString>(message, field, text);
  return "";
}

}  // namespace

std::string SetFieldFromText(const std::string& text, const FieldDescriptor& field, Message& message) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "true" && text != "false") return Quoted(text) + "expected true or false";
      Put<&Reflection::SetBool, &Reflection::AddBool>(message, field, text == "true");
      return "";
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return SetNumber(text, field, message);
    case FieldDescriptor::CPPTYPE_ENUM:
      return SetEnum(text, field, message);
    case FieldDescriptor::CPPTYPE_STRING:
      return SetText(text, field, message);
    default:
      return absl::StrCat("no text is read into the type of ", field.full_name());
  }
}

}  // namespace kansoku
