// SPDX-License-Identifier: Apache-2.0
//
// kansoku.v1.Query over gRPC.
#pragma once

#include <cstdint>

#include "aggregator/access/access_control.h"
#include "aggregator/serve/live_status.h"
#include "aggregator/serve/scoped_answers.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/query.grpc.pb.h"

namespace kansoku::aggregator {

// `store` and `access` must outlive this, and this the grpc::Server. Errors as of ScopedAnswers.
class QueryService final : public v1::Query::CallbackService {
 public:
  QueryService(const StoreReader& store, LiveStatusReader live, const AccessControl& access);

  // Questions that the asker was not allowed, since the start. Any thread.
  uint64_t denied() const { return answers_.denied(); }

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
  const LiveStatusReader live_;
  ScopedAnswers answers_;
};

}  // namespace kansoku::aggregator
