// SPDX-License-Identifier: Apache-2.0
//
// Answers over gRPC, each within what its asker may see. Reading runs on threads of its own, so that a long
// question never holds up the reports that arrive on gRPC's.
//
// A question is read only once its asker may ask, and is short enough. An answer is held until its asker has
// taken it: together they are bounded, and so is the time.
#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "aggregator/access/access_control.h"
#include "aggregator/access/limits.h"
#include "aggregator/access/peer_share.h"
#include "aggregator/serve/answer_reactor.h"
#include "aggregator/serve/work_queue.h"
#include "aggregator/store/store.h"

namespace kansoku::aggregator {

struct AnswerLimits {
  size_t question_octets = size_t{256} << 10;
  int questions_per_peer = 8;  // where peers can be told apart
  UnreadLimits unread;
};

// What a question is about, which says who may ask it at all. What may be published, everyone may ask for:
// then ReadScope.published_only is for the answer to heed.
enum class About { kMeasured, kPublished };

// Long ones may read a year. They have threads of their own, and short ones never wait for them.
enum class Reading { kShort, kLong };

// `store`, `access` and `counts` must outlive this, and this the grpc::Server. UNAUTHENTICATED and
// PERMISSION_DENIED: `access` does not let the peer ask, or it named what is not its ISP's.
// RESOURCE_EXHAUSTED: too many questions wait already, or too many answers to be taken. INVALID_ARGUMENT: the
// question is too long, or damaged.
class ScopedAnswers {
 public:
  // Gives the reactor its answer, now or later. `visible` is what the asker may see, and gone after the call.
  template <typename Question>
  using Job = std::function<void(const Question& question, const StoreReader& visible, const ReadScope& scope,
                                 const std::shared_ptr<AnswerReactor>& reactor)>;
  template <typename Question, typename Answer>
  using Read = std::function<absl::StatusOr<Answer>(const Question& question, const StoreReader& visible,
                                                    const ReadScope& scope)>;

  // `threads` read short questions, and as many long ones; of either so many wait.
  ScopedAnswers(const StoreReader& store, const AccessControl& access, LimitCounts& counts, size_t threads,
                size_t most_waiting, const AnswerLimits& limits);

  template <typename Question>
  grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext* context, const grpc::ByteBuffer* question,
                                grpc::ByteBuffer* answer, Job<Question> job, About about = About::kMeasured,
                                Reading reading = Reading::kShort) {
    return RunBytes(
        context, *question, answer, about, reading,
        [this, job = std::move(job)](const grpc::ByteBuffer& bytes, const StoreReader& visible,
                                     const ReadScope& scope, const std::shared_ptr<AnswerReactor>& reactor) {
          Question read;
          grpc::ByteBuffer copy = bytes;  // reading empties it
          if (!grpc::SerializationTraits<Question>::Deserialize(&copy, &read).ok()) {
            counts_.Add(Limit::kDamagedMessage);
            return reactor->Fail(absl::InvalidArgumentError("the question is damaged"));
          }
          job(read, visible, scope, reactor);
        });
  }

  // The answer is what `read` found.
  template <typename Question, typename Answer>
  grpc::ServerUnaryReactor* Tell(grpc::CallbackServerContext* context, const grpc::ByteBuffer* question,
                                 grpc::ByteBuffer* answer, Read<Question, Answer> read,
                                 About about = About::kMeasured, Reading reading = Reading::kShort) {
    return Run<Question>(
        context, question, answer,
        [this, read = std::move(read)](const Question& asked, const StoreReader& visible,
                                       const ReadScope& scope,
                                       const std::shared_ptr<AnswerReactor>& reactor) {
          const absl::StatusOr<Answer> found = read(asked, visible, scope);
          if (!found.ok()) return reactor->Fail(Told(scope, found.status()));
          reactor->Give(*found);
        },
        about, reading);
  }

  // Of what only others may have, which its question showed. Counts it.
  absl::Status Denied(std::string_view why);

  // What an asker is told of a failure. To one who sees a single ISP, what is another's and what is nobody's
  // look the same: else the difference would tell.
  absl::Status Told(const ReadScope& scope, const absl::Status& status);

  // Questions that the asker was not allowed, since the start. Any thread.
  uint64_t denied() const { return denied_; }

 private:
  grpc::ServerUnaryReactor* RunBytes(grpc::CallbackServerContext* context, const grpc::ByteBuffer& question,
                                     grpc::ByteBuffer* answer, About about, Reading reading,
                                     Job<grpc::ByteBuffer> job);

  const StoreReader& store_;
  const AccessControl& access_;
  LimitCounts& counts_;
  const AnswerLimits limits_;
  const std::shared_ptr<UnreadAnswers> unread_;
  PeerShare questions_;
  std::atomic<uint64_t> denied_ = 0;
  WorkQueue readers_;
  WorkQueue long_readers_;
};

}  // namespace kansoku::aggregator
