// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/render_points.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "aggregator/ctl/quantity.h"
#include "aggregator/ctl/table.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {

std::string ToText(const v1::ListPointsRequest&, const v1::ListPointsResponse& response) {
  Table table{{{"point"},
               {"collector"},
               {"isp"},
               {"group"},
               {"window", Align::kRight},
               {"windows", Align::kRight},
               {"first (UTC)"},
               {"last ended (UTC)"}},
              {}};
  for (const v1::Point& point : response.points()) {
    const bool seen = point.has_last_window();
    table.rows.push_back({point.point(), point.collector(), point.isp(), EnumLabel(point.group()),
                          absl::StrCat(point.window_seconds(), " s"), Grouped(point.windows()),
                          seen ? UtcText(point.held().start_unix_seconds()) : "never",
                          seen ? UtcText(point.last_window().end_unix_seconds()) : "never"});
  }
  const auto has_region = [](const v1::Point& point) { return !point.region().empty(); };
  if (std::any_of(response.points().begin(), response.points().end(), has_region)) {
    table.columns.push_back({"region"});
    for (int i = 0; i < response.points_size(); ++i) table.rows[i].push_back(response.points(i).region());
  }
  return AlignedText(table);
}

std::string ToCsv(const v1::ListPointsRequest&, const v1::ListPointsResponse& response) {
  Table table{{{"point"},
               {"collector"},
               {"isp"},
               {"group"},
               {"window_seconds"},
               {"windows"},
               {"held_start"},
               {"held_end"},
               {"last_window_start"},
               {"last_window_end"},
               {"region"}},
              {}};
  for (const v1::Point& point : response.points()) {
    const auto time = [&](int64_t unix_seconds) {
      return point.has_last_window() ? Rfc3339Text(unix_seconds) : std::string();
    };
    table.rows.push_back({point.point(), point.collector(), point.isp(), EnumLabel(point.group()),
                          absl::StrCat(point.window_seconds()), absl::StrCat(point.windows()),
                          time(point.held().start_unix_seconds()), time(point.held().end_unix_seconds()),
                          time(point.last_window().start_unix_seconds()),
                          time(point.last_window().end_unix_seconds()), point.region()});
  }
  return CsvText(table);
}

std::vector<std::string> SilentPoints(const v1::ListPointsResponse& response, absl::Time heard_since) {
  std::vector<std::string> silent;
  for (const v1::Point& point : response.points()) {
    if (!point.has_last_window()) {
      silent.push_back(absl::StrCat("point ", point.point(), " is silent: no window ever came"));
    } else if (absl::FromUnixSeconds(point.last_window().end_unix_seconds()) < heard_since) {
      silent.push_back(absl::StrCat("point ", point.point(), " is silent: its last window ended ",
                                    UtcText(point.last_window().end_unix_seconds()), " UTC"));
    }
  }
  return silent;
}

}  // namespace kansoku::aggregator
