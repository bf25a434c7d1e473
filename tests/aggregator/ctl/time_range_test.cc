// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/time_range.h"

#include <gtest/gtest.h>

#include <utility>

namespace kansoku::aggregator {
namespace {

constexpr int64_t kNow = 1'730'419'207;  // 2024-11-01T00:00:07Z
constexpr int64_t kMidnight = 1'730'419'200;

using Edges = std::pair<int64_t, int64_t>;

absl::StatusOr<v1::TimeRange> Range(const TimeRangeText& text, uint32_t step_seconds = 0) {
  return ToTimeRange(text, step_seconds, absl::FromUnixSeconds(kNow));
}

Edges EdgesOf(const TimeRangeText& text, uint32_t step_seconds = 0) {
  const auto range = Range(text, step_seconds);
  EXPECT_EQ(range.status(), absl::OkStatus());
  return range.ok() ? Edges{range->start_unix_seconds(), range->end_unix_seconds()} : Edges{-1, -1};
}

std::string Complaint(const TimeRangeText& text) {
  const auto range = Range(text);
  EXPECT_EQ(range.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(range.status().message());
}

TEST(ParseSeconds, TakesEveryUnit) {
  for (const auto& [text, seconds] :
       std::initializer_list<std::pair<const char*, uint32_t>>{{"1", 1},
                                                               {"300", 300},
                                                               {"90s", 90},
                                                               {"5m", 300},
                                                               {"1h", 3600},
                                                               {"30d", 2'592'000},
                                                               {"3653d", 315'619'200}}) {
    const auto parsed = ParseSeconds(text);
    ASSERT_EQ(parsed.status(), absl::OkStatus()) << text;
    EXPECT_EQ(*parsed, seconds) << text;
  }
}

TEST(ParseSeconds, RefusesEverythingElse) {
  for (const char* bad : {"", "0", "0s", "-5m", "+5m", "5 m", " 5m", "1.5h", "h", "5w", "5M", "1h30m",
                          "3654d", "99999999999999999999", "9223372036854775807d", "five"}) {
    EXPECT_EQ(ParseSeconds(bad).status().code(), absl::StatusCode::kInvalidArgument) << bad;
  }
  EXPECT_EQ(ParseSeconds("1w").status().message(),
            "\"1w\": expected a time span such as 90s, 5m, 1h or 30d, up to ten years");
}

TEST(ParseTime, TakesEveryForm) {
  for (const auto& [text, seconds] :
       std::initializer_list<std::pair<const char*, int64_t>>{{"2024-11-01", kMidnight},
                                                              {"2024-11-01T00:00:00Z", kMidnight},
                                                              {"2024-11-01T09:00:00+09:00", kMidnight},
                                                              {"1730419200", kMidnight},
                                                              {"0", 0},
                                                              {"1970-01-01", 0},
                                                              {"9999-12-31", 253'402'214'400}}) {
    const auto parsed = ParseTime(text);
    ASSERT_EQ(parsed.status(), absl::OkStatus()) << text;
    EXPECT_EQ(*parsed, absl::FromUnixSeconds(seconds)) << text;
  }
}

TEST(ParseTime, RefusesEverythingElse) {
  for (const char* bad : {"", "now", "yesterday", "-1", "2024-13-01", "2024-02-30", "2024-11-01 00:00:00",
                          "2024-11-01T00:00:00", "2024-11", "01/11/2024", "1969-12-31", "10000-01-01",
                          "253402300800", "infinite-future", "infinite-past", "1.5"}) {
    EXPECT_EQ(ParseTime(bad).status().code(), absl::StatusCode::kInvalidArgument) << bad;
  }
  EXPECT_EQ(ParseTime("soon\x1b").status().message(),
            "\"soon\\x1b\": expected a time such as 2024-11-01, 2024-11-01T00:00:00+09:00 or 1730419200, "
            "from 1970 to 9999");
}

TEST(ToTimeRange, IsTheLastHourIfNothingIsSaid) {
  EXPECT_EQ(EdgesOf({}), Edges(kMidnight - 3600, kMidnight));
}

TEST(ToTimeRange, EndsTheLastSpanAtThePassedEdge) {
  EXPECT_EQ(EdgesOf({.last = "20s"}), Edges(kMidnight - 20, kMidnight));
  EXPECT_EQ(EdgesOf({.last = "15s"}), Edges(kMidnight - 20, kMidnight));
  EXPECT_EQ(EdgesOf({.last = "1h"}, 300), Edges(kMidnight - 3600, kMidnight));
  EXPECT_EQ(EdgesOf({.last = "1h"}, 7), Edges(1'730'415'596, 1'730'419'201));
}

TEST(ToTimeRange, WidensFromAndToToTheEdgesAroundThem) {
  EXPECT_EQ(EdgesOf({.from = "1730415601", .to = "1730415611"}), Edges(1'730'415'600, 1'730'415'620));
  EXPECT_EQ(EdgesOf({.from = "1730415600", .to = "1730415610"}), Edges(1'730'415'600, 1'730'415'610));
  EXPECT_EQ(EdgesOf({.from = "1730415601", .to = "1730415611"}, 300), Edges(1'730'415'600, 1'730'415'900));
  EXPECT_EQ(EdgesOf({.from = "2024-10-31T23:59:59Z", .to = "2024-11-01T00:00:00.5Z"}, 1),
            Edges(kMidnight - 1, kMidnight + 1));
}

TEST(ToTimeRange, EndsNowWithoutTo) {
  EXPECT_EQ(EdgesOf({.from = "1730419190"}), Edges(kMidnight - 10, kMidnight + 10));
}

TEST(ToTimeRange, KeepsTheEdgesOfOldTimes) {
  EXPECT_EQ(EdgesOf({.from = "2000-01-01T00:00:01Z", .to = "2000-01-01T00:00:02Z"}),
            Edges(946'684'800, 946'684'810));
}

TEST(ToTimeRange, MovesALongLastSpanToEdgesOfTheRollups) {
  const auto at = [](int64_t now, const char* last, uint32_t step_seconds) {
    const auto range = ToTimeRange({.last = last}, step_seconds, absl::FromUnixSeconds(now));
    EXPECT_EQ(range.status(), absl::OkStatus());
    return Edges(range->start_unix_seconds() - kMidnight, range->end_unix_seconds() - kMidnight);
  };
  EXPECT_EQ(at(kMidnight + 3599, "1d", 0), Edges(3590 - 86'400, 3590));
  EXPECT_EQ(at(kMidnight + 3599, "2d", 0), Edges(3300 - 172'800, 3300));
  EXPECT_EQ(at(kMidnight + 3599, "61d", 0), Edges(-5'270'400, 0));
  EXPECT_EQ(at(kMidnight + 3599, "61d", 10), Edges(3590 - 5'270'400, 3590)) << "a step is taken at its word";
}

TEST(ToTimeRange, HasTheEdgesOfTheWindowsBehindIt) {
  const auto at = [](const TimeRangeText& text, uint32_t step_seconds) {
    const auto range = ToTimeRange(text, step_seconds, absl::FromUnixSeconds(kNow), 60);
    EXPECT_EQ(range.status(), absl::OkStatus());
    return Edges(range->start_unix_seconds() - kMidnight, range->end_unix_seconds() - kMidnight);
  };
  EXPECT_EQ(at({.last = "90s"}, 0), Edges(-120, 0));
  EXPECT_EQ(at({.last = "2d"}, 0), Edges(-172'800, 0));
  EXPECT_EQ(at({.from = "1730419195", .to = "1730419205"}, 0), Edges(-60, 60));
  EXPECT_EQ(at({.last = "90s"}, 15), Edges(-90, 0)) << "a step is taken at its word";
}

TEST(EdgeSeconds, AreThoseOfThePointsThatHoldSomeOfTheRange) {
  v1::ListPointsResponse points;
  const auto add = [&](const char* name, uint32_t window_seconds, int64_t start, int64_t end) {
    v1::Point& point = *points.add_points();
    point.set_point(name);
    point.set_window_seconds(window_seconds);
    point.mutable_held()->set_start_unix_seconds(start);
    point.mutable_held()->set_end_unix_seconds(end);
  };
  add("fast", 10, 0, 1'000);
  add("odd", 15, 900, 2'000);
  add("gone", 300, 0, 600);
  v1::TimeRange range;
  range.set_start_unix_seconds(600);
  range.set_end_unix_seconds(1'200);
  EXPECT_EQ(EdgeSeconds(points, {}, range), 30u);
  EXPECT_EQ(EdgeSeconds(points, std::vector<std::string>{"odd"}, range), 15u);
  EXPECT_EQ(EdgeSeconds(points, std::vector<std::string>{"gone"}, range), 10u);
  range.set_end_unix_seconds(900);
  EXPECT_EQ(EdgeSeconds(points, {}, range), 10u);
}

TEST(ToTimeRange, NamesTheOptionThatIsWrong) {
  EXPECT_EQ(Complaint({.last = "soon"}),
            "--last: \"soon\": expected a time span such as 90s, 5m, 1h or 30d, up to ten years");
  EXPECT_EQ(Complaint({.last = "1h", .from = "0"}), "--last: cannot be given together with --from");
  EXPECT_EQ(Complaint({.to = "2024-11-01"}), "--to: give --from too");
  EXPECT_EQ(Complaint({.last = "1h", .to = "2024-11-01"}), "--to: give --from too");
  EXPECT_EQ(Complaint({.from = "x"}).substr(0, 11), "--from: \"x\"");
  EXPECT_EQ(Complaint({.from = "0", .to = "x"}).substr(0, 9), "--to: \"x\"");
  EXPECT_EQ(Complaint({.from = "2024-11-01", .to = "2024-11-01"}),
            "--from: 2024-11-01 is not before --to 2024-11-01");
  EXPECT_EQ(Complaint({.from = "2030-01-01"}), "--from: 2030-01-01 is not before now");
}

}  // namespace
}  // namespace kansoku::aggregator
