// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/ask.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "aggregator/ctl/figure_labels.h"
#include "kansoku/v1/admin.grpc.pb.h"
#include "kansoku/v1/query.grpc.pb.h"
#include "proto/contract/month.h"
#include "proto/transport/credentials.h"

namespace kansoku::aggregator {
namespace {

template <typename Service>
absl::StatusOr<std::unique_ptr<typename Service::Stub>> Connect(const Server& server) {
  const auto credentials = MakeChannelCredentials(server.tls.has_value() ? &*server.tls : nullptr);
  if (!credentials.ok()) return credentials.status();
  grpc::ChannelArguments arguments;
  // A proxy from the environment must not stand between two programs of one machine.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // A month of ten-second rows is larger than gRPC's 4 MiB.
  arguments.SetMaxReceiveMessageSize(std::numeric_limits<int>::max());
  return Service::NewStub(grpc::CreateCustomChannel(server.address, *credentials, arguments));
}

absl::Status Explain(const Server& server, const grpc::Status& status) {
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  switch (status.error_code()) {
    case grpc::StatusCode::OK:
      return absl::OkStatus();
    case grpc::StatusCode::UNAVAILABLE: {
      const std::string& message = status.error_message();
      const bool refused = absl::StrContains(message, "Connection refused");
      return absl::Status(
          code, absl::StrCat("cannot reach the aggregator at ", server.address, " (",
                             refused ? "connection refused" : message, "); is it running? see --aggregator",
                             server.tls.has_value() && absl::StrContains(message, "Socket closed")
                                 ? "; it may also refuse this certificate: its log would say so"
                                 : ""));
    }
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return absl::Status(code, absl::StrCat("the aggregator at ", server.address, " did not answer within ",
                                             server.timeout_seconds, " s; see --timeout"));
    default:
      return absl::Status(code, absl::StrCat("the aggregator at ", server.address, " answered ",
                                             absl::StatusCodeToString(code), ": ", status.error_message()));
  }
}

template <typename Service = v1::Query, typename Request, typename Response>
absl::StatusOr<Response> Call(const Server& server, const Request& request,
                              grpc::Status (Service::Stub::*rpc)(grpc::ClientContext*, const Request&,
                                                                 Response*)) {
  const absl::StatusOr<std::unique_ptr<typename Service::Stub>> stub = Connect<Service>(server);
  if (!stub.ok()) return stub.status();
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(server.timeout_seconds));
  Response response;
  const absl::Status status = Explain(server, (stub->get()->*rpc)(&context, request, &response));
  if (!status.ok()) return status;
  return response;
}

// A year of a series stays below what one answer may hold.
constexpr int kMonthsAtATime = 12;

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
  for (Month month = *first; !(*last < month); month = AddMonths(month, kMonthsAtATime)) {
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
