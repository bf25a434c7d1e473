// SPDX-License-Identifier: Apache-2.0
//
// Answers over gRPC, each within what its asker may see. Reading runs on threads of its own, so that a long
// question never holds up the reports that arrive on gRPC's.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "aggregator/access/access_control.h"
#include "aggregator/serve/work_queue.h"
#include "aggregator/store/store.h"

namespace kansoku::aggregator {

// The two libraries number the codes alike.
grpc::Status ToGrpcStatus(const absl::Status& status);

// `store` and `access` must outlive this, and this the grpc::Server. UNAUTHENTICATED and PERMISSION_DENIED:
// `access` does not let the peer ask, or it named what is not its ISP's. RESOURCE_EXHAUSTED: too many
// questions wait already.
class ScopedAnswers {
 public:
  // Finishes the reactor, now or later. `visible` is what the asker may see, and gone after the call.
  using Job = std::function<void(const StoreReader& visible, const ReadScope& scope,
                                 grpc::ServerUnaryReactor& reactor)>;
  template <typename Response>
  using Read = std::function<absl::StatusOr<Response>(const StoreReader& visible)>;

  ScopedAnswers(const StoreReader& store, const AccessControl& access, size_t threads, size_t most_waiting);

  grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext* context, Job job);

  // The answer is what `read` found.
  template <typename Response>
  grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context, Response* response,
                                   Read<Response> read) {
    return Run(context,
               [this, response, read = std::move(read)](const StoreReader& visible, const ReadScope& scope,
                                                        grpc::ServerUnaryReactor& reactor) {
                 absl::StatusOr<Response> answer = read(visible);
                 if (answer.ok()) *response = *std::move(answer);
                 reactor.Finish(ToGrpcStatus(Told(scope, answer.status())));
               });
  }

  // What an asker is told of a failure. To one who sees a single ISP, what is another's and what is nobody's
  // look the same: else the difference would tell.
  absl::Status Told(const ReadScope& scope, const absl::Status& status);

  // Questions that the asker was not allowed, since the start. Any thread.
  uint64_t denied() const { return denied_; }

 private:
  const StoreReader& store_;
  const AccessControl& access_;
  std::atomic<uint64_t> denied_ = 0;
  WorkQueue readers_;
};

}  // namespace kansoku::aggregator
