// SPDX-License-Identifier: Apache-2.0
//
// kansoku.v1.Admin over gRPC. Lists are read on a thread of its own; decisions go where everything is
// written.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "aggregator/serve/work_queue.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/admin.grpc.pb.h"

namespace kansoku::aggregator {

// Hands a decision to whoever writes to the store. The callback is called once, on any thread; unless the
// result is an error, then never.
using QuarantineDecided = std::function<void(const absl::StatusOr<v1::QuarantinedReport>&)>;
using QuarantineDecider = std::function<absl::Status(QuarantineDecision, QuarantineDecided)>;

// `store` must outlive this, and this the grpc::Server. RESOURCE_EXHAUSTED: too many questions wait already.
class AdminService final : public v1::Admin::CallbackService {
 public:
  AdminService(const Store& store, QuarantineDecider decide);

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
  template <typename Response>
  grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context, Response* response,
                                   std::function<absl::StatusOr<Response>()> read);
  grpc::ServerUnaryReactor* Decide(grpc::CallbackServerContext* context,
                                   const v1::DecideQuarantinedRequest& request, bool admit,
                                   v1::QuarantinedReport* response);

  const Store& store_;
  const QuarantineDecider decide_;
  WorkQueue readers_;
};

}  // namespace kansoku::aggregator
