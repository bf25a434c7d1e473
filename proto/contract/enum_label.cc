// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/enum_label.h"

#include <cctype>
#include <string_view>

namespace kansoku {

std::string EnumLabel(const google::protobuf::EnumValueDescriptor& value) {
  // The prefix is the enum's name in capitals: QualityFlag gives QUALITY_FLAG_.
  size_t prefix = 0;
  for (const char c : value.type()->name()) {
    prefix += prefix > 0 && std::isupper(static_cast<unsigned char>(c)) ? 2 : 1;
  }
  std::string label(std::string_view(value.name()).substr(prefix + 1));
  for (char& c : label) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return label;
}

}  // namespace kansoku
