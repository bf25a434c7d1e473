// SPDX-License-Identifier: Apache-2.0
//
// The one spelling of an enum value outside of C++: in configuration files, metric labels, tables and JSON.
// ACCESS_FIXED is "fixed", QUALITY_FLAG_FLOW_TABLE_FULL is "flow_table_full". Any thread.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/generated_enum_reflection.h>

#include <string>

namespace kansoku {

// Works on any generated enum whose values begin with the enum's own name, as in all of kansoku.v1.
std::string EnumLabel(const google::protobuf::EnumValueDescriptor& value);

// A value that this version does not know (from a newer peer) becomes its number.
template <typename Enum>
std::string EnumLabel(Enum value) {
  const auto* descriptor =
      google::protobuf::GetEnumDescriptor<Enum>()->FindValueByNumber(static_cast<int>(value));
  return descriptor == nullptr ? std::to_string(static_cast<int>(value)) : EnumLabel(*descriptor);
}

}  // namespace kansoku
