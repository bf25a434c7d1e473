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

// `store` and `access` must outlive this, and this the grpc::Server. Errors as of ScopedAnswers.
class AdminService final : public v1::Admin::CallbackService {
 public:
  AdminService(const StoreReader& store, QuarantineDecider decide, const AccessControl& access);

  // Requests that the asker was not allowed, since the start. Any thread.
  uint64_t denied() const { return answers_.denied(); }

  grpc::ServerUnaryReactor* ListQuarantine(grpc::CallbackServerContext* context,
                                           const v1::ListQuarantineRequest* request,
                                           v1::ListQuarantineResponse* response) override;
  grpc::ServerUnaryReactor* GetQuarantined(grpc::CallbackServerContext* context,
                                           const v1::GetQuarantinedRequest* request,
                                           v1::QuarantinedReport* response) override;
  grpc::ServerUnaryReactor* AdmitQuarantined(grpc::CallbackServerContext* context,
                                             const v1::DecideQuarantinedRequest* request,
                                             v1::QuarantinedReport* response) override;
  grpc::ServerUnaryReactor* DiscardQuarantined(grpc::CallbackServerContext* context,
                                               const v1::DecideQuarantinedRequest* request,
                                               v1::QuarantinedReport* response) override;

 private:
  grpc::ServerUnaryReactor* Decide(grpc::CallbackServerContext* context,
                                   const v1::DecideQuarantinedRequest& request, bool admit,
                                   v1::QuarantinedReport* response);

  const QuarantineDecider decide_;
  ScopedAnswers answers_;
};

}  // namespace kansoku::aggregator
