// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/query_service.h"

#include <string>
#include <utility>

#include "aggregator/serve/darknet_query.h"
#include "aggregator/serve/figures_query.h"
#include "aggregator/serve/flow_records_query.h"
#include "aggregator/serve/ledger_query.h"
#include "aggregator/serve/points_query.h"
#include "aggregator/serve/traffic_query.h"

namespace kansoku::aggregator {
namespace {

constexpr size_t kReaders = 2;
constexpr size_t kMostWaiting = 64;

// The two libraries number the codes alike.
grpc::Status ToGrpcStatus(const absl::Status& status) {
  return {static_cast<grpc::StatusCode>(status.code()), std::string(status.message())};
}

}  // namespace

QueryService::QueryService(const Store& store, LiveStatusReader live)
    : store_(store), live_(std::move(live)), readers_(kReaders, kMostWaiting) {}

template <typename Response>
grpc::ServerUnaryReactor* QueryService::Answer(grpc::CallbackServerContext* context, Response* response,
                                               std::function<absl::StatusOr<Response>()> read) {
  // Request, response and context live until the reactor finishes.
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const bool taken = readers_.TryPush([context, response, reactor, read = std::move(read)] {
    if (context->IsCancelled()) {
      reactor->Finish(grpc::Status::CANCELLED);
      return;
    }
    absl::StatusOr<Response> answer = read();
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
  return Answer<v1::ListPointsResponse>(context, response, [this] { return ReadPoints(store_); });
}

grpc::ServerUnaryReactor* QueryService::GetTraffic(grpc::CallbackServerContext* context,
                                                   const v1::GetTrafficRequest* request,
                                                   v1::GetTrafficResponse* response) {
  return Answer<v1::GetTrafficResponse>(context, response,
                                        [this, request] { return ReadTraffic(store_, *request); });
}

grpc::ServerUnaryReactor* QueryService::GetDarknet(grpc::CallbackServerContext* context,
                                                   const v1::GetDarknetRequest* request,
                                                   v1::GetDarknetResponse* response) {
  return Answer<v1::GetDarknetResponse>(context, response,
                                        [this, request] { return ReadDarknet(store_, *request); });
}

grpc::ServerUnaryReactor* QueryService::GetFigures(grpc::CallbackServerContext* context,
                                                   const v1::GetFiguresRequest* request,
                                                   v1::GetFiguresResponse* response) {
  return Answer<v1::GetFiguresResponse>(context, response,
                                        [this, request] { return ReadFigures(store_, *request); });
}

grpc::ServerUnaryReactor* QueryService::GetLedger(grpc::CallbackServerContext* context,
                                                  const v1::GetLedgerRequest* request,
                                                  v1::GetLedgerResponse* response) {
  return Answer<v1::GetLedgerResponse>(context, response,
                                       [this, request] { return ReadLedger(store_, live_(), *request); });
}

grpc::ServerUnaryReactor* QueryService::ListFlowRecords(grpc::CallbackServerContext* context,
                                                        const v1::ListFlowRecordsRequest* request,
                                                        v1::ListFlowRecordsResponse* response) {
  return Answer<v1::ListFlowRecordsResponse>(context, response,
                                             [this, request] { return ReadFlowRecords(store_, *request); });
}

}  // namespace kansoku::aggregator
