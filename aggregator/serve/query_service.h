// SPDX-License-Identifier: Apache-2.0
//
// kansoku.v1.Query over gRPC.
#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "aggregator/access/access_control.h"
#include "aggregator/serve/live_status.h"
#include "aggregator/serve/port_table.h"
#include "aggregator/serve/scoped_answers.h"
#include "aggregator/serve/telescope_hours.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/query.grpc.pb.h"

namespace kansoku::aggregator {

// All of its RPCs, as they are on the wire.
using RawQuery = v1::Query::WithRawCallbackMethod_ListPoints<v1::Query::WithRawCallbackMethod_GetTraffic<
    v1::Query::WithRawCallbackMethod_GetDarknet<v1::Query::WithRawCallbackMethod_GetFigures<
        v1::Query::WithRawCallbackMethod_GetLedger<v1::Query::WithRawCallbackMethod_ListFlowRecords<
            v1::Query::WithRawCallbackMethod_ListFigureKinds<v1::Query::WithRawCallbackMethod_ListVintages<
                v1::Query::WithRawCallbackMethod_RecomputeVintage<
                    v1::Query::WithRawCallbackMethod_GetMatchedPanel<v1::Query::Service>>>>>>>>>>;

// `store`, `ports`, `access` and `counts` must outlive this, and this the grpc::Server. Errors as of
// ScopedAnswers.
class QueryService final : public RawQuery {
 public:
  // `clock` tells which hours have settled; any thread reads it.
  QueryService(const StoreReader& store, const PortTable& ports, LiveStatusReader live,
               std::function<absl::Time()> clock, const AccessControl& access, LimitCounts& counts,
               const AnswerLimits& limits = {});

  // Reads what regulators' questions about telescopes will need, of this year and the one before, while it
  // goes on. Where nothing is new that reads a few rows. Errors are the store's. Any thread.
  absl::Status ReadAhead(RememberedHours::GoesOn goes_on);

  // Questions that the asker was not allowed, since the start. Any thread.
  uint64_t denied() const { return answers_.denied(); }

  grpc::ServerUnaryReactor* ListPoints(grpc::CallbackServerContext* context, const grpc::ByteBuffer* question,
                                       grpc::ByteBuffer* answer) override;
  grpc::ServerUnaryReactor* GetTraffic(grpc::CallbackServerContext* context, const grpc::ByteBuffer* question,
                                       grpc::ByteBuffer* answer) override;
  grpc::ServerUnaryReactor* GetDarknet(grpc::CallbackServerContext* context, const grpc::ByteBuffer* question,
                                       grpc::ByteBuffer* answer) override;
  grpc::ServerUnaryReactor* GetFigures(grpc::CallbackServerContext* context, const grpc::ByteBuffer* question,
                                       grpc::ByteBuffer* answer) override;
  grpc::ServerUnaryReactor* GetLedger(grpc::CallbackServerContext* context, const grpc::ByteBuffer* question,
                                      grpc::ByteBuffer* answer) override;
  grpc::ServerUnaryReactor* ListFlowRecords(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* question,
                                            grpc::ByteBuffer* answer) override;
  grpc::ServerUnaryReactor* ListFigureKinds(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* question,
                                            grpc::ByteBuffer* answer) override;
  grpc::ServerUnaryReactor* ListVintages(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* question, grpc::ByteBuffer* answer) override;
  grpc::ServerUnaryReactor* RecomputeVintage(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* question,
                                             grpc::ByteBuffer* answer) override;

  grpc::ServerUnaryReactor* GetMatchedPanel(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* question,
                                            grpc::ByteBuffer* answer) override;

 private:
  const StoreReader& store_;
  const PortTable& ports_;
  const LiveStatusReader live_;
  const std::function<absl::Time()> clock_;
  const AccessControl& access_;
  RememberedHours hours_;
  ScopedAnswers answers_;
};

}  // namespace kansoku::aggregator
