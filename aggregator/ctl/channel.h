// SPDX-License-Identifier: Apache-2.0
//
// Connections to an aggregator, and what their errors mean. Any thread.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "aggregator/ctl/question.h"

namespace kansoku::aggregator {

// Connects with the first call.
absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(const Server& server);

void SetDeadline(const Server& server, grpc::ClientContext& context);

// How a call ended, with what to do about it. The code stays.
absl::Status Explain(const Server& server, const grpc::Status& status);

}  // namespace kansoku::aggregator
