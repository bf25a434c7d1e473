// SPDX-License-Identifier: Apache-2.0
#include "tests/aggregator/every_rpc.h"

#include <chrono>

namespace kansoku::aggregator {
namespace {

using grpc::StatusCode;

std::string PointOf(Target target) { return target == kOwn ? "tokyo" : "osaka"; }

// The one report of a collector in quarantine: tokyo is fed first.
uint64_t QuarantinedOf(Target target) { return target == kOwn ? 1 : 2; }

template <typename Request, typename Response, typename Stub>
Ask Asking(grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*),
           std::function<Request(Target)> request) {
  return [rpc, request](const std::shared_ptr<grpc::Channel>& channel, Target target) {
    Stub stub(channel);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    Response response;
    const grpc::Status status = (stub.*rpc)(&context, request(target), &response);
    return Outcome{status.error_code(), status.error_message(), Timeless(response).DebugString()};
  };
}

// A report is decided once. Who learns that it is decided already might have decided.
Ask Deciding(grpc::Status (v1::Admin::Stub::*rpc)(grpc::ClientContext*, const v1::DecideQuarantinedRequest&,
                                                  v1::QuarantinedReport*)) {
  const Ask ask = Asking<v1::DecideQuarantinedRequest, v1::QuarantinedReport>(rpc, [](Target target) {
    v1::DecideQuarantinedRequest request;
    request.set_id(QuarantinedOf(target));
    request.set_by("whoever");
    return request;
  });
  return [ask](const std::shared_ptr<grpc::Channel>& channel, Target target) {
    Outcome outcome = ask(channel, target);
    if (outcome.code == StatusCode::FAILED_PRECONDITION) outcome.code = StatusCode::OK;
    return outcome;
  };
}

}  // namespace

Outcome Report(const std::shared_ptr<grpc::Channel>& channel, Target target) {
  v1::Hello hello = HelloOf("tokyo", "isp-a");
  hello.mutable_points(0)->set_point(PointOf(target));
  const grpc::Status status = Greet(channel, hello);
  return {status.error_code(), status.error_message(), ""};
}

