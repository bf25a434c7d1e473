// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/admin_service.h"

#include <string>
#include <utility>

#include "aggregator/serve/quarantine_query.h"
#include "proto/contract/name.h"

namespace kansoku::aggregator {
namespace {

constexpr size_t kReaders = 1;
constexpr size_t kMostWaiting = 16;

// The two libraries number the codes alike.
grpc::Status ToGrpcStatus(const absl::Status& status) {
  return {static_cast<grpc::StatusCode>(status.code()), std::string(status.message())};
}

}  // namespace

AdminService::AdminService(const Store& store, QuarantineDecider decide)
    : store_(store), decide_(std::move(decide)), readers_(kReaders, kMostWaiting) {}

template <typename Response>
grpc::ServerUnaryReactor* AdminService::Answer(grpc::CallbackServerContext* context, Response* response,
                                               std::function<absl::StatusOr<Response>()> read) {
  // Request, response and context live until the reactor finishes.
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const bool taken = readers_.TryPush([response, reactor, read = std::move(read)] {
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

grpc::ServerUnaryReactor* AdminService::Decide(grpc::CallbackServerContext* context,
                                               const v1::DecideQuarantinedRequest& request, bool admit,
                                               v1::QuarantinedReport* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (!IsName(request.by())) {
    reactor->Finish({grpc::StatusCode::INVALID_ARGUMENT,
                     "by: must be 1 to 63 of a-z 0-9 - _ . , beginning with a letter or digit"});
    return reactor;
  }
  const absl::Status queued =
      decide_({.id = request.id(), .admit = admit, .by = request.by()},
              [reactor, response](const absl::StatusOr<v1::QuarantinedReport>& decided) {
                if (decided.ok()) *response = *decided;
                reactor->Finish(ToGrpcStatus(decided.status()));
              });
  if (!queued.ok()) reactor->Finish(ToGrpcStatus(queued));
  return reactor;
}

grpc::ServerUnaryReactor* AdminService::ListQuarantine(grpc::CallbackServerContext* context,
                                                       const v1::ListQuarantineRequest* request,
                                                       v1::ListQuarantineResponse* response) {
  return Answer<v1::ListQuarantineResponse>(
      context, response, [this, request] { return aggregator::ListQuarantine(store_, *request); });
}

grpc::ServerUnaryReactor* AdminService::GetQuarantined(grpc::CallbackServerContext* context,
                                                       const v1::GetQuarantinedRequest* request,
                                                       v1::QuarantinedReport* response) {
  return Answer<v1::QuarantinedReport>(context, response,
                                       [this, request] { return store_.FindQuarantined(request->id()); });
}

grpc::ServerUnaryReactor* AdminService::AdmitQuarantined(grpc::CallbackServerContext* context,
                                                         const v1::DecideQuarantinedRequest* request,
                                                         v1::QuarantinedReport* response) {
  return Decide(context, *request, /*admit=*/true, response);
}

grpc::ServerUnaryReactor* AdminService::DiscardQuarantined(grpc::CallbackServerContext* context,
                                                           const v1::DecideQuarantinedRequest* request,
                                                           v1::QuarantinedReport* response) {
  return Decide(context, *request, /*admit=*/false, response);
}

}  // namespace kansoku::aggregator
