// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/query_service.h"

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

}  // namespace

QueryService::QueryService(const StoreReader& store, LiveStatusReader live, const AccessControl& access)
    : live_(std::move(live)), answers_(store, access, kReaders, kMostWaiting) {}

grpc::ServerUnaryReactor* QueryService::ListPoints(grpc::CallbackServerContext* context,
                                                   const v1::ListPointsRequest*,
                                                   v1::ListPointsResponse* response) {
  return answers_.Answer<v1::ListPointsResponse>(context, response, ReadPoints);
}

grpc::ServerUnaryReactor* QueryService::GetTraffic(grpc::CallbackServerContext* context,
                                                   const v1::GetTrafficRequest* request,
                                                   v1::GetTrafficResponse* response) {
  return answers_.Answer<v1::GetTrafficResponse>(
      context, response, [request](const StoreReader& store) { return ReadTraffic(store, *request); });
}

grpc::ServerUnaryReactor* QueryService::GetDarknet(grpc::CallbackServerContext* context,
                                                   const v1::GetDarknetRequest* request,
                                                   v1::GetDarknetResponse* response) {
  return answers_.Answer<v1::GetDarknetResponse>(
      context, response, [request](const StoreReader& store) { return ReadDarknet(store, *request); });
}

grpc::ServerUnaryReactor* QueryService::GetFigures(grpc::CallbackServerContext* context,
                                                   const v1::GetFiguresRequest* request,
                                                   v1::GetFiguresResponse* response) {
  return answers_.Answer<v1::GetFiguresResponse>(
      context, response, [request](const StoreReader& store) { return ReadFigures(store, *request); });
}

grpc::ServerUnaryReactor* QueryService::GetLedger(grpc::CallbackServerContext* context,
                                                  const v1::GetLedgerRequest* request,
                                                  v1::GetLedgerResponse* response) {
  return answers_.Answer<v1::GetLedgerResponse>(context, response, [this, request](const StoreReader& store) {
    return ReadLedger(store, live_(), *request);
  });
}

grpc::ServerUnaryReactor* QueryService::ListFlowRecords(grpc::CallbackServerContext* context,
                                                        const v1::ListFlowRecordsRequest* request,
                                                        v1::ListFlowRecordsResponse* response) {
  return answers_.Answer<v1::ListFlowRecordsResponse>(
      context, response, [request](const StoreReader& store) { return ReadFlowRecords(store, *request); });
}

}  // namespace kansoku::aggregator
