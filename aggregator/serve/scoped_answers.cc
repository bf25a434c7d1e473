// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/scoped_answers.h"

#include "absl/strings/str_cat.h"
#include "aggregator/serve/isp_view.h"
#include "proto/transport/peer_uris.h"

namespace kansoku::aggregator {

grpc::Status ToGrpcStatus(const absl::Status& status) {
  return {static_cast<grpc::StatusCode>(status.code()), std::string(status.message())};
}

ScopedAnswers::ScopedAnswers(const StoreReader& store, const AccessControl& access, size_t threads,
                             size_t most_waiting)
    : store_(store), access_(access), readers_(threads, most_waiting) {}

absl::Status ScopedAnswers::Told(const ReadScope& scope, const absl::Status& status) {
  if (!scope.isp.has_value() || !absl::IsNotFound(status)) return status;
  ++denied_;
  return absl::PermissionDeniedError(absl::StrCat(status.message(), " of ISP \"", *scope.isp,
                                                  "\", and that is all that this client may read"));
}

grpc::ServerUnaryReactor* ScopedAnswers::Run(grpc::CallbackServerContext* context, Job job) {
  // Request, response and context live until the reactor finishes.
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  absl::StatusOr<ReadScope> scope = access_.MayRead(PeerUris(*context->auth_context()));
  if (!scope.ok()) {
    ++denied_;
    reactor->Finish(ToGrpcStatus(scope.status()));
    return reactor;
  }
  const bool taken =
      readers_.TryPush([this, context, reactor, scope = *std::move(scope), job = std::move(job)] {
        if (context->IsCancelled()) return reactor->Finish(grpc::Status::CANCELLED);
        if (scope.isp.has_value()) return job(IspView(store_, *scope.isp), scope, *reactor);
        job(store_, scope, *reactor);
      });
  if (!taken) {
    reactor->Finish({grpc::StatusCode::RESOURCE_EXHAUSTED,
                     "the aggregator is still reading for earlier questions; ask again in a few seconds"});
  }
  return reactor;
}

}  // namespace kansoku::aggregator
