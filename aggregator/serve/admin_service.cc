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

}  // namespace

AdminService::AdminService(const StoreReader& store, QuarantineDecider decide, const AccessControl& access)
    : decide_(std::move(decide)), answers_(store, access, kReaders, kMostWaiting) {}

grpc::ServerUnaryReactor* AdminService::Decide(grpc::CallbackServerContext* context,
                                               const v1::DecideQuarantinedRequest& request, bool admit,
                                               v1::QuarantinedReport* response) {
  return answers_.Run(
      context, [this, &request, admit, response](const StoreReader& visible, const ReadScope& scope,
                                                 grpc::ServerUnaryReactor& reactor) {
        // A certificate says better who decides than a client's own word.
        const std::string& by = scope.client.empty() ? request.by() : scope.client;
        if (!IsName(by)) {
          return reactor.Finish({grpc::StatusCode::INVALID_ARGUMENT,
                                 "by: must be 1 to 63 of a-z 0-9 - _ . , beginning with a letter or digit"});
        }
        absl::Status status = visible.FindQuarantined(request.id()).status();
        if (status.ok()) {
          status = decide_({.id = request.id(), .admit = admit, .by = by},
                           [&reactor, response](const absl::StatusOr<v1::QuarantinedReport>& decided) {
                             if (decided.ok()) *response = *decided;
                             reactor.Finish(ToGrpcStatus(decided.status()));
                           });
        }
        if (!status.ok()) reactor.Finish(ToGrpcStatus(answers_.Told(scope, status)));
      });
}

grpc::ServerUnaryReactor* AdminService::ListQuarantine(grpc::CallbackServerContext* context,
                                                       const v1::ListQuarantineRequest* request,
                                                       v1::ListQuarantineResponse* response) {
  return answers_.Answer<v1::ListQuarantineResponse>(
      context, response,
      [request](const StoreReader& visible) { return aggregator::ListQuarantine(visible, *request); });
}

grpc::ServerUnaryReactor* AdminService::GetQuarantined(grpc::CallbackServerContext* context,
                                                       const v1::GetQuarantinedRequest* request,
                                                       v1::QuarantinedReport* response) {
  return answers_.Answer<v1::QuarantinedReport>(context, response, [request](const StoreReader& visible) {
    return visible.FindQuarantined(request->id());
  });
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
