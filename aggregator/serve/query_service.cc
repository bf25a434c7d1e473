// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/query_service.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "aggregator/serve/darknet_query.h"
#include "aggregator/serve/figures_query.h"
#include "aggregator/serve/flow_records_query.h"
#include "aggregator/serve/isp_view.h"
#include "aggregator/serve/ledger_query.h"
#include "aggregator/serve/points_query.h"
#include "aggregator/serve/traffic_query.h"
#include "proto/transport/peer_uris.h"

namespace kansoku::aggregator {
namespace {

constexpr size_t kReaders = 2;
constexpr size_t kMostWaiting = 64;

// The two libraries number the codes alike.
grpc::Status ToGrpcStatus(const absl::Status& status) {
  return {static_cast<grpc::StatusCode>(status.code()), std::string(status.message())};
}

}  // namespace

QueryService::QueryService(const StoreReader& store, LiveStatusReader live, const AccessControl& access)
    : store_(store), live_(std::move(live)), access_(access), readers_(kReaders, kMostWaiting) {}

template <typename Response>
absl::StatusOr<Response> QueryService::ReadWithin(const ReadScope& scope, const Read<Response>& read) {
  if (!scope.isp.has_value()) return read(store_);
  absl::StatusOr<Response> answer = read(IspView(store_, *scope.isp));
  if (!absl::IsNotFound(answer.status())) return answer;
  // The same for what is another's and for what is nobody's: else the difference would tell.
  ++denied_;
  return absl::PermissionDeniedError(absl::StrCat(answer.status().message(), " of ISP \"", *scope.isp,
                                                  "\", and that is all that this client may read"));
}

template <typename Response>
grpc::ServerUnaryReactor* QueryService::Answer(grpc::CallbackServerContext* context, Response* response,
                                               Read<Response> read) {
  // Request, response and context live until the reactor finishes.
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  absl::StatusOr<ReadScope> scope = access_.MayRead(PeerUris(*context->auth_context()));
  if (!scope.ok()) {
    ++denied_;
    reactor->Finish(ToGrpcStatus(scope.status()));
    return reactor;
  }
  const bool taken =
      readers_.TryPush([this, context, response, reactor, scope = *std::move(scope), read = std::move(read)] {
        if (context->IsCancelled()) {
          reactor->Finish(grpc::Status::CANCELLED);
          return;
        }
        absl::StatusOr<Response> answer = ReadWithin(scope, read);
        if (answer.ok()) *response = *std::move(answer);
        reactor->Finish(ToGrpcStatus(answer.status()));
      });
  if (!taken) {
    reactor->Finish({grpc::StatusCode::RESOURCE_EXHAUSTED,
                     "the aggregator is still reading for earlier questions; ask again in a few seconds"});
  }
  return reactor;
}

grpc::ServerUnaryReactor* QueryService::ListPoints(grpc::CallbackServerContext* context,
                                                   const v1::ListPointsRequest*,
                                                   v1::ListPointsResponse* response) {
  return Answer<v1::ListPointsResponse>(context, response, ReadPoints);
}

grpc::ServerUnaryReactor* QueryService::GetTraffic(grpc::CallbackServerContext* context,
                                                   const v1::GetTrafficRequest* request,
                                                   v1::GetTrafficResponse* response) {
  return Answer<v1::GetTrafficResponse>(
      context, response, [request](const StoreReader& store) { return ReadTraffic(store, *request); });
}

grpc::ServerUnaryReactor* QueryService::GetDarknet(grpc::CallbackServerContext* context,
                                                   const v1::GetDarknetRequest* request,
                                                   v1::GetDarknetResponse* response) {
  return Answer<v1::GetDarknetResponse>(
      context, response, [request](const StoreReader& store) { return ReadDarknet(store, *request); });
}

grpc::ServerUnaryReactor* QueryService::GetFigures(grpc::CallbackServerContext* context,
                                                   const v1::GetFiguresRequest* request,
                                                   v1::GetFiguresResponse* response) {
  return Answer<v1::GetFiguresResponse>(
      context, response, [request](const StoreReader& store) { return ReadFigures(store, *request); });
}

grpc::ServerUnaryReactor* QueryService::GetLedger(grpc::CallbackServerContext* context,
                                                  const v1::GetLedgerRequest* request,
                                                  v1::GetLedgerResponse* response) {
  return Answer<v1::GetLedgerResponse>(context, response, [this, request](const StoreReader& store) {
    return ReadLedger(store, live_(), *request);
  });
}

grpc::ServerUnaryReactor* QueryService::ListFlowRecords(grpc::CallbackServerContext* context,
                                                        const v1::ListFlowRecordsRequest* request,
                                                        v1::ListFlowRecordsResponse* response) {
  return Answer<v1::ListFlowRecordsResponse>(
      context, response, [request](const StoreReader& store) { return ReadFlowRecords(store, *request); });
}

}  // namespace kansoku::aggregator
