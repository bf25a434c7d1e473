// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/time_range.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "proto/contract/window.h"

namespace kansoku::aggregator {
namespace {

constexpr int64_t kDaySeconds = 86'400;
constexpr int64_t kMaxSpanSeconds = 3653 * kDaySeconds;
constexpr int64_t kYear10000UnixSeconds = 253'402'300'800;
constexpr char kDefaultLast[] = "1h";

absl::Status Bad(std::string_view text, std::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat("\"", absl::Utf8SafeCHexEscape(std::string(text)),
                                                 "\": expected ", std::string(expected)));
}

std::optional<int64_t> WholeNumber(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

int64_t SecondsOf(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return kHourSeconds;
    case 'd':
      return kDaySeconds;
    default:
      return 0;
  }
}

// How far apart the edges of the last `span_seconds` are without a step, chosen so that the rollups kept by
// default have them.
int64_t LastEdgeSeconds(uint32_t window_seconds, uint32_t span_seconds) {
  if (span_seconds <= kDaySeconds) return window_seconds;
  return span_seconds > 60 * kDaySeconds ? kHourSeconds : kFiveMinuteSeconds;
}

absl::Status Named(std::string_view option, const absl::Status& status) {
  return absl::InvalidArgumentError(absl::StrCat(std::string(option), ": ", status.message()));
}

v1::TimeRange Range(int64_t start, int64_t end) {
  v1::TimeRange range;
  range.set_start_unix_seconds(start);
  range.set_end_unix_seconds(end);
  return range;
}

}  // namespace

absl::StatusOr<uint32_t> ParseSeconds(std::string_view text) {
  constexpr std::string_view kExpected = "a time span such as 90s, 5m, 1h or 30d, up to ten years";
  if (text.empty()) return Bad(text, kExpected);
  const int64_t unit = SecondsOf(text.back());
  const std::optional<int64_t> count = WholeNumber(unit == 0 ? text : text.substr(0, text.size() - 1));
  const int64_t factor = unit == 0 ? 1 : unit;
  if (!count || *count < 1 || *count > kMaxSpanSeconds / factor) return Bad(text, kExpected);
  return static_cast<uint32_t>(*count * factor);
}

absl::StatusOr<absl::Time> ParseTime(std::string_view text) {
  absl::Time time;
  const std::string copy(text);
  const std::optional<int64_t> unix_seconds = WholeNumber(text);
  if (unix_seconds) {
    time = absl::FromUnixSeconds(*unix_seconds);
  } else if (!absl::ParseTime("%Y-%m-%d", copy, absl::UTCTimeZone(), &time, nullptr) &&
             !absl::ParseTime(absl::RFC3339_full, copy, &time, nullptr)) {
    time = absl::InfinitePast();
  }
  if (time < absl::UnixEpoch() || time >= absl::FromUnixSeconds(kYear10000UnixSeconds)) {
    return Bad(text, "a time such as 2024-11-01, 2024-11-01T00:00:00+09:00 or 1730419200, from 1970 to 9999");
  }
  return time;
}

uint32_t EdgeSeconds(const v1::ListPointsResponse& points, std::span<const std::string> names,
                     const v1::TimeRange& range) {
  uint32_t common = 0;
  for (const v1::Point& point : points.points()) {
    const bool is_asked =
        names.empty() || std::find(names.begin(), names.end(), point.point()) != names.end();
    const bool is_held = point.held().start_unix_seconds() < range.end_unix_seconds() &&
                         point.held().end_unix_seconds() > range.start_unix_seconds();
    if (!is_asked || !is_held || point.window_seconds() == 0) continue;
    common = common == 0 ? point.window_seconds() : std::lcm(common, point.window_seconds());
  }
  return common == 0 ? kUsualWindowSeconds : common;
}

absl::StatusOr<v1::TimeRange> ToTimeRange(const TimeRangeText& text, uint32_t step_seconds, absl::Time now,
                                          uint32_t window_seconds) {
  const int64_t now_seconds = absl::ToUnixSeconds(now);
  if (text.from.empty()) {
    if (!text.to.empty()) return absl::InvalidArgumentError("--to: give --from too");
    const absl::StatusOr<uint32_t> last = ParseSeconds(text.last.empty() ? kDefaultLast : text.last);
    if (!last.ok()) return Named("--last", last.status());
    const int64_t edge = step_seconds != 0 ? step_seconds : LastEdgeSeconds(window_seconds, *last);
    const int64_t end = FloorTo(now_seconds, edge);
    const int64_t start = end - CeilTo(*last, edge);
    if (start < 0) return absl::InvalidArgumentError("--last: begins before 1970");
    return Range(start, end);
  }
  if (!text.last.empty()) return absl::InvalidArgumentError("--last: cannot be given together with --from");
  const absl::StatusOr<absl::Time> from = ParseTime(text.from);
  if (!from.ok()) return Named("--from", from.status());
  const absl::StatusOr<absl::Time> to = text.to.empty() ? now : ParseTime(text.to);
  if (!to.ok()) return Named("--to", to.status());
  if (*from >= *to) {
    return absl::InvalidArgumentError(absl::StrCat("--from: ", text.from, " is not before ",
                                                   text.to.empty() ? "now" : absl::StrCat("--to ", text.to)));
  }
  const int64_t start = absl::ToUnixSeconds(*from);
  const int64_t edge = step_seconds != 0 ? step_seconds : window_seconds;
  // A fraction of a second belongs to the edge after it.
  const int64_t end = absl::ToUnixSeconds(*to + absl::Seconds(1) - absl::Nanoseconds(1));
  return Range(FloorTo(start, edge), CeilTo(end, edge));
}

}  // namespace kansoku::aggregator
