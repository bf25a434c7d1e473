// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/scoped_answers.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/serve/isp_view.h"
#include "proto/transport/peer_uris.h"

namespace kansoku::aggregator {

ScopedAnswers::ScopedAnswers(const StoreReader& store, const AccessControl& access, LimitCounts& counts,
                             size_t threads, size_t most_waiting, const AnswerLimits& limits)
    : store_(store),
      access_(access),
      counts_(counts),
      limits_(limits),
      unread_(std::make_shared<UnreadAnswers>(limits.unread, counts)),
      questions_(limits.questions_per_peer),
      readers_(threads, most_waiting),
      long_readers_(threads, most_waiting) {}

absl::Status ScopedAnswers::Told(const ReadScope& scope, const absl::Status& status) {
  if (!scope.isp.has_value() || !absl::IsNotFound(status)) return status;
  ++denied_;
  return absl::PermissionDeniedError(absl::StrCat(status.message(), " of ISP \"", *scope.isp,
                                                  "\", and that is all that this client may read"));
}

absl::Status ScopedAnswers::Denied(std::string_view why) {
  ++denied_;
  return absl::PermissionDeniedError(absl::string_view(why.data(), why.size()));
}

grpc::ServerUnaryReactor* ScopedAnswers::RunBytes(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer& question, grpc::ByteBuffer* answer,
                                                  About about, Reading reading, Job<grpc::ByteBuffer> job) {
  // Question, answer and context live until the reactor finishes.
  const std::shared_ptr<AnswerReactor> reactor = AnswerReactor::Start(context, answer, unread_);
  const auto refuse = [&](Limit limit, const absl::Status& status) {
    counts_.Add(limit);
    reactor->Fail(status);
    return reactor.get();
  };
  const std::vector<std::string> peer = PeerUris(*context->auth_context());
  absl::StatusOr<ReadScope> scope =
      about == About::kPublished ? access_.MayReadPublished(peer) : access_.MayRead(peer);
  if (!scope.ok()) {
    ++denied_;
    reactor->Fail(scope.status());
    return reactor.get();
  }
  if (question.Length() > limits_.question_octets) {
    return refuse(Limit::kRequestOctets,
                  absl::InvalidArgumentError(absl::StrCat("the question is longer than ",
                                                          limits_.question_octets, " octets; ask for less")));
  }
  if (const std::optional<std::string> holder = access_.HolderOf(peer); holder.has_value()) {
    std::optional<PeerShare::Place> place = questions_.TryTake(*holder);
    if (!place.has_value()) {
      return refuse(Limit::kQuestions, absl::ResourceExhaustedError(
                                           "this certificate has as many questions open as it may; wait "
                                           "for an answer before the next"));
    }
    reactor->Hold(*std::move(place));
  }
  WorkQueue& readers = reading == Reading::kLong ? long_readers_ : readers_;
  const bool taken =
      readers.TryPush([this, context, reactor, &question, scope = *std::move(scope), job = std::move(job)] {
        if (context->IsCancelled()) return reactor->Finish(grpc::Status::CANCELLED);
        if (scope.isp.has_value()) return job(question, IspView(store_, *scope.isp), scope, reactor);
        job(question, store_, scope, reactor);
      });
  if (taken) return reactor.get();
  return refuse(Limit::kQuestions,
                absl::ResourceExhaustedError(
                    "the aggregator is still reading for earlier questions; ask again in a few seconds"));
}

}  // namespace kansoku::aggregator
