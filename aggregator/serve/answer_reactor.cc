// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/answer_reactor.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/transport/deadline.h"

namespace kansoku::aggregator {

grpc::Status ToGrpcStatus(const absl::Status& status) {
  return {static_cast<grpc::StatusCode>(status.code()), std::string(status.message())};
}

std::shared_ptr<AnswerReactor> AnswerReactor::Start(grpc::CallbackServerContext* context,
                                                    grpc::ByteBuffer* answer,
                                                    std::shared_ptr<UnreadAnswers> unread) {
  const std::shared_ptr<AnswerReactor> reactor(new AnswerReactor(context, answer, std::move(unread)));
  const std::lock_guard lock(reactor->mutex_);
  reactor->self_ = reactor;
  return reactor;
}

void AnswerReactor::GiveBytes(grpc::ByteBuffer bytes) {
  const uint64_t octets = bytes.Length();
  const uint64_t before = unread_->octets.fetch_add(octets);
  octets_ = octets;
  if (before > 0 && before + octets > unread_->limits.octets) {
    unread_->counts.Add(Limit::kUnreadOctets);
    return Fail(absl::ResourceExhaustedError(
        "the aggregator holds too many answers that were not taken yet; ask again in a minute, or for less"));
  }
  answer_->Swap(&bytes);
  {
    const std::lock_guard lock(mutex_);
    alarm_.Set(DeadlineIn(unread_->limits.within), [weak = weak_from_this()](bool is_time) {
      if (const auto reactor = weak.lock(); reactor != nullptr && is_time) reactor->GiveUp();
    });
  }
  Finish(grpc::Status::OK);
}

void AnswerReactor::GiveUp() {
  const std::lock_guard lock(mutex_);
  if (self_ == nullptr) return;  // taken meanwhile, and the context is gone
  unread_->counts.Add(Limit::kReadTime);
  context_->TryCancel();
}

void AnswerReactor::OnDone() {
  unread_->octets -= octets_;
  place_.reset();
  std::shared_ptr<AnswerReactor> self;
  const std::lock_guard lock(mutex_);
  alarm_.Cancel();
  self = std::move(self_);
}

}  // namespace kansoku::aggregator
