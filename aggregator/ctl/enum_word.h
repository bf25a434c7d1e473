// SPDX-License-Identifier: Apache-2.0
//
// Words of the command line that are values of an enum. Any thread.
#pragma once

#include <google/protobuf/generated_enum_reflection.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {

// The value whose label is `word`. The enum's zero stands for "not set" in a request, so it cannot be asked
// for.
template <typename Enum>
absl::StatusOr<Enum> ParseWord(const std::string& option, const std::string& word) {
  const auto* type = google::protobuf::GetEnumDescriptor<Enum>();
  std::vector<std::string> accepted;
  for (int i = 0; i < type->value_count(); ++i) {
    if (type->value(i)->number() == 0) continue;
    accepted.push_back(EnumLabel(*type->value(i)));
    if (accepted.back() == word) return static_cast<Enum>(type->value(i)->number());
  }
  return absl::InvalidArgumentError(absl::StrCat(option, ": \"", absl::Utf8SafeCHexEscape(word),
                                                 "\": expected one of ", absl::StrJoin(accepted, ", ")));
}

}  // namespace kansoku::aggregator
