// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/admin_service.h"

#include <string>
#include <utility>

#include "aggregator/serve/quarantine_query.h"
#include "aggregator/serve/withheld_answers.h"
#include "proto/contract/name.h"

namespace kansoku::aggregator {
namespace {

constexpr size_t kReaders = 1;
constexpr size_t kMostWaiting = 16;

}  // namespace

AdminService::AdminService(const StoreReader& store, QuarantineDecider decide, const AccessControl& access,
                           LimitCounts& counts, const AnswerLimits& limits)
    : decide_(std::move(decide)), answers_(store, access, counts, kReaders, kMostWaiting, limits) {}

grpc::ServerUnaryReactor* AdminService::Decide(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* question, bool admit,
                                               grpc::ByteBuffer* answer) {
  return answers_.Run<v1::DecideQuarantinedRequest>(
      context, question, answer,
      [this, admit](const v1::DecideQuarantinedRequest& request, const StoreReader& visible,
                    const ReadScope& scope, const std::shared_ptr<AnswerReactor>& reactor) {
        // A certificate says better who decides than a client's own word.
        const std::string& by = scope.client.empty() ? request.by() : scope.client;
        if (!IsName(by)) {
          return reactor->Fail(absl::InvalidArgumentError(
              "by: must be 1 to 63 of a-z 0-9 - _ . , beginning with a letter or digit"));
        }
        absl::Status status = visible.FindQuarantined(request.id()).status();
        if (status.ok()) {
          status = decide_({.id = request.id(), .admit = admit, .by = by},
                           [reactor](const absl::StatusOr<v1::QuarantinedReport>& decided) {
                             if (!decided.ok()) return reactor->Fail(decided.status());
                             reactor->Give(*decided);
                           });
        }
        if (!status.ok()) reactor->Fail(answers_.Told(scope, status));
      });
}

grpc::ServerUnaryReactor* AdminService::ListQuarantine(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* question,
                                                       grpc::ByteBuffer* answer) {
  return answers_.Tell<v1::ListQuarantineRequest, v1::ListQuarantineResponse>(
      context, question, answer,
      [](const v1::ListQuarantineRequest& asked, const StoreReader& visible, const ReadScope& scope) {
        auto list = aggregator::ListQuarantine(visible, asked);
        if (!list.ok()) return list;
        for (v1::QuarantinedReport& report : *list->mutable_reports()) {
          if (!scope.sees_dark_prefixes()) WithholdContent(scope.fewest_isps, report);
        }
        return list;
      });
}

grpc::ServerUnaryReactor* AdminService::GetQuarantined(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* question,
                                                       grpc::ByteBuffer* answer) {
  return answers_.Tell<v1::GetQuarantinedRequest, v1::QuarantinedReport>(
      context, question, answer,
      [](const v1::GetQuarantinedRequest& asked, const StoreReader& visible, const ReadScope& scope) {
        auto report = visible.FindQuarantined(asked.id());
        if (report.ok() && !scope.sees_dark_prefixes()) WithholdContent(scope.fewest_isps, *report);
        return report;
      });
}

grpc::ServerUnaryReactor* AdminService::AdmitQuarantined(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* question,
                                                         grpc::ByteBuffer* answer) {
  return Decide(context, question, /*admit=*/true, answer);
}

grpc::ServerUnaryReactor* AdminService::DiscardQuarantined(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* question,
                                                           grpc::ByteBuffer* answer) {
  return Decide(context, question, /*admit=*/false, answer);
}

}  // namespace kansoku::aggregator
