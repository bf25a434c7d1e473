// SPDX-License-Identifier: Apache-2.0
//
// kansoku.v1.Admin over gRPC. Whoever may read of a collector may decide about its reports; decisions go
// where everything is written.
#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "aggregator/access/access_control.h"
#include "aggregator/serve/scoped_answers.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/admin.grpc.pb.h"

namespace kansoku::aggregator {

// Hands a decision to whoever writes to the store. The callback is called once, on any thread; unless the
// result is an error, then never.
using QuarantineDecided = std::function<void(const absl::StatusOr<v1::QuarantinedReport>&)>;
using QuarantineDecider = std::function<absl::Status(QuarantineDecision, QuarantineDecided)>;

// All of its RPCs, as they are on the wire.
using RawAdmin = v1::Admin::WithRawCallbackMethod_ListQuarantine<
    v1::Admin::WithRawCallbackMethod_GetQuarantined<v1::Admin::WithRawCallbackMethod_AdmitQuarantined<
        v1::Admin::WithRawCallbackMethod_DiscardQuarantined<v1::Admin::Service>>>>;

// `store`, `access` and `counts` must outlive this, and this the grpc::Server. Errors as of ScopedAnswers.
class AdminService final : public RawAdmin {
 public:
  AdminService(const StoreReader& store, QuarantineDecider decide, const AccessControl& access,
               LimitCounts& counts, const AnswerLimits& limits = {});

  // Requests that the asker was not allowed, since the start. Any thread.
  uint64_t denied() const { return answers_.denied(); }

  grpc::ServerUnaryReactor* ListQuarantine(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* question,
                                           grpc::ByteBuffer* answer) override;
  grpc::ServerUnaryReactor* GetQuarantined(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* question,
                                           grpc::ByteBuffer* answer) override;
  grpc::ServerUnaryReactor* AdmitQuarantined(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* question,
                                             grpc::ByteBuffer* answer) override;
  grpc::ServerUnaryReactor* DiscardQuarantined(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* question,
                                               grpc::ByteBuffer* answer) override;

 private:
  grpc::ServerUnaryReactor* Decide(grpc::CallbackServerContext* context, const grpc::ByteBuffer* question,
                                   bool admit, grpc::ByteBuffer* answer);

  const QuarantineDecider decide_;
  ScopedAnswers answers_;
};

}  // namespace kansoku::aggregator
