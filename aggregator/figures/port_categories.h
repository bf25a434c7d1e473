// SPDX-License-Identifier: Apache-2.0
//
// Which of the printed categories a port belongs to (METRICS 5.9). Constant data, read from a dated table.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "absl/status/statusor.h"

namespace kansoku::aggregator {

// The order of the printed chart. What is outside the ten leading ports is its fourth category.
enum class PortCategory { kIot, kHttp, kWindows };
std::string_view LabelOf(PortCategory category);  // "iot", "http", "windows"

class PortCategories {
 public:
  // CSV with the header protocol,port,category,also,valid_from,source: tcp or udp; a number; iot, http or
  // windows; another category that the port is used for too, or nothing; a date in Japan (2015-01-01) from
  // which on the row holds, until a later one of the same port. INVALID_ARGUMENT says file, line and what is
  // accepted.
  static absl::StatusOr<PortCategories> Parse(std::string_view text, std::string_view file);

  // Of a port on a day (2024-11-01); none: the table does not say.
  std::optional<PortCategory> Find(uint32_t protocol, uint32_t port, const std::string& day) const;

 private:
  std::map<std::tuple<uint32_t, uint32_t, std::string>, PortCategory> rows_;  // protocol, port, valid from
};

}  // namespace kansoku::aggregator
