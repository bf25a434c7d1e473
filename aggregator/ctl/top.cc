// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/top.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "aggregator/ctl/ask.h"
#include "aggregator/ctl/live_screen.h"
#include "aggregator/ctl/render_top.h"

namespace kansoku::aggregator {
namespace {

// That are drawn: five minutes of the usual windows.
constexpr int kSteps = 30;

// Up to the last window that every point has which is not behind by more than the steps of a rate.
v1::TimeRange RangeOf(const v1::ListPointsResponse& points, uint32_t step_seconds, absl::Time now) {
  int64_t latest = 0;
  for (const v1::Point& point : points.points()) {
    latest = std::max(latest, point.last_window().end_unix_seconds());
  }
  if (latest == 0) latest = absl::ToUnixSeconds(now);
  int64_t end = latest;
  for (const v1::Point& point : points.points()) {
    const int64_t its = point.last_window().end_unix_seconds();
    if (its > latest - int64_t{kStepsOfRate} * step_seconds) end = std::min(end, its);
  }
  end -= end % step_seconds;
  v1::TimeRange range;
  range.set_start_unix_seconds(end - int64_t{kSteps} * step_seconds);
  range.set_end_unix_seconds(end);
  return range;
}

absl::StatusOr<TopFrame> AskForFrame(const Server& server, absl::Time now) {
  TopFrame frame{.address = server.address, .now = now};
  absl::StatusOr<v1::ListPointsResponse> points = Ask(server, v1::ListPointsRequest());
  if (!points.ok()) return points.status();
  frame.points = *std::move(points);
  absl::StatusOr<v1::GetLedgerResponse> ledger = Ask(server, v1::GetLedgerRequest());
  if (!ledger.ok()) return ledger.status();
  frame.ledger = *std::move(ledger);

  frame.range = RangeOf(frame.points, kUsualWindowSeconds, now);
  frame.step_seconds = EdgeSeconds(frame.points, {}, frame.range);
  frame.range = RangeOf(frame.points, frame.step_seconds, now);
  TrafficQuestion question;
  *question.request.mutable_range() = frame.range;
  question.request.set_step_seconds(frame.step_seconds);
  for (const v1::Dimension by : {v1::DIMENSION_ISP, v1::DIMENSION_ACCESS, v1::DIMENSION_DIRECTION}) {
    question.request.add_by(by);
  }
  absl::StatusOr<v1::GetTrafficResponse> traffic = Ask(server, question);
  if (!traffic.ok()) return traffic.status();
  frame.traffic = *std::move(traffic);
  return frame;
}

TopOrder OrderAfter(char key, TopOrder order) {
  switch (key) {
    case 'r':
      return TopOrder::kRate;
    case 'n':
      return TopOrder::kName;
    case 'd':
      return TopOrder::kDrops;
    case 'l':
      return TopOrder::kLag;
    default:
      return order;
  }
}

void Watch(const Server& server, const TopQuestion& asked) {
  LiveScreen screen;
  std::optional<TopFrame> frame;
  LostPackets since;
  TopOrder order = asked.order;
  std::string complaint = absl::StrCat("asking ", server.address, " ...\n");
  const auto draw = [&] {
    screen.Draw(absl::StrCat(complaint, frame.has_value() ? TopText(*frame, order, since) : ""));
  };
  draw();
  while (true) {
    absl::StatusOr<TopFrame> next = AskForFrame(server, absl::Now());
    complaint = next.ok() ? "" : absl::StrCat(absl::string_view(next.status().message()), "\n");
    if (next.ok()) {
      if (!frame.has_value()) since = LostOf(next->ledger);
      frame = *std::move(next);
    }
    const absl::Time again = absl::Now() + absl::Seconds(asked.interval_seconds);
    do {
      draw();
      const std::optional<char> key = screen.WaitForKey(std::max(again - absl::Now(), absl::ZeroDuration()));
      if (key == 'q') return;
      if (key.has_value()) order = OrderAfter(*key, order);
    } while (absl::Now() < again);
  }
}

}  // namespace

absl::StatusOr<Answer> Top(const Question& question, const TopQuestion& asked) {
  if (question.on_terminal && !asked.once) {
    Watch(question.server, asked);
    return Answer{};
  }
  const absl::StatusOr<TopFrame> frame = AskForFrame(question.server, absl::Now());
  if (!frame.ok()) return frame.status();
  return Answer{TopText(*frame, asked.order, LostOf(frame->ledger)), {}};
}

}  // namespace kansoku::aggregator
