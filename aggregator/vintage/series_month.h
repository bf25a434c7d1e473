// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "kansoku/v1/statistics.pb.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {

// "fixed 2024-11", as messages and the audit trail name it.
inline std::string SeriesMonth(v1::Series series, const std::string& month) {
  return absl::StrCat(EnumLabel(series), " ", month);
}

// What is printed of a register's digest: enough to tell it from others by eye.
inline std::string ShortDigest(const std::string& digest) { return digest.substr(0, 12); }

}  // namespace kansoku::aggregator
