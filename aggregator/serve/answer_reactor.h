// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "aggregator/access/limits.h"
#include "aggregator/access/peer_share.h"

namespace kansoku::aggregator {

// The two libraries number the codes alike.
grpc::Status ToGrpcStatus(const absl::Status& status);

struct UnreadLimits {
  uint64_t octets = uint64_t{512} << 20;  // of all together; one answer is always given
  absl::Duration within = absl::Seconds(60);
};

// The answers that nobody has taken yet. Any thread.
struct UnreadAnswers {
  UnreadAnswers(const UnreadLimits& its_limits, LimitCounts& its_counts)
      : limits(its_limits), counts(its_counts) {}

  const UnreadLimits limits;
  LimitCounts& counts;
  std::atomic<uint64_t> octets = 0;
};

// One question, until its answer is on its way as a whole: what the asker does not read, flow control leaves
// here. It owns itself until OnDone. Exactly one call of Give or Fail, from any thread.
class AnswerReactor final : public grpc::ServerUnaryReactor,
                            public std::enable_shared_from_this<AnswerReactor> {
 public:
  // `answer` belongs to gRPC and lives until OnDone, as the context does.
  static std::shared_ptr<AnswerReactor> Start(grpc::CallbackServerContext* context, grpc::ByteBuffer* answer,
                                              std::shared_ptr<UnreadAnswers> unread);

  // A place of its peer's share, until the answer is taken.
  void Hold(PeerShare::Place place) { place_ = std::move(place); }

  template <typename Answer>
  void Give(const Answer& answer) {
    grpc::ByteBuffer bytes;
    bool owns_bytes = false;
    const grpc::Status status = grpc::SerializationTraits<Answer>::Serialize(answer, &bytes, &owns_bytes);
    if (!status.ok()) return Finish(status);
    GiveBytes(std::move(bytes));
  }
  void Fail(const absl::Status& status) { Finish(ToGrpcStatus(status)); }

  void OnDone() override;

 private:
  AnswerReactor(grpc::CallbackServerContext* context, grpc::ByteBuffer* answer,
                std::shared_ptr<UnreadAnswers> unread)
      : context_(context), answer_(answer), unread_(std::move(unread)) {}

  void GiveBytes(grpc::ByteBuffer bytes);
  void GiveUp();

  grpc::CallbackServerContext* const context_;
  grpc::ByteBuffer* const answer_;
  const std::shared_ptr<UnreadAnswers> unread_;
  std::optional<PeerShare::Place> place_;
  uint64_t octets_ = 0;  // of unread_
  grpc::Alarm alarm_;

  std::mutex mutex_;
  std::shared_ptr<AnswerReactor> self_;  // guarded by mutex_; until OnDone
};

}  // namespace kansoku::aggregator