std::map<std::string, Rpc> Rpcs() {
  const std::vector<Target> all = {kAll}, any = {kAll, kOwn, kForeign}, one = {kOwn, kForeign};
  return {
      {"kansoku.v1.Ingest.Report", {Report, {kOwn, kForeign}}},
      {"kansoku.v1.Query.ListPoints",
       {Asking<v1::ListPointsRequest, v1::ListPointsResponse>(&v1::Query::Stub::ListPoints,
                                                              [](Target) { return v1::ListPointsRequest(); }),
        all}},
      {"kansoku.v1.Query.GetTraffic",
       {Asking<v1::GetTrafficRequest, v1::GetTrafficResponse>(&v1::Query::Stub::GetTraffic,
                                                              [](Target target) {
                                                                auto request =
                                                                    OfSampleTime<v1::GetTrafficRequest>();
                                                                if (target != kAll)
                                                                  request.add_points(PointOf(target));
                                                                return request;
                                                              }),
        any}},
      {"kansoku.v1.Query.GetDarknet",
       {Asking<v1::GetDarknetRequest, v1::GetDarknetResponse>(&v1::Query::Stub::GetDarknet,
                                                              [](Target target) {
                                                                auto request =
                                                                    OfSampleTime<v1::GetDarknetRequest>();
                                                                if (target != kAll)
                                                                  request.add_sensors(
                                                                      SensorOf(PointOf(target)));
                                                                return request;
                                                              }),
        any}},
      {"kansoku.v1.Query.GetFigures",
       {Asking<v1::GetFiguresRequest, v1::GetFiguresResponse>(
            &v1::Query::Stub::GetFigures, [](Target) { return OfSampleTime<v1::GetFiguresRequest>(); }),
        all}},
      {"kansoku.v1.Query.GetFigures, of a telescope",
       {Asking<v1::GetFiguresRequest, v1::GetFiguresResponse>(&v1::Query::Stub::GetFigures,
                                                              [](Target) {
                                                                v1::GetFiguresRequest request;
                                                                request.mutable_telescope()->set_first_day(
                                                                    kTelescopeDay);
                                                                return request;
                                                              }),
        all}},
      {"kansoku.v1.Query.GetFigures, of months",
       {Asking<v1::GetFiguresRequest, v1::GetFiguresResponse>(&v1::Query::Stub::GetFigures,
                                                              [](Target) {
                                                                v1::GetFiguresRequest request;
                                                                auto& months = *request.mutable_months();
                                                                months.set_series(v1::SERIES_FIXED);
                                                                months.set_first(kPublishedMonth);
                                                                return request;
                                                              }),
        all, Subject::kPublished}},
      {"kansoku.v1.Query.ListFigureKinds",
       {Asking<v1::ListFigureKindsRequest, v1::ListFigureKindsResponse>(
            &v1::Query::Stub::ListFigureKinds, [](Target) { return v1::ListFigureKindsRequest(); }),
        all, Subject::kPublished}},
      {"kansoku.v1.Query.ListVintages",
       {Asking<v1::ListVintagesRequest, v1::ListVintagesResponse>(
            &v1::Query::Stub::ListVintages, [](Target) { return v1::ListVintagesRequest(); }),
        all, Subject::kPublished}},
      {"kansoku.v1.Query.RecomputeVintage",
       {Asking<v1::RecomputeVintageRequest, v1::RecomputeVintageResponse>(
            &v1::Query::Stub::RecomputeVintage,
            [](Target) {
              v1::RecomputeVintageRequest request;
              request.set_series(v1::SERIES_FIXED);
              request.set_month(kPublishedMonth);
              return request;
            }),
        all, Subject::kNation}},
      {"kansoku.v1.Query.GetMatchedPanel",
       {Asking<v1::GetMatchedPanelRequest, v1::GetMatchedPanelResponse>(&v1::Query::Stub::GetMatchedPanel,
                                                                        [](Target) {
                                                                          v1::GetMatchedPanelRequest request;
                                                                          request.set_series(
                                                                              v1::SERIES_FIXED);
                                                                          request.set_month(kPublishedMonth);
                                                                          return request;
                                                                        }),
        all, Subject::kPublished}},
      {"kansoku.v1.Query.GetLedger",
       {Asking<v1::GetLedgerRequest, v1::GetLedgerResponse>(&v1::Query::Stub::GetLedger,
                                                            [](Target) {
                                                              v1::GetLedgerRequest request;
                                                              request.set_stored_hours(true);
                                                              return request;
                                                            }),
        all}},
      {"kansoku.v1.Query.ListFlowRecords",
       {Asking<v1::ListFlowRecordsRequest, v1::ListFlowRecordsResponse>(
            &v1::Query::Stub::ListFlowRecords,
            [](Target target) {
              auto request = OfSampleTime<v1::ListFlowRecordsRequest>();
              if (target != kAll) request.add_points(PointOf(target));
              return request;
            }),
        any}},
      {"kansoku.v1.Admin.ListQuarantine",
       {Asking<v1::ListQuarantineRequest, v1::ListQuarantineResponse>(&v1::Admin::Stub::ListQuarantine,
                                                                      [](Target target) {
                                                                        v1::ListQuarantineRequest request;
                                                                        request.set_every_state(true);
                                                                        if (target == kOwn)
                                                                          request.set_collector("tokyo");
                                                                        return request;
                                                                      }),
        {kAll, kOwn}}},
      {"kansoku.v1.Admin.GetQuarantined",
       {Asking<v1::GetQuarantinedRequest, v1::QuarantinedReport>(&v1::Admin::Stub::GetQuarantined,
                                                                 [](Target target) {
                                                                   v1::GetQuarantinedRequest request;
                                                                   request.set_id(QuarantinedOf(target));
                                                                   return request;
                                                                 }),
        one}},
      {"kansoku.v1.Admin.AdmitQuarantined", {Deciding(&v1::Admin::Stub::AdmitQuarantined), one}},
      {"kansoku.v1.Admin.DiscardQuarantined", {Deciding(&v1::Admin::Stub::DiscardQuarantined), one}},
  };
}

}  // namespace kansoku::aggregator
