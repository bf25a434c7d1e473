// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace kansoku::aggregator {

// Where in a report something stands, "darknet[0].cells[3]", for a message that nearly never has to be
// written.
struct Place {
  const Place* in = nullptr;  // outlives this one
  absl::string_view field;
  int index = -1;  // in a repeated field
};

inline std::string Text(const Place& place) {
  std::string text = place.in == nullptr ? "" : Text(*place.in);
  absl::StrAppend(&text, place.field);
  if (place.index >= 0) absl::StrAppend(&text, "[", place.index, "]");
  return text;
}

// INVALID_ARGUMENT that says: the field, then what was found in it. Any thread.
template <typename... Parts>
absl::Status Wrong(const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(parts...));
}

template <typename... Parts>
absl::Status Wrong(const Place& where, const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(Text(where), parts...));
}

// A part is at most the whole that it is `of`.
inline absl::Status AtMost(const Place& where, absl::string_view field, uint64_t value, absl::string_view of,
                           uint64_t limit) {
  return value <= limit ? absl::OkStatus()
                        : Wrong(where, field, ": ", value, " is more than the ", limit, " of ", of);
}

}  // namespace kansoku::aggregator
