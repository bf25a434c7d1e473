// SPDX-License-Identifier: Apache-2.0
//
// kansoku.v1.Query over gRPC. Reading runs on threads of its own, so that a long question never holds up the
// reports that arrive on gRPC's.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"
#include "aggregator/access/access_control.h"
#include "aggregator/serve/live_status.h"
#include "aggregator/serve/work_queue.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/query.grpc.pb.h"

namespace kansoku::aggregator {

// `store` and `access` must outlive this, and this the grpc::Server. UNAUTHENTICATED and PERMISSION_DENIED:
// `access` does not let the peer ask, or it named what is not its ISP's. RESOURCE_EXHAUSTED: too many
// questions wait already.
class QueryService final : public v1::Query::CallbackService {
 public:
  QueryService(const StoreReader& store, LiveStatusReader live, const AccessControl& access);

  // Questions that the asker was not allowed, since the start. Any thread.
  uint64_t denied() const { return denied_; }

  grpc::ServerUnaryReactor* ListPoints(grpc::CallbackServerContext* context,
                                       const v1::ListPointsRequest* request,
                                       v1::ListPointsResponse* response) override;
  grpc::ServerUnaryReactor* GetTraffic(grpc::CallbackServerContext* context,
                                       const v1::GetTrafficRequest* request,
                                       v1::GetTrafficResponse* response) override;
  grpc::ServerUnaryReactor* GetDarknet(grpc::CallbackServerContext* context,
                                       const v1::GetDarknetRequest* request,
                                       v1::GetDarknetResponse* response) override;
  grpc::ServerUnaryReactor* GetFigures(grpc::CallbackServerContext* context,
                                       const v1::GetFiguresRequest* request,
                                       v1::GetFiguresResponse* response) override;
  grpc::ServerUnaryReactor* GetLedger(grpc::CallbackServerContext* context,
                                      const v1::GetLedgerRequest* request,
                                      v1::GetLedgerResponse* response) override;
  grpc::ServerUnaryReactor* ListFlowRecords(grpc::CallbackServerContext* context,
                                            const v1::ListFlowRecordsRequest* request,
                                            v1::ListFlowRecordsResponse* response) override;

 private:
  // Finds the answer in what the peer may see of the store.
  template <typename Response>
  using Read = std::function<absl::StatusOr<Response>(const StoreReader&)>;

  template <typename Response>
  grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context, Response* response,
                                   Read<Response> read);
  template <typename Response>
  absl::StatusOr<Response> ReadWithin(const ReadScope& scope, const Read<Response>& read);

  const StoreReader& store_;
  const LiveStatusReader live_;
  const AccessControl& access_;
  std::atomic<uint64_t> denied_ = 0;
  WorkQueue readers_;
};

}  // namespace kansoku::aggregator
