// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/name.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace kansoku {

bool IsName(std::string_view text) {
  constexpr size_t kMaxNameLength = 63;
  const auto may_begin = [](char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c); };
  const auto may_follow = [&](char c) { return may_begin(c) || c == '-' || c == '_' || c == '.'; };
  return !text.empty() && text.size() <= kMaxNameLength && may_begin(text.front()) &&
         std::all_of(text.begin(), text.end(), may_follow);
}

}  // namespace kansoku
