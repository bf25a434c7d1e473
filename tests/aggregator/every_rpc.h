// SPDX-License-Identifier: Apache-2.0
//
// Every RPC of the services as a question that anyone can ask, about what is theirs and what is not.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/aggregator/secured_aggregator.h"

namespace kansoku::aggregator {

// Whose data a question is about: of tokyo, which is isp-a's; of osaka, which is isp-b's; or of whatever
// there is.
enum Target { kAll, kOwn, kForeign };

struct Outcome {
  grpc::StatusCode code = grpc::StatusCode::UNKNOWN;
  std::string message;
  std::string answer;  // as text
};

using Ask = std::function<Outcome(const std::shared_ptr<grpc::Channel>&, Target)>;

template <typename Request>
Request OfSampleTime() {
  Request request;
  request.mutable_range()->set_start_unix_seconds(kSampleStart);
  request.mutable_range()->set_end_unix_seconds(kSampleStart + kSampleWindows * kSampleWindowSeconds);
  return request;
}

// What a question is about: what was measured, of which everyone has a part; what was published, which is
// everyone's; or what published figures were computed from, which is of all ISPs together.
enum class Subject { kMeasured, kPublished, kNation };

struct Rpc {
  Ask ask;
  std::vector<Target> targets;  // that a request can name
  Subject subject = Subject::kMeasured;
};

// A row for every RPC of the services.
std::map<std::string, Rpc> Rpcs();

// Says Hello as tokyo, with a point that is its own or another's.
Outcome Report(const std::shared_ptr<grpc::Channel>& channel, Target target);

}  // namespace kansoku::aggregator
