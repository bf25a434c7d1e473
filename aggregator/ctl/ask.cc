// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/ask.h"

#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "aggregator/ctl/channel.h"
#include "aggregator/ctl/figure_labels.h"
#include "kansoku/v1/admin.grpc.pb.h"
#include "kansoku/v1/query.grpc.pb.h"
#include "proto/contract/month.h"
#include "proto/terminal/progress.h"

namespace kansoku::aggregator {
namespace {

template <typename Service = v1::Query, typename Request, typename Response>
absl::StatusOr<Response> Call(const Server& server, const Request& request,
                              grpc::Status (Service::Stub::*rpc)(grpc::ClientContext*, const Request&,
                                                                 Response*)) {
  const absl::StatusOr<std::shared_ptr<grpc::Channel>> channel = OpenChannel(server);
  if (!channel.ok()) return channel.status();
  const auto stub = Service::NewStub(*channel);
  grpc::ClientContext context;
  SetDeadline(server, context);
  Response response;
  const absl::Status status = Explain(server, ((*stub).*rpc)(&context, request, &response));
  if (!status.ok()) return status;
  return response;
}

// A year of a series stays below what one answer may hold.
constexpr int kMonthsAtATime = 12;

uint64_t MonthsBetween(Month first, Month later) {
  return static_cast<uint64_t>(12 * (later.year - first.year) + later.month - first.month);
}

// Many months are asked for in parts.
absl::StatusOr<v1::GetFiguresResponse> CallForFigures(const Server& server,
                                                      const v1::GetFiguresRequest& request) {
  const absl::StatusOr<Month> first = ParseMonth(request.months().first());
  const absl::StatusOr<Month> last = ParseMonth(request.months().last());
  // Of a range or a single month; the aggregator says what is wrong with others.
  if (!first.ok() || !last.ok() || *last < *first) {
    return Call(server, request, &v1::Query::Stub::GetFigures);
  }
  v1::GetFiguresResponse all;
  const bool in_parts = !(*last < AddMonths(*first, kMonthsAtATime));
  Progress progress(STDERR_FILENO, absl::StrCat("asking for ", MonthText(*first), " to ", MonthText(*last)));
  for (Month month = *first; !(*last < month); month = AddMonths(month, kMonthsAtATime)) {
    if (in_parts)
      progress.Tell(MonthsBetween(*first, month), MonthsBetween(*first, AddMonths(*last, 1)), absl::Now());
    v1::GetFiguresRequest part = request;
    part.mutable_months()->set_first(MonthText(month));
    part.mutable_months()->set_last(MonthText(std::min(AddMonths(month, kMonthsAtATime - 1), *last)));
    const auto figures = Call(server, part, &v1::Query::Stub::GetFigures);
    if (!figures.ok()) return figures;
    all.MergeFrom(*figures);
  }
  return all;
}

}  // namespace

absl::StatusOr<v1::ListPointsResponse> Ask(const Server& server, const v1::ListPointsRequest& request) {
  return Call(server, request, &v1::Query::Stub::ListPoints);
}

absl::StatusOr<v1::GetTrafficResponse> Ask(const Server& server, const TrafficQuestion& question) {
  return Call(server, question.request, &v1::Query::Stub::GetTraffic);
}

absl::StatusOr<v1::GetTrafficResponse> Ask(const Server& server, const FlowsQuestion& question) {
  return Call(server, question.request, &v1::Query::Stub::GetTraffic);
}

absl::StatusOr<v1::GetDarknetResponse> Ask(const Server& server, const v1::GetDarknetRequest& request) {
  return Call(server, request, &v1::Query::Stub::GetDarknet);
}

absl::StatusOr<v1::GetFiguresResponse> Ask(const Server& server, const v1::GetFiguresRequest& request) {
  return CallForFigures(server, request);
}

absl::StatusOr<v1::GetFiguresResponse> Ask(const Server& server, const MonthsQuestion& question) {
  absl::StatusOr<v1::GetFiguresResponse> all = CallForFigures(server, question.request);
  if (!all.ok()) return all;
  return OnlyWhere(question.where, *std::move(all));
}

absl::StatusOr<v1::GetFiguresResponse> Ask(const Server& server, const TelescopeQuestion& question) {
  absl::StatusOr<v1::GetFiguresResponse> all = Call(server, question.request, &v1::Query::Stub::GetFigures);
  if (!all.ok() || question.population.empty()) return all;
  return OnlyOfPopulation(question.population, *std::move(all));
}

absl::StatusOr<v1::GetFiguresResponse> Ask(const Server& server, const ExportQuestion& question) {
  return CallForFigures(server, question.request);
}

absl::StatusOr<v1::ListFigureKindsResponse> Ask(const Server& server,
                                                const v1::ListFigureKindsRequest& request) {
  return Call(server, request, &v1::Query::Stub::ListFigureKinds);
}

absl::StatusOr<v1::ListVintagesResponse> Ask(const Server& server, const v1::ListVintagesRequest& request) {
  return Call(server, request, &v1::Query::Stub::ListVintages);
}

absl::StatusOr<v1::RecomputeVintageResponse> Ask(const Server& server,
                                                 const v1::RecomputeVintageRequest& request) {
  Progress progress(STDERR_FILENO, absl::StrCat("computing ", request.month(), " again"));
  progress.Tell(0, 0, absl::Now());  // how long it takes, only the aggregator could know
  return Call(server, request, &v1::Query::Stub::RecomputeVintage);
}

absl::StatusOr<v1::GetMatchedPanelResponse> Ask(const Server& server,
                                                const v1::GetMatchedPanelRequest& request) {
  return Call(server, request, &v1::Query::Stub::GetMatchedPanel);
}

absl::StatusOr<v1::GetLedgerResponse> Ask(const Server& server, const v1::GetLedgerRequest& request) {
  return Call(server, request, &v1::Query::Stub::GetLedger);
}

absl::StatusOr<v1::ListFlowRecordsResponse> Ask(const Server& server,
                                                const v1::ListFlowRecordsRequest& request) {
  v1::ListFlowRecordsRequest next = request;
  v1::ListFlowRecordsResponse all;
  while (true) {
    auto page = Call(server, next, &v1::Query::Stub::ListFlowRecords);
    if (!page.ok()) return page;
    uint32_t records = 0;
    for (v1::WindowReport& window : *page->mutable_windows()) {
      records += static_cast<uint32_t>(window.flow_records_size());
      *all.add_windows() = std::move(window);
    }
    all.set_next_page_token(page->next_page_token());
    next.set_page_token(page->next_page_token());
    if (next.page_token().empty() || records == 0) return all;
    if (request.page_size() == 0) continue;
    if (records >= next.page_size()) return all;
    next.set_page_size(next.page_size() - records);
  }
}

absl::StatusOr<v1::ListQuarantineResponse> Ask(const Server& server,
                                               const v1::ListQuarantineRequest& request) {
  v1::ListQuarantineRequest next = request;
  v1::ListQuarantineResponse all;
  do {
    auto page = Call<v1::Admin>(server, next, &v1::Admin::Stub::ListQuarantine);
    if (!page.ok()) return page;
    all.mutable_reports()->MergeFrom(page->reports());
    next.set_after_id(page->next_after_id());
  } while (next.after_id() != 0);
  return all;
}

absl::StatusOr<v1::QuarantinedReport> Ask(const Server& server, const v1::GetQuarantinedRequest& request) {
  return Call<v1::Admin>(server, request, &v1::Admin::Stub::GetQuarantined);
}

absl::StatusOr<v1::ListQuarantineResponse> Ask(const Server& server, const DecideQuestion& question) {
  v1::ListQuarantineResponse decided;
  for (const v1::DecideQuarantinedRequest& request : question.requests) {
    auto report = question.admit ? Call<v1::Admin>(server, request, &v1::Admin::Stub::AdmitQuarantined)
                                 : Call<v1::Admin>(server, request, &v1::Admin::Stub::DiscardQuarantined);
    if (!report.ok()) {
      return absl::Status(report.status().code(),
                          absl::StrCat("report ", request.id(), ": ", report.status().message(), "; ",
                                       decided.reports_size(), " before it were decided"));
    }
    *decided.add_reports() = *std::move(report);
  }
  return decided;
}

}  // namespace kansoku::aggregator
