// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/answer.h"

#include <google/protobuf/util/json_util.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "aggregator/ctl/ask.h"
#include "aggregator/ctl/doctor.h"
#include "aggregator/ctl/export.h"
#include "aggregator/ctl/over_time.h"
#include "aggregator/ctl/publish.h"
#include "aggregator/ctl/render_darknet.h"
#include "aggregator/ctl/render_figures.h"
#include "aggregator/ctl/render_flows.h"
#include "aggregator/ctl/render_ledger.h"
#include "aggregator/ctl/render_months.h"
#include "aggregator/ctl/render_panel.h"
#include "aggregator/ctl/render_points.h"
#include "aggregator/ctl/render_quarantine.h"
#include "aggregator/ctl/render_records.h"
#include "aggregator/ctl/render_telescope.h"
#include "aggregator/ctl/render_traffic.h"
#include "aggregator/ctl/render_vintages.h"
#include "aggregator/ctl/top.h"

namespace kansoku::aggregator {
namespace {

absl::StatusOr<std::string> ToJson(const google::protobuf::Message& response) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(response, &json, options);
  if (!status.ok()) return absl::InternalError(absl::StrCat("the answer is no JSON: ", status.ToString()));
  return json + "\n";
}

absl::StatusOr<std::string> ToJson(const v1::ListFlowRecordsResponse& response) {
  const absl::StatusOr<std::string> json = ToJson(static_cast<const google::protobuf::Message&>(response));
  if (!json.ok()) return json;
  return WithAddressText(*json, response);
}

template <typename Asked, typename Response>
absl::StatusOr<std::string> Print(Format format, const Asked& request, const Response& response) {
  if (format == Format::kJson) return ToJson(response);
  return format == Format::kCsv ? ToCsv(request, response) : ToText(request, response);
}

// Problems that an answer shows. Most show none.
template <typename Asked, typename Response>
std::vector<std::string> Problems(const Question&, const Asked&, absl::Time, const Response&) {
  return {};
}

std::vector<std::string> Problems(const Question& question, const v1::ListPointsRequest&, absl::Time now,
                                  const v1::ListPointsResponse& response) {
  if (!question.silent_after_seconds) return {};
  return SilentPoints(response, now - absl::Seconds(*question.silent_after_seconds));
}

std::vector<std::string> Problems(const Question&, const v1::GetLedgerRequest&, absl::Time,
                                  const v1::GetLedgerResponse& response) {
  return ViolatedIdentities(response);
}

std::vector<std::string> Problems(const Question&, const MonthsQuestion& asked, absl::Time,
                                  const v1::GetFiguresResponse& response) {
  return MissingMonths(asked.request.months(), response);
}

std::vector<std::string> Problems(const Question&, const TelescopeQuestion& asked, absl::Time,
                                  const v1::GetFiguresResponse& response) {
  return MissingDays(asked, response);
}

std::vector<std::string> Problems(const Question&, const v1::RecomputeVintageRequest&, absl::Time,
                                  const v1::RecomputeVintageResponse& response) {
  return Differences(response);
}

// Most answers are of one time.
template <typename Asked, typename Response>
std::string OverTime(const Asked&, const Response&) {
  return "";
}

v1::TimeRange* RangeOf(TrafficQuestion& question) { return question.request.mutable_range(); }
v1::TimeRange* RangeOf(FlowsQuestion& question) { return question.request.mutable_range(); }
v1::TimeRange* RangeOf(v1::GetDarknetRequest& request) { return request.mutable_range(); }
v1::TimeRange* RangeOf(v1::GetFiguresRequest& request) { return request.mutable_range(); }
template <typename Other>
v1::TimeRange* RangeOf(Other&) {
  return nullptr;
}

std::vector<std::string> PointsOf(const v1::GetTrafficRequest& request) {
  return {request.points().begin(), request.points().end()};
}
std::vector<std::string> PointsOf(const TrafficQuestion& question) { return PointsOf(question.request); }
std::vector<std::string> PointsOf(const FlowsQuestion& question) { return PointsOf(question.request); }
template <typename Other>
std::vector<std::string> PointsOf(const Other&) {
  return {};
}

// Moves the edges of a range to those of the windows behind it, which only the aggregator knows.
template <typename Asked>
absl::Status MoveEdges(const Question& question, absl::Time now, Asked& request) {
  v1::TimeRange* const range = RangeOf(request);
  if (range == nullptr || !question.times) return absl::OkStatus();
  const auto points = Ask(question.server, v1::ListPointsRequest());
  if (!points.ok()) return points.status();
  const auto moved = ToTimeRange(*question.times, 0, now, EdgeSeconds(*points, PointsOf(request), *range));
  if (moved.ok()) *range = *moved;
  return moved.status();
}

template <typename Asked>
absl::StatusOr<Answer> AnswerTo(const Question& question, absl::Time now, Asked request) {
  if (absl::Status moved = MoveEdges(question, now, request); !moved.ok()) return moved;
  const auto response = Ask(question.server, request);
  if (!response.ok()) return response.status();
  absl::StatusOr<std::string> text = Print(question.format, request, *response);
  if (!text.ok()) return text.status();
  if (question.on_terminal && question.format == Format::kTable) *text += OverTime(request, *response);
  return Answer{*std::move(text), Problems(question, request, now, *response)};
}

absl::StatusOr<Answer> AnswerTo(const Question& question, absl::Time, const PublishQuestion& publication) {
  absl::StatusOr<std::string> text = Publish(question.server, publication);
  if (!text.ok()) return text.status();
  return Answer{*std::move(text), {}};
}

absl::StatusOr<Answer> AnswerTo(const Question& question, absl::Time, const ExportQuestion& asked) {
  return Export(question.server, asked);
}

absl::StatusOr<Answer> AnswerTo(const Question& question, absl::Time now, const DoctorQuestion& asked) {
  return Examine(question, asked, now);
}

absl::StatusOr<Answer> AnswerTo(const Question& question, absl::Time, const TopQuestion& asked) {
  return Top(question, asked);
}

}  // namespace

absl::StatusOr<Answer> AnswerTo(const Question& question, absl::Time now) {
  return std::visit([&](const auto& request) { return AnswerTo(question, now, request); }, question.request);
}

}  // namespace kansoku::aggregator
