// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/flow_records_query.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "aggregator/figures/range_sum.h"

namespace kansoku::aggregator {
namespace {

// Where a page begins: with a report's record of this number.
struct PageStart {
  FlowRecordPlace place;
  int record = 0;
};

std::string ToToken(const PageStart& start) {
  return absl::StrCat(start.place.start_unix_seconds, ".", start.place.row, ".", start.record);
}

absl::StatusOr<PageStart> FromToken(const std::string& token) {
  PageStart start;
  if (token.empty()) return start;
  const std::vector<std::string> numbers = absl::StrSplit(token, '.');
  if (numbers.size() != 3 || !absl::SimpleAtoi(numbers[0], &start.place.start_unix_seconds) ||
      !absl::SimpleAtoi(numbers[1], &start.place.row) || !absl::SimpleAtoi(numbers[2], &start.record) ||
      start.record < 0) {
    return absl::InvalidArgumentError(
        "page_token: is none that an answer gave; begin without one, and then give next_page_token as it is");
  }
  return start;
}

}  // namespace

absl::StatusOr<v1::ListFlowRecordsResponse> ReadFlowRecords(const StoreReader& store,
                                                            const v1::ListFlowRecordsRequest& request) {
  const v1::TimeRange& range = request.range();
  if (range.start_unix_seconds() >= range.end_unix_seconds()) {
    return absl::InvalidArgumentError("the range is empty: its end must be after its start");
  }
  const absl::StatusOr<PageStart> first = FromToken(request.page_token());
  if (!first.ok()) return first.status();
  const std::vector<std::string> points(request.points().begin(), request.points().end());
  if (!points.empty()) {
    if (const auto known = SelectPoints(store, points); !known.ok()) return known.status();
  }
  uint32_t room =
      request.page_size() == 0 ? kMostRecordsOnAPage : std::min(request.page_size(), kMostRecordsOnAPage);

  v1::ListFlowRecordsResponse response;
  const auto visit = [&](FlowRecordPlace place, const v1::WindowReport& report) {
    const int from = place == first->place ? std::min(first->record, report.flow_records_size()) : 0;
    if (room == 0) {
      response.set_next_page_token(ToToken({place, from}));
      return false;
    }
    const int to = from + static_cast<int>(std::min<uint32_t>(room, report.flow_records_size() - from));
    if (from == to) return true;
    v1::WindowReport& window = *response.add_windows();
    window = report;
    window.mutable_flow_records()->DeleteSubrange(to, report.flow_records_size() - to);
    window.mutable_flow_records()->DeleteSubrange(0, from);
    room -= static_cast<uint32_t>(to - from);
    if (to == report.flow_records_size()) return true;
    response.set_next_page_token(ToToken({place, to}));
    return false;
  };
  const absl::Status scanned = store.ScanFlowRecords(range.start_unix_seconds(), range.end_unix_seconds(),
                                                     points, first->place, visit);
  if (!scanned.ok()) return scanned;
  return response;
}

}  // namespace kansoku::aggregator
