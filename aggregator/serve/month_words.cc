// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/month_words.h"

#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {

absl::StatusOr<Month> MonthNamed(const char* field, const std::string& text) {
  absl::StatusOr<Month> month = ParseMonth(text);
  if (month.ok()) return month;
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", month.status().message()));
}

absl::Status CheckSeries(v1::Series series) {
  if (series == v1::SERIES_FIXED || series == v1::SERIES_MOBILE) return absl::OkStatus();
  return absl::InvalidArgumentError("series: say which, fixed or mobile");
}

}  // namespace kansoku::aggregator
