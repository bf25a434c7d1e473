// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/doctor.h"

#include <vector>

#include "aggregator/ctl/ask.h"
#include "aggregator/ctl/http_get.h"
#include "aggregator/ctl/judge_collectors.h"
#include "aggregator/ctl/judge_prometheus.h"
#include "aggregator/ctl/judge_reach.h"
#include "aggregator/ctl/judge_windows.h"
#include "aggregator/ctl/reach.h"
#include "aggregator/ctl/render_doctor.h"
#include "aggregator/ctl/time_range.h"

namespace kansoku::aggregator {
namespace {

constexpr char kNotReached[] = "the aggregator was not reached";
constexpr char kNotAsked[] = "not asked for";
constexpr char kLatest[] = "10m";

bool IsDenied(const absl::Status& status) {
  return absl::IsPermissionDenied(status) || absl::IsUnauthenticated(status);
}

// The flags of the last minutes' windows. A regulator is told of whole hours only, and of no single point.
absl::StatusOr<v1::GetTrafficResponse> AskForLatest(const Server& server,
                                                    const v1::ListPointsResponse& points, absl::Time now) {
  const TimeRangeText last{.last = kLatest};
  const absl::StatusOr<v1::TimeRange> around = ToTimeRange(last, 0, now);
  if (!around.ok()) return around.status();
  const absl::StatusOr<v1::TimeRange> range = ToTimeRange(last, 0, now, EdgeSeconds(points, {}, *around));
  if (!range.ok()) return range.status();
  TrafficQuestion question;
  *question.request.mutable_range() = *range;
  question.request.add_by(v1::DIMENSION_POINT);
  return Ask(server, question);
}

AggregatorAnswers AskAggregator(const Server& server, absl::Time now) {
  AggregatorAnswers answers;
  answers.takes_reports = TakesReports(server);
  answers.points = Ask(server, v1::ListPointsRequest());
  answers.ledger = Ask(server, v1::GetLedgerRequest());
  answers.vintages = Ask(server, v1::ListVintagesRequest());
  if (answers.points.ok()) answers.latest = AskForLatest(server, *answers.points, now);
  return answers;
}

PrometheusAnswers AskPrometheus(const Server& server, const std::string& url) {
  return {.instances = HttpGet(server, url, "/api/v1/query?query=kansoku_build_info"),
          .targets = HttpGet(server, url, "/api/v1/targets?state=active"),
          .rules = HttpGet(server, url, "/api/v1/rules")};
}

void JudgeLedger(const AggregatorAnswers& answers, absl::Time now, std::vector<Stage>& stages) {
  if (!answers.ledger.ok()) {
    for (const char* name : {"collectors", "capture", "delivery", "clock"}) {
      stages.push_back(NotAnswered(name, answers.ledger.status()));
    }
    return;
  }
  stages.push_back(JudgeCollectors(*answers.ledger, now));
  stages.push_back(JudgeCapture(*answers.ledger, answers.latest));
  stages.push_back(JudgeDelivery(*answers.ledger, answers.points.value_or(v1::ListPointsResponse())));
  stages.push_back(JudgeClock(*answers.ledger));
}

void JudgeHeld(const AggregatorAnswers& answers, const HttpAnswer& metrics, absl::Time now,
               std::vector<Stage>& stages) {
  stages.push_back(answers.points.ok() ? JudgePoints(*answers.points, now)
                                       : NotAnswered("points", answers.points.status()));
  stages.push_back(answers.ledger.ok() ? JudgeQuarantine(*answers.ledger)
                                       : NotAnswered("quarantine", answers.ledger.status()));
  stages.push_back(
      answers.vintages.ok()
          ? JudgeFigures(*answers.vintages, answers.points.value_or(v1::ListPointsResponse()), metrics, now)
          : NotAnswered("figures", answers.vintages.status()));
}

}  // namespace

Answer Examine(const Question& question, const DoctorQuestion& asked, absl::Time now) {
  const Server& server = question.server;
  std::vector<Stage> stages;
  HttpAnswer metrics{.status = 0, .body = "", .error = kNotAsked};
  if (!asked.metrics.empty()) metrics = HttpGet(server, asked.metrics, "/metrics");

  AggregatorAnswers answers;
  Reached reached = Reach(server);
  if (reached.answer.ok() && reached.connection.ok() && reached.name.ok()) {
    answers = AskAggregator(server, now);
    if (IsDenied(answers.points.status())) reached.role = answers.points.status();
  }
  stages.push_back(JudgeReach(server, reached));
  if (stages.back().verdict == Verdict::kBroken) {
    for (const char* name :
         {"store", "collectors", "capture", "delivery", "clock", "points", "quarantine", "figures"}) {
      stages.push_back(Skipped(name, kNotReached));
    }
  } else {
    stages.push_back(JudgeStore(answers.takes_reports));
    JudgeLedger(answers, now, stages);
    JudgeHeld(answers, metrics, now, stages);
  }
  stages.push_back(asked.metrics.empty() ? Skipped("metrics", kNotAsked)
                                         : JudgeMetrics(asked.metrics, metrics, answers.points, now));
  stages.push_back(asked.prometheus.empty() ? Skipped("prometheus", kNotAsked)
                                            : JudgePrometheus(asked.prometheus, asked.metrics,
                                                              AskPrometheus(server, asked.prometheus), now));
  return {DoctorText(question.format, stages), FirstBroken(stages)};
}

}  // namespace kansoku::aggregator
